import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnsQuery } from '../../src/modules/both/dns_query.ts';
import { portCheck } from '../../src/modules/both/port_check.ts';
import { portScan } from '../../src/modules/both/port_scan.ts';
import { socket } from '../../src/modules/both/socket.ts';
import { findShells } from '../modules/rig/shells.ts';
import { hostWith } from './host-here.ts';
import { taskContext } from './task-context.ts';

/* What hosts with few tools see of ports, and what they say to them: the same as this machine does. */

const { shells, pathOf, remove } = findShells();
afterAll(remove);
const path = (tools: string[]): string => pathOf('ash', tools);
const shellOf = (name: string): string[] => [shells.find(([each]) => each === name)?.[1] ?? name];

let port = 0;
let names = 0;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  const server = createServer((peer) => {
    peer.on('error', () => undefined);
    peer.write('220 ready\n');
    peer.on('data', (data) => {
      peer.write('got ');
      setTimeout(() => peer.end(data), 100);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const udp = createSocket('udp4');
  udp.on('message', (message, from) =>
    udp.send(Buffer.concat([Buffer.from('udp '), message]), from.port, from.address),
  );
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  closers.push(
    () => server.close(),
    () => udp.close(),
  );
});
afterAll(() => {
  for (const close of closers) close();
});

/** A server of names, over UDP and TCP. */
beforeAll(async () => {
  const answerTo = (message: Buffer): Buffer => {
    const query = decode(message);
    const name = query.questions?.[0]?.name ?? '';
    const answers = [{ type: 'A' as const, name, ttl: 60, data: '192.0.2.7' }];
    return encode({ ...query, type: 'response', ...(name.startsWith('no.') ? { flags: 3 } : { answers }) });
  };
  const tcp = createServer((peer) =>
    // In pieces, and the connection stays open.
    peer.on('data', (data) => {
      const answer = answerTo(data.subarray(2));
      peer.write(Buffer.from([answer.length >> 8, answer.length & 255]));
      setTimeout(() => peer.write(answer), 50);
    }),
  );
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  names = (tcp.address() as AddressInfo).port;
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => udp.send(answerTo(message), from.port, from.address));
  await new Promise<void>((resolve) => udp.bind(names, '127.0.0.1', resolve));
  closers.push(
    () => tcp.close(),
    () => udp.close(),
  );
});

describe.each([
  ['perl', 'dash'],
  ['perl', 'mksh'],
  ['bash', 'dash'],
  ['bash', 'ash'],
  ['nc of busybox', 'ash'],
  ['nc of busybox', 'mksh'],
])('with %s, under %s', (tool, shell) => {
  const tools = tool === 'nc of busybox' ? [] : [tool];
  const context = () => taskContext({ visit: hostWith(shellOf(shell), path(tools)) });
  const check = (params: object) => portCheck.run({ timeout: 2, from: 'target', ...params } as never, context());
  const speak = (params: object) => socket.run({ port, timeout: 3, from: 'target', ...params } as never, context());
  const ask = (params: object) =>
    dnsQuery.run({ server: '127.0.0.1', port: names, timeout: 3, from: 'target', ...params } as never, context());

  test('ports are open or not, and it says why', async () => {
    const { fields, failed } = await check({
      host: ['localhost', 'nowhere.invalid'],
      port: [port, 3],
      allow: ['nowhere.invalid'],
    });
    const rows = fields['ports'] as {
      host: string;
      port: number;
      state: string;
      reason: string;
      time: number | null;
    }[];
    expect(rows.map(({ time, ...row }) => row)).toEqual([
      { host: 'localhost', address: 'localhost', port, state: 'open', reason: '' },
      { host: 'localhost', address: 'localhost', port: 3, state: 'closed', reason: 'nothing listens there (refused)' },
      {
        host: 'nowhere.invalid',
        address: 'nowhere.invalid',
        port,
        state: 'filtered',
        reason: expect.stringMatching(/^the name /),
      },
      {
        host: 'nowhere.invalid',
        address: 'nowhere.invalid',
        port: 3,
        state: 'filtered',
        reason: expect.stringMatching(/^the name /),
      },
    ]);
    expect(failed).toContain('localhost port 3: nothing listens there (refused)');
    expect((await check({ port })).fields).toMatchObject({ open: 1 });
    expect((await check({ port: 3 })).failed).toBe('localhost port 3: nothing listens there (refused)');
    if (tool === 'perl') expect(rows[0]?.time).toBeGreaterThan(0);
  });

  test('many ports at once', async () => {
    const { fields } = await check({ port: `3-40,${port}`, state: 'any' });
    expect(fields).toMatchObject({ open: 1 });
    const rows = fields['ports'] as { state: string }[];
    expect(rows.filter(({ state }) => state === 'closed')).toHaveLength(38);
    const scan = await portScan.run({ ports: [3, port], from: 'target' } as never, context());
    expect(scan.fields).toMatchObject({ count: 1, closed: 1, open: [{ host: 'localhost', port, state: 'open' }] });
  });

  test('what is said and answered', async () => {
    expect((await speak({})).fields).toMatchObject({ received: '220 ready\n', ended: 'enough' });
    const whole = await speak({ send: "it's\n$(id) `id`\n", read: 'all' });
    expect(whole.fields).toMatchObject({ received: "220 ready\ngot it's\n$(id) `id`\n", ended: 'closed' });
    const bytes = await speak({ send_hex: '00 ff 0a 25 5c', read: 'all' });
    expect(bytes.fields).toMatchObject({ hex: `${Buffer.from('220 ready\ngot ').toString('hex')}00ff0a255c` });
    expect((await speak({ read: 'none', send: 'x' })).fields).toMatchObject({ received: '', ended: 'enough' });
  });

  test('until something fits', async () => {
    const { fields, failed } = await speak({ send: 'b-17', expect: 'got b-(?P<number>\\d+)' });
    expect(failed).toBeUndefined();
    expect(fields).toMatchObject({ groups: { number: '17' } });
    expect((await speak({ send: 'x', expect: 'nope' })).failed).toBe(
      `localhost port ${port}: nothing fits nope; what came back is "220 ready\ngot x"`,
    );
  });

  test('why there is no answer', async () => {
    expect((await speak({ port: 3 })).failed).toBe('localhost port 3: nothing listens there (refused)');
    expect((await speak({ host: 'nowhere.invalid', allow: ['nowhere.invalid'] })).failed).toMatch(
      /^nowhere.invalid port \d+: the name /,
    );
    expect((await speak({ port: names, send: '', timeout: 0.3 })).failed).toMatch(/: no answer in 0.3 s$/);
    expect((await speak({ path: '/nowhere/sock', port: undefined })).failed).toMatch(
      tool === 'perl' ? '/nowhere/sock: it is not there' : 'speaking to a unix socket needs perl on the host',
    );
  });

  test('a datagram, in one piece', async () => {
    const answer = await speak({ host: '127.0.0.1', protocol: 'udp', send: 'two\nlines\n' });
    if (tool === 'nc of busybox')
      expect(answer.failed).toBe('datagrams need perl or bash on the host; what it has speaks only TCP');
    else expect(answer.fields).toMatchObject({ received: 'udp two\nlines\n', ended: 'enough' });
  });

  test('names are asked for, over TCP where there are no datagrams', async () => {
    const protocol = tool === 'nc of busybox' ? 'tcp' : 'udp';
    const { failed, fields } = await ask({ name: 'www.example.com' });
    expect(failed).toBeUndefined();
    expect(fields).toMatchObject({ data: ['192.0.2.7'], rcode: 'NOERROR', protocol });
    expect((await ask({ name: 'www.example.com', protocol: 'tcp' })).fields).toMatchObject({
      data: ['192.0.2.7'],
      protocol: 'tcp',
    });
    expect((await ask({ name: 'no.example.com' })).failed).toBe('127.0.0.1 answers NXDOMAIN to A no.example.com');
    expect((await ask({ name: 'www.example.com', port: 3 })).failed).toBe(
      '127.0.0.1 port 3: nothing listens there (refused)',
    );
  });
});

describe('a host', () => {
  test('with nothing to connect with says so', async () => {
    const bare = pathOf('toybox', []);
    const context = taskContext({ visit: hostWith(shellOf('dash'), bare) });
    expect((await portCheck.run({ port: 22, from: 'target' } as never, context)).failed).toBe(
      'connecting needs perl, bash or nc on the host, and it has none of them',
    );
  });

  test('scans more ports than fit into one visit, and reads no banners', async () => {
    const context = taskContext({ visit: hostWith(shellOf('ash'), path([])) });
    const { fields } = await portScan.run({ ports: `1-520,${port}`, from: 'target', timeout: 1 } as never, context);
    expect(Number(fields['closed']) + Number(fields['count'])).toBe(521);
    expect(fields['open']).toContainEqual({ host: 'localhost', address: 'localhost', port, state: 'open', time: null });
    const asked = { ports: 22, from: 'target', banner: true };
    await expect(portScan.run(asked as never, context)).rejects.toThrow('banner is for a scan from the controller');
  });

  test('asks only who may be asked', async () => {
    const context = taskContext({ visit: hostWith(shellOf('dash'), path(['perl'])) });
    const asked = { from: 'target', port: 80, host: '198.51.100.1' };
    for (const answer of [await portCheck.run(asked as never, context), await socket.run(asked as never, context)])
      expect(answer.failed).toContain('198.51.100.1 is neither a host of the inventory nor allowed');
  });
});
