import { createSocket } from 'node:dgram';
import { createServer, isIP, type Socket } from 'node:net';
import type { Fields } from '../model/value.ts';
import { NetworkError, reasonOf } from './network-error.ts';

/** Where is listened, how often, and what is said. */
export interface Listening {
  address: string;
  /** 0: any that is free. */
  port: number;
  protocol: 'tcp' | 'udp';
  /** Over after so many. */
  count: number;
  /** Milliseconds. */
  timeout: number;
  reply?: Buffer;
  /** Milliseconds that a connection is read from after its last bytes. */
  quiet: number;
  /** No more than so many bytes of each are kept. */
  most: number;
  /** Whether one from there counts. */
  counts(address: string): boolean;
  signal: AbortSignal;
}

/** Listens until enough have come or the time is up; gives one row for each. Throws NetworkError when it cannot listen. */
export function listen(job: Listening): Promise<Fields[]> {
  return job.protocol === 'tcp' ? listenTcp(job) : listenUdp(job);
}

const rowOf = (from: { address?: string | undefined; port?: number | undefined }, data: Buffer): Fields => ({
  address: plainAddress(from.address ?? ''),
  port: from.port ?? 0,
  data: data.toString('utf8'),
  bytes: data.length,
  time: Date.now() / 1000,
});

/** An address of IPv4 that came through a socket of IPv6. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

function listenTcp({
  address,
  port,
  count,
  timeout,
  reply,
  quiet,
  most,
  counts,
  signal,
}: Listening): Promise<Fields[]> {
  const rows: Fields[] = [];
  const open = new Set<Socket>();
  const server = createServer();
  return new Promise<Fields[]>((resolve, reject) => {
    const timer = setTimeout(() => resolve(rows), timeout);
    const stopped = (): void => reject(new NetworkError('interrupted'));
    signal.addEventListener('abort', stopped, { once: true });
    server.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
    });
    server.on('error', (error) => reject(new NetworkError(`${address} port ${port}: ${reasonOf(error)}`)));
    server.on('connection', (socket) => {
      const from = { address: socket.remoteAddress, port: socket.remotePort };
      if (!counts(plainAddress(from.address ?? ''))) return void socket.destroy();
      open.add(socket);
      let data: Buffer = Buffer.alloc(0);
      let isOver = false;
      const over = (): void => {
        if (isOver) return;
        isOver = true;
        open.delete(socket);
        socket.end();
        rows.push(rowOf(from, data));
        if (rows.length >= count) resolve(rows);
      };
      socket.on('error', over);
      socket.on('end', over);
      socket.setTimeout(quiet, over);
      socket.on('data', (chunk) => {
        data = Buffer.concat([data, chunk]).subarray(0, most);
      });
      if (reply) socket.write(reply);
    });
    server.listen(port, address);
  }).finally(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
}

function listenUdp({ address, port, count, timeout, reply, most, counts, signal }: Listening): Promise<Fields[]> {
  const rows: Fields[] = [];
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  return new Promise<Fields[]>((resolve, reject) => {
    const timer = setTimeout(() => resolve(rows), timeout);
    const stopped = (): void => reject(new NetworkError('interrupted'));
    signal.addEventListener('abort', stopped, { once: true });
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
    });
    socket.on('error', (error) => reject(new NetworkError(`${address} port ${port}: ${reasonOf(error)}`)));
    socket.on('message', (data, from) => {
      if (!counts(from.address)) return;
      rows.push(rowOf(from, data.subarray(0, most)));
      const done = (): void => {
        if (rows.length >= count) resolve(rows);
      };
      if (reply) socket.send(reply, from.port, from.address, done);
      else done();
    });
    socket.bind(port, address);
  }).finally(() => socket.close());
}
