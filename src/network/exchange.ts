import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { NetworkError, reasonOf } from './network-error.ts';

/** Bytes for another machine, and what is waited for. */
export interface Exchange {
  /** As the task has it, for messages. */
  name: string;
  /** An address and a port, or the path of a socket. */
  to: { address: string; port: number } | { path: string };
  protocol: 'tcp' | 'udp';
  /** TLS over TCP, and the name that the certificate has to be for. */
  tls?: { serverName: string; verify: boolean; ca?: Uint8Array };
  send: Buffer;
  /** When enough has come; `once`: with the first bytes, `all`: when the other side closes, `none`: nothing is waited for. */
  until: 'once' | 'all' | 'none' | ((received: Buffer) => boolean);
  /** Milliseconds for all of it. */
  timeout: number;
  /** No more than so many bytes are kept. */
  most: number;
  signal: AbortSignal;
}

/** What came back, and why no more was waited for. */
export interface Exchanged {
  received: Buffer;
  ended: 'enough' | 'closed' | 'timeout' | 'full';
  /** Milliseconds; null where they were not taken. */
  time: number | null;
}

/** Sends and reads. A time that runs out is an answer; throws NetworkError when there is no connection. */
export async function exchange(job: Exchange): Promise<Exchanged> {
  const started = performance.now();
  const { received, ended } = job.protocol === 'udp' ? await overUdp(job) : await overStream(job);
  return { received, ended, time: Math.round((performance.now() - started) * 10) / 10 };
}

type Ending = Omit<Exchanged, 'time'>;

function isEnough(received: Buffer, until: Exchange['until']): boolean {
  return typeof until === 'function' ? until(received) : until === 'once' && received.length > 0;
}

function overStream({ name, to, tls, send, until, timeout, most, signal }: Exchange): Promise<Ending> {
  const plain = 'path' in to ? connect({ path: to.path }) : connect({ host: to.address, port: to.port });
  const isName = tls !== undefined && isIP(tls.serverName) === 0;
  const socket = tls
    ? tlsConnect({
        socket: plain,
        rejectUnauthorized: tls.verify,
        ...(isName && { servername: tls.serverName }),
        ...(tls.ca && { ca: Buffer.from(tls.ca) }),
      })
    : plain;
  let received: Buffer = Buffer.alloc(0);
  let isConnected = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = (): void => {};
  return new Promise<Ending>((resolve, reject) => {
    const fail = (reason: string): void => reject(new NetworkError(`${name}: ${reason}`));
    const broken = (error: Error): void =>
      isConnected && received.length > 0 ? resolve({ received, ended: 'closed' }) : fail(reasonOf(error));
    timer = setTimeout(
      () => (isConnected ? resolve({ received, ended: 'timeout' }) : fail(`no answer in ${timeout / 1000} s`)),
      timeout,
    );
    stopped = () => fail('interrupted');
    signal.addEventListener('abort', stopped, { once: true });
    plain.on('error', broken);
    if (socket !== plain) socket.on('error', broken);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      isConnected = true;
      if (until === 'none') socket.end(send, () => resolve({ received, ended: 'enough' }));
      else if (send.length > 0) socket.write(send);
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= most) resolve({ received: received.subarray(0, most), ended: 'full' });
      else if (isEnough(received, until)) resolve({ received, ended: 'enough' });
    });
    socket.on('end', () => resolve({ received, ended: 'closed' }));
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stopped);
    socket.destroy();
    plain.destroy();
  });
}

function overUdp({ name, to, send, until, timeout, most, signal }: Exchange): Promise<Ending> {
  if ('path' in to) throw new NetworkError(`${name}: a path is for a stream, not for udp`);
  const socket = createSocket(isIP(to.address) === 6 ? 'udp6' : 'udp4');
  let received: Buffer = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  let stopped = (): void => {};
  return new Promise<Ending>((resolve, reject) => {
    const fail = (reason: string): void => reject(new NetworkError(`${name}: ${reason}`));
    timer = setTimeout(() => resolve({ received, ended: 'timeout' }), timeout);
    stopped = () => fail('interrupted');
    signal.addEventListener('abort', stopped, { once: true });
    socket.on('error', (error) => fail(reasonOf(error)));
    socket.on('message', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= most) resolve({ received: received.subarray(0, most), ended: 'full' });
      else if (isEnough(received, until)) resolve({ received, ended: 'enough' });
    });
    socket.connect(to.port, to.address, () =>
      socket.send(send, () => {
        if (until === 'none') resolve({ received, ended: 'enough' });
      }),
    );
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stopped);
    socket.close();
  });
}
