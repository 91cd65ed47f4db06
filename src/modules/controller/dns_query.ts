import { Type } from 'typebox';
import type { ControllerContext, ControllerModule } from '../../model/module.ts';
import { allow, allowedIn, answered, portNumber, secondsOf } from '../shared/asked-machines.ts';
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
      text('The server that is asked: a name or an address; the first of this machine that answers when not said.'),
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
    allow,
  },
  { additionalProperties: false },
);

/** Asks a server of names directly; the files of this machine (`/etc/hosts`) have no say. */
export const dnsQuery = {
  name: 'dns_query',
  on: 'controller',
  pure: false,
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
    time: 'Milliseconds.',
  },
  examples: [
    { dns_query: { name: 'www.example.com' }, register: 'www' },
    { dns_query: { name: 'example.com', type: 'MX', server: 'ns1' }, register: 'mx' },
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
      const answer = await firstAnswer(servers, (server) => askDns({ ...question, server }));
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
} satisfies ControllerModule<typeof params>;

/** The servers of this machine may always be asked: every program here does. */
async function serversOf(
  { server, allow }: { server?: string; allow?: string[] },
  context: ControllerContext,
): Promise<string[]> {
  if (server !== undefined) {
    const { addressesOf } = await import('../../network/allow.ts');
    return (await addressesOf(server, await allowedIn(context, allow))).slice(0, 1);
  }
  const { getServers } = await import('node:dns');
  const own = getServers().filter((each) => !each.includes(']') && /^[0-9a-f.:]+$/i.test(each));
  const { NetworkError } = await import('../../network/network-error.ts');
  if (own.length === 0) throw new NetworkError('this machine has no name server; say which one to ask: server');
  return own;
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
