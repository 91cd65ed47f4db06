import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Exchange } from '../../network/exchange.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { allow, allowedIn, answered, from, ownAddress, portNumber, secondsOf } from '../shared/asked-machines.ts';
import { choice, flag, text } from '../shared/params.ts';
import { regexCompiler } from '../shared/regex.ts';

const params = Type.Object(
  {
    host: Type.Optional(text('A name or an address; the task’s host when not said.')),
    port: Type.Optional(portNumber('Its port.')),
    path: Type.Optional(text('Instead of them the path of a unix socket of whoever asks.')),
    protocol: Type.Optional(choice(['tcp', 'udp'], 'What is spoken.', 'tcp')),
    send: Type.Optional(Type.String({ description: 'Text that is sent first, as it stands.' })),
    send_hex: Type.Optional(text('Bytes that are sent first, in hexadecimal digits.')),
    expect: Type.Optional(
      text(
        'A regular expression that what comes back has to fit somewhere; it is read until it does, and the task fails when it never does. On a host without perl it is read until the other side closes or the time is up.',
      ),
    ),
    read: Type.Optional(
      choice(
        ['once', 'all', 'none'],
        'Without `expect`: `once` is over with the first bytes, `all` when the other side closes or the time is up, `none` reads nothing.',
        'once',
      ),
    ),
    tls: Type.Optional(flag('TLS over TCP.')),
    server_name: Type.Optional(text('The name that the certificate has to be for; `host` when not said.')),
    validate_certs: Type.Optional(flag('`false`: any certificate will do.', true)),
    ca_cert: Type.Optional(
      text('A file with the certificates that are believed, instead of the usual ones; it is of whoever asks.'),
    ),
    timeout: Type.Optional(secondsOf('Seconds for all of it; 10 when not said.')),
    max_bytes: Type.Optional(
      Type.Integer({ description: 'At most so much is read; 1 MiB when not said.', minimum: 1, maximum: 67_108_864 }),
    ),
    from: from('with its perl, bash or nc, for `tls` with its openssl: then the host is `localhost` when not said'),
    allow,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** Speaks to a port or a unix socket, from this machine or from the host. */
export const socket = {
  name: 'socket',
  on: 'both',
  summary: 'Bytes were sent to a socket, and what came back is known.',
  params,
  result: {
    received: 'What came back, as text.',
    hex: 'The same in hexadecimal digits.',
    bytes: 'How many bytes that were.',
    ended: 'Why no more was read: `enough`, `closed` by the other side, `timeout`, `full`.',
    groups: 'Of `expect`: what its named groups have matched.',
    time: 'Milliseconds; null where the program of the host does not tell.',
  },
  examples: [
    { socket: { host: 'mail1', port: 25, expect: '^220 (?P<name>\\S+)' }, register: 'mail' },
    { socket: { host: 'cache1', port: 6379, send: 'PING\r\n', expect: '^\\+PONG' } },
    { socket: { host: 'log1', port: 514, protocol: 'udp', send: '<14>play: deployed', read: 'none' } },
    {
      socket: { path: '/run/haproxy/admin.sock', send: 'show info\n', read: 'all', from: 'target' },
      become: true,
      register: 'info',
    },
  ],
  idempotent: false,
  telling: 'host',
  reads: { ca_cert: 'files' },
  readsUnless: 'from',
  exclusive: [
    ['host', 'path'],
    ['port', 'path'],
    ['send', 'send_hex'],
    ['expect', 'read'],
    ['path', 'tls'],
  ],
  requireOne: [['port', 'path']],
  async run(params, context) {
    checkArgs(socket, params);
    const { protocol = 'tcp', tls, path } = params;
    if (protocol === 'udp' && (tls || path !== undefined))
      throw badArgs('socket', 'udp goes with neither tls nor path');
    // What is sent may change something there; only looking at what a server says first cannot.
    if (context.check && (params.send ?? params.send_hex) !== undefined)
      return { changed: true, fields: {}, unknown: 'a check sends nothing, so what would come back is not known' };
    return answered(() => speak(params, context));
  },
} satisfies BothModule<typeof params>;

async function speak(params: Params, context: BothContext): Promise<ControllerResult> {
  const { path, read = 'once', timeout = 10, send, send_hex: hex } = params;
  const { hexBytes } = await import('../../packets/fields.ts');
  const regex =
    params.expect === undefined ? undefined : (await regexCompiler('socket'))('expect', params.expect, 'lines');
  const host = params.host ?? (params.from === 'target' ? 'localhost' : ownAddress(context));
  const name = path ?? `${host} port ${params.port}`;
  const job = {
    name,
    protocol: params.protocol ?? 'tcp',
    send: hex === undefined ? Buffer.from(send ?? '') : hexBytes(hex),
    timeout: timeout * 1000,
    most: params.max_bytes ?? 1_048_576,
  };
  const until = regex ? (bytes: Buffer) => regex.test(bytes.toString('utf8')) : read;
  const { received, ended, time } = await (params.from === 'target'
    ? fromHost({ ...job, host, params }, context)
    : fromHere({ ...job, host, params, until }, context));
  const answer = received.toString('utf8');
  const match = regex?.find(answer);
  const groups = Object.fromEntries((regex?.groupNames ?? []).map((group) => [group, match?.group(group) ?? null]));
  const fields = { received: answer, hex: received.toString('hex'), bytes: received.length, ended, groups, time };
  const changed = (send ?? hex) !== undefined;
  if (regex && !match) {
    const got = answer === '' ? 'nothing came back' : `what came back is "${answer.slice(0, 200).trim()}"`;
    return { changed, fields, failed: `${name}: nothing fits ${params.expect}; ${got}` };
  }
  if (!regex && read === 'once' && received.length === 0)
    return {
      changed,
      fields,
      failed: `${name}: ${ended === 'closed' ? 'closed without an answer' : `no answer in ${timeout} s`}`,
    };
  return { changed, fields, message: `${received.length} bytes` };
}

interface Talk extends Pick<Exchange, 'name' | 'protocol' | 'send' | 'timeout' | 'most'> {
  host: string;
  params: Params;
}

async function fromHere({ host, params, ...job }: Talk & Pick<Exchange, 'until'>, context: BothContext) {
  const { addressesOf } = await import('../../network/allow.ts');
  const { exchange } = await import('../../network/exchange.ts');
  const { path, port = 0, ca_cert: ca } = params;
  const address = async () => (await addressesOf(host, await allowedIn(context, params.allow)))[0] ?? host;
  return exchange({
    ...job,
    to: path === undefined ? { address: await address(), port } : { path },
    ...(params.tls && {
      tls: {
        serverName: params.server_name ?? host,
        verify: params.validate_certs !== false,
        ...(ca !== undefined && { ca: await context.readFile(ca, 'files') }),
      },
    }),
    signal: context.signal,
  });
}

/** Whether what has come fits is known there only to perl, which looks at it in its own way: what counts is looked at here once more. */
async function fromHost({ host, params, ...job }: Talk, context: BothContext) {
  const { addressFromHost } = await import('../../network/allow.ts');
  const { exchangeOnHost } = await import('../shared/host-exchange.ts');
  const { tlsOptions } = await import('../shared/host-tls.ts');
  const { path, port = 0, expect: fits = '' } = params;
  if (path !== undefined && !path.startsWith('/'))
    throw badArgs('socket', `path "${path}" is of the host, and not absolute`, 'write /its/whole/path');
  const address = path ?? (await addressFromHost(host, await allowedIn(context, params.allow)));
  const serverName = params.server_name ?? host;
  const verify = params.validate_certs !== false;
  return exchangeOnHost(
    {
      ...job,
      to: path === undefined ? { address, port } : { path },
      read: fits === '' ? (params.read ?? 'once') : 'all',
      fits,
      ...(params.tls && {
        tls: tlsOptions({ module: 'socket', address, port, serverName, verify, ca: params.ca_cert }),
      }),
      reads: job.send.length === 0,
    },
    context,
  );
}
