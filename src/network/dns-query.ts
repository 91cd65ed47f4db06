import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import { decode, encode, type Packet, RECURSION_DESIRED, type RecordType } from 'dns-packet';
import type { Fields, Value } from '../model/value.ts';
import { ipBytes } from '../packets/addresses.ts';
import { plain } from '../packets/layers/dns.ts';
import { NetworkError, reasonOf } from './network-error.ts';

/** A question to a server of names. */
export interface DnsQuestion {
  name: string;
  type: string;
  server: string;
  port: number;
  protocol: 'udp' | 'tcp';
  /** Milliseconds. */
  timeout: number;
  /** Asks the server to ask others. */
  recurse: boolean;
  signal: AbortSignal;
}

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** Brings a message to the server and its answer back; `time` in milliseconds, null where it was not taken. Throws NetworkError. */
export type Carry = (message: Buffer, protocol: 'udp' | 'tcp') => Promise<{ bytes: Buffer; time: number | null }>;

/** Asks from this machine, or as `carry` does, and asks again over TCP when the answer is too long for a datagram. Throws NetworkError. */
export async function askDns(question: DnsQuestion, carry: Carry = fromHere(question)): Promise<Fields> {
  const id = randomInt(65_536);
  const name = question.type === 'PTR' ? reverseName(question.name) : question.name.replace(/\.$/, '');
  const message = encode({
    id,
    type: 'query',
    flags: question.recurse ? RECURSION_DESIRED : 0,
    questions: [{ name, type: question.type as RecordType }],
  });
  let { protocol } = question;
  let { bytes, time } = await carry(message, protocol);
  if (protocol === 'udp' && isTruncated(bytes)) {
    protocol = 'tcp';
    const whole = await carry(message, protocol);
    bytes = whole.bytes;
    time = time === null || whole.time === null ? null : time + whole.time;
  }
  const packet = read(bytes, question);
  const word = bytes.readUInt16BE(2);
  const { answers, authorities, additionals } = packet as unknown as Record<string, Value[]>;
  return {
    name,
    type: question.type,
    server: question.server,
    protocol,
    rcode: rcodes[word & 15] ?? String(word & 15),
    authoritative: (word & 0x0400) !== 0,
    recursion_available: (word & 0x0080) !== 0,
    authentic: (word & 0x0020) !== 0,
    answers: records(answers ?? []),
    authorities: records(authorities ?? []),
    additionals: records((additionals ?? []).filter((one) => (one as Fields)['type'] !== 'OPT')),
    time,
  };
}

function fromHere(question: DnsQuestion): Carry {
  return async (message, protocol) => {
    const started = performance.now();
    const bytes = await (protocol === 'udp' ? overUdp(message, question) : overTcp(message, question));
    return { bytes, time: Math.round((performance.now() - started) * 10) / 10 };
  };
}

/** A message as it stands in a stream: its length comes first. */
export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** `192.0.2.7` as `7.2.0.192.in-addr.arpa`; a name stays as it is. */
function reverseName(name: string): string {
  if (isIP(name) === 4) return `${name.split('.').reverse().join('.')}.in-addr.arpa`;
  if (isIP(name) !== 6) return name;
  return `${[...ipBytes(name).toString('hex')].reverse().join('.')}.ip6.arpa`;
}

const isTruncated = (bytes: Buffer): boolean => bytes.length >= 12 && (bytes.readUInt16BE(2) & 0x0200) !== 0;

function read(bytes: Buffer, { server }: DnsQuestion): Packet {
  try {
    return decode(bytes);
  } catch {
    throw new NetworkError(`${server}: the answer cannot be read`);
  }
}

/** One text of a TXT record is in pieces of 255 bytes; what they say is all of them together. */
function records(list: Value[]): Value {
  return list.map((record) => {
    const { name, type, ttl, data } = plain(record) as Fields;
    const whole = type === 'TXT' && Array.isArray(data) ? data.map(String).join('') : (data ?? null);
    return { name: name ?? '', type: type ?? '', ttl: ttl ?? 0, data: whole };
  });
}

/** Datagrams get lost: it is asked three times, each a third of the time. An answer to another question is passed over. */
function overUdp(message: Buffer, { server, port, timeout, signal }: DnsQuestion): Promise<Buffer> {
  const socket = createSocket(isIP(server) === 6 ? 'udp6' : 'udp4');
  return new Promise<Buffer>((resolve, reject) => {
    const fail = (reason: string): void => reject(new NetworkError(`${server} port ${port}: ${reason}`));
    const again = setInterval(() => socket.send(message), timeout / 3);
    const timer = setTimeout(() => fail(`no answer in ${timeout / 1000} s`), timeout);
    const stopped = (): void => fail('interrupted');
    signal.addEventListener('abort', stopped, { once: true });
    socket.on('error', (error) => fail(reasonOf(error)));
    socket.on('message', (bytes) => {
      if (bytes.length >= 12 && bytes.readUInt16BE(0) === message.readUInt16BE(0)) resolve(bytes);
    });
    // A connected socket takes answers of that server only, and is told when nothing listens there.
    socket.connect(port, server, () => socket.send(message));
    const end = (): void => {
      clearInterval(again);
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
    };
    socket.once('close', end);
  }).finally(() => socket.close());
}

function overTcp(message: Buffer, { server, port, timeout, signal }: DnsQuestion): Promise<Buffer> {
  const socket = connect({ host: server, port, signal });
  return new Promise<Buffer>((resolve, reject) => {
    const fail = (reason: string): void => reject(new NetworkError(`${server} port ${port}: ${reason}`));
    socket.setTimeout(timeout, () => fail(`no answer in ${timeout / 1000} s`));
    socket.on('error', (error) => fail(reasonOf(error)));
    socket.on('end', () => fail('the connection was closed before the answer'));
    socket.on('connect', () => socket.write(withLength(message)));
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0))
        resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
  }).finally(() => socket.destroy());
}
