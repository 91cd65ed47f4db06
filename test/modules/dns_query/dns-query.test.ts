import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnsQuery } from '../../../src/modules/both/dns_query.ts';
import { taskContext } from '../../network/task-context.ts';

const zone: Record<string, object[]> = {
  'A www.example.com': [{ type: 'A', name: 'www.example.com', ttl: 300, data: '192.0.2.7' }],
  'A alias.example.com': [
    { type: 'CNAME', name: 'alias.example.com', ttl: 60, data: 'www.example.com' },
    { type: 'A', name: 'www.example.com', ttl: 300, data: '192.0.2.7' },
  ],
  'AAAA www.example.com': [{ type: 'AAAA', name: 'www.example.com', ttl: 300, data: '2001:db8::7' }],
  'MX example.com': [
    { type: 'MX', name: 'example.com', ttl: 60, data: { preference: 10, exchange: 'mx.example.com' } },
  ],
  'TXT example.com': [{ type: 'TXT', name: 'example.com', ttl: 60, data: ['v=spf1 ', '-all'] }],
  'SRV _sip._tcp.example.com': [
    {
      type: 'SRV',
      name: '_sip._tcp.example.com',
      ttl: 60,
      data: { priority: 1, weight: 2, port: 5060, target: 'sip.example.com' },
    },
  ],
  'SOA example.com': [
    {
      type: 'SOA',
      name: 'example.com',
      ttl: 60,
      data: {
        mname: 'ns1.example.com',
        rname: 'root.example.com',
        serial: 7,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
      },
    },
  ],
  'PTR 7.2.0.192.in-addr.arpa': [{ type: 'PTR', name: '7.2.0.192.in-addr.arpa', ttl: 60, data: 'www.example.com' }],
  'PTR 7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': [
    { type: 'PTR', name: '7.0.ip6.arpa', ttl: 60, data: 'six.example.com' },
  ],
  'TXT long.example.com': Array.from({ length: 40 }, (_, i) => ({
    type: 'TXT',
    name: 'long.example.com',
    ttl: 1,
    data: [`${i}`.repeat(100)],
  })),
};

/** A server of names: what it is asked about decides how it behaves. */
function answerTo(message: Buffer, isDatagram: boolean): Buffer | undefined {
  const query = decode(message);
  const { name = '', type = 'A' } = query.questions?.[0] ?? {};
  if (name === 'silent.example.com') return undefined;
  if (name === 'broken.example.com')
    return Buffer.concat([message.subarray(0, 2), Buffer.from([0x80, 0]), Buffer.alloc(9, 0xff)]);
  const answers = zone[`${type} ${name}`];
  const isLong = isDatagram && name === 'long.example.com';
  const rcode = answers ? 0 : name.endsWith('example.com') ? 3 : 5;
  const answer = encode({
    ...query,
    type: 'response',
    flags: (isLong ? 0x0200 : 0) | 0x0400 | 0x0100 | rcode,
    answers: (isLong ? [] : (answers ?? [])) as never,
  });
  return answer;
}

let udp: Socket;
let tcp: Server;
let port: number;

beforeAll(async () => {
  udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const answer = answerTo(message, true);
    // An answer to another question comes first: it must not count.
    udp.send(Buffer.alloc(12), from.port, from.address);
    if (answer) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  port = udp.address().port;
  tcp = createServer((socket) =>
    socket.on('data', (data) => {
      const answer = answerTo(data.subarray(2), false);
      if (answer) socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
    }),
  );
  await new Promise<void>((resolve) => tcp.listen(port, '127.0.0.1', resolve));
});
afterAll(() => {
  udp.close();
  tcp.close();
});

const ask = (params: object) =>
  dnsQuery.run({ server: '127.0.0.1', port, timeout: 2, name: '', ...params } as never, taskContext());

describe('dns_query', () => {
  test.each([
    ['A', 'www.example.com', ['192.0.2.7']],
    ['A', 'alias.example.com', ['192.0.2.7']],
    ['AAAA', 'www.example.com', ['2001:db8::7']],
    ['MX', 'example.com', [{ preference: 10, exchange: 'mx.example.com' }]],
    ['TXT', 'example.com', ['v=spf1 -all']],
    ['SRV', '_sip._tcp.example.com', [{ priority: 1, weight: 2, port: 5060, target: 'sip.example.com' }]],
    ['PTR', '192.0.2.7', ['www.example.com']],
    ['PTR', '2001:db8::7', ['six.example.com']],
  ])('%s %s', async (type, name, data) => {
    for (const protocol of ['udp', 'tcp']) {
      const { failed, fields } = await ask({ type, name, protocol });
      expect(failed).toBeUndefined();
      expect(fields).toMatchObject({ rcode: 'NOERROR', data, protocol, authoritative: true, server: '127.0.0.1' });
    }
  });

  test('goes on over TCP when the answer is too long', async () => {
    const { fields } = await ask({ type: 'TXT', name: 'long.example.com' });
    expect(fields).toMatchObject({ protocol: 'tcp' });
    expect(fields['data']).toHaveLength(40);
  });

  test('fails when there is no such name, unless that may be', async () => {
    const name = 'nope.example.com';
    expect(await ask({ name })).toMatchObject({
      failed: '127.0.0.1 answers NXDOMAIN to A nope.example.com',
      fields: { rcode: 'NXDOMAIN', data: [] },
    });
    expect((await ask({ name, fail_on_error: false })).failed).toBeUndefined();
    expect(await ask({ name: 'example.org' })).toMatchObject({ fields: { rcode: 'REFUSED' } });
  });

  test('fails without an answer, and with one that cannot be read', async () => {
    expect(await ask({ name: 'silent.example.com', timeout: 0.3 })).toMatchObject({
      failed: `127.0.0.1 port ${port}: no answer in 0.3 s`,
    });
    expect(await ask({ name: 'broken.example.com' })).toMatchObject({ failed: '127.0.0.1: the answer cannot be read' });
    expect(await ask({ name: 'www.example.com', port: 3, protocol: 'tcp' })).toMatchObject({
      failed: '127.0.0.1 port 3: nothing listens there (refused)',
    });
  });

  test('asks no server that may not be asked', async () => {
    expect(await ask({ name: 'www.example.com', server: '198.51.100.1' })).toMatchObject({
      failed: expect.stringContaining('198.51.100.1 is neither a host of the inventory nor allowed'),
    });
  });
});
