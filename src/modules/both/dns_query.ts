import { Type } from 'typebox';
import type { BothContext, BothModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import type { Carry, DnsQuestion } from '../../network/dns-query.ts';
import { sh } from '../../program/sh.ts';
import { allow, allowedIn, answered, from, portNumber, secondsOf } from '../shared/asked-machines.ts';
import { choice, flag, text } from '../shared/params.ts';

const types = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DNSKEY',
  'DS',
  'HINFO',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'SSHFP',
  'TLSA',
  'TXT',
  'ANY',
];

const params = Type.Object(
  {
    name: text('What is asked about: a name; for `PTR` also an address.'),
    type: Type.Optional(choice(types, 'Which records.', 'A')),
    server: Type.Optional(
      text(
        'The server that is asked: a name or an address; the first one of whoever asks that answers, when not said.',
      ),
    ),
    port: Type.Optional(portNumber('Its port; 53 when not said.')),
    protocol: Type.Optional(
      choice(['udp', 'tcp'], '`udp` goes on with `tcp` where an answer is too long for it.', 'udp'),
    ),
    recurse: Type.Optional(flag('The server asks others; `false`: it tells what it knows itself.', true)),
    timeout: Type.Optional(secondsOf('Seconds until the task fails; 5 when not said.')),
    fail_on_error: Type.Optional(
      flag('`false`: an answer such as NXDOMAIN is no failure, and no answer at all still is.', true),
    ),
    from: from('with its perl, bash or nc (which speaks only TCP in busybox)'),
    allow,
  },
  { additionalProperties: false },
);

/** Asks a server of names directly; `/etc/hosts` has no say. */
export const dnsQuery = {
  name: 'dns_query',
  on: 'both',
  summary: 'It is known what a name server says about a name.',
  params,
  result: {
    rcode: '`NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` or another word.',
    answers: 'Records: `name`, `type`, `ttl`, `data`. Texts are whole; of MX, SRV, SOA and others `data` has fields.',
    authorities: 'Records of the servers that are responsible.',
    additionals: 'Records that came with them.',
    data: 'Only the data of the records of the type that was asked for.',
    authoritative: 'The server is responsible for the name itself.',
    recursion_available: 'The server would ask others.',
    authentic: 'The server says that it has checked signatures.',
    name: 'The name as it was asked for.',
    type: 'Which records.',
    server: 'The address that was asked.',
    protocol: '`udp` or `tcp`.',
    time: 'Milliseconds; null where the program of the host does not tell.',
  },
  examples: [
    { dns_query: { name: 'www.example.com' }, register: 'www' },
    { dns_query: { name: 'example.com', type: 'MX', server: 'ns1' }, register: 'mx' },
    { name: 'what the host itself is told', dns_query: { name: 'db.internal', from: 'target' }, register: 'inside' },
    { dns_query: { name: '192.0.2.7', type: 'PTR', server: '192.0.2.53', allow: ['192.0.2.53'] }, register: 'who' },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'name',
  run: (params, context) =>
    answered(async () => {
      const { name, type = 'A', port = 53, protocol = 'udp', recurse = true, timeout = 5 } = params;
      const { askDns } = await import('../../network/dns-query.ts');
      const servers = await serversOf(params, context);
      const question = { name, type, port, protocol, recurse, timeout: timeout * 1000, signal: context.signal };
      const answer = await firstAnswer(servers, (server) =>
        params.from === 'target' ? askFromHost({ ...question, server }, context) : askDns({ ...question, server }),
      );
      const answers = answer['answers'] as { type: string; data: string }[];
      const data = answers.filter((one) => one.type === type || type === 'ANY').map((one) => one.data);
      const said = data.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ');
      const isBad = answer['rcode'] !== 'NOERROR' && params.fail_on_error !== false;
      return {
        changed: false,
        fields: { ...answer, data },
        message: said || String(answer['rcode'] === 'NOERROR' ? 'no such record' : answer['rcode']),
        ...(isBad && { failed: `${answer['server']} answers ${answer['rcode']} to ${type} ${name}` }),
      };
    }),
} satisfies BothModule<typeof params>;

/** The servers of this machine, and those of the host, may always be asked: every program there does. */
async function serversOf(
  { server, allow, from }: { server?: string; allow?: string[]; from?: string },
  context: BothContext,
): Promise<string[]> {
  const { addressesOf, addressFromHost } = await import('../../network/allow.ts');
  const { NetworkError } = await import('../../network/network-error.ts');
  if (server !== undefined) {
    const allowed = await allowedIn(context, allow);
    return from === 'target'
      ? [await addressFromHost(server, allowed)]
      : (await addressesOf(server, allowed)).slice(0, 1);
  }
  const { getServers } = await import('node:dns');
  const own = from === 'target' ? await serversOfHost(context) : getServers();
  const usable = own.filter((each) => !each.includes(']') && /^[0-9a-f.:]+$/i.test(each));
  const whose = from === 'target' ? 'the host' : 'this machine';
  if (usable.length === 0) throw new NetworkError(`${whose} has no name server; say which one to ask: server`);
  return usable;
}

/** As resolv.conf(5) names them. */
async function serversOfHost({ visit }: BothContext): Promise<string[]> {
  const run = sh`cat /etc/resolv.conf 2>/dev/null || true`;
  const [answer] = await visit([{ kind: 'action', reads: true, run }]);
  return [...String(answer?.stdout).matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, server = '']) => server);
}

/** Asks from the host, over TCP where what it has sends no datagrams. */
async function askFromHost(question: DnsQuestion, context: BothContext): Promise<Fields> {
  const { askDns, withLength } = await import('../../network/dns-query.ts');
  const { exchangeOnHost, OnlyTcpError } = await import('../shared/host-exchange.ts');
  const { NetworkError } = await import('../../network/network-error.ts');
  const { server, port, timeout } = question;
  const name = `${server} port ${port}`;
  const carry: Carry = async (message, protocol) => {
    // Datagrams get lost.
    const tries = protocol === 'udp' ? 3 : 1;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const { received, ended, time } = await exchangeOnHost(
        {
          name,
          to: { address: server, port },
          protocol,
          send: protocol === 'udp' ? message : withLength(message),
          read: protocol === 'udp' ? 'once' : 'dns',
          timeout: timeout / tries,
          most: 65_537,
          reads: true,
        },
        context,
      );
      if (received.length >= 12 && received.readUInt16BE(0) === message.readUInt16BE(0))
        return { bytes: received, time };
      if (ended === 'closed') throw new NetworkError(`${name}: the connection was closed before the answer`);
    }
    throw new NetworkError(`${name}: no answer in ${timeout / 1000} s`);
  };
  try {
    return await askDns(question, carry);
  } catch (error) {
    if (error instanceof OnlyTcpError) return askDns({ ...question, protocol: 'tcp' }, carry);
    throw error;
  }
}

/** The next one is asked when one does not answer. */
async function firstAnswer<T>(servers: readonly string[], ask: (server: string) => Promise<T>): Promise<T> {
  for (const server of servers.slice(0, -1)) {
    try {
      return await ask(server);
    } catch {}
  }
  return ask(servers.at(-1)!);
}
