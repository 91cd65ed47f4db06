import { createSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import type { Level } from '../model/log.ts';
import type { Sink } from './record.ts';
import { type SyslogOrigin, syslogMessage } from './syslog-message.ts';

/** Where a syslog receiver is. */
export type SyslogPlace =
  | { by: 'udp' | 'tcp'; host: string; port: number }
  /** A socket of the kind stream. */
  | { by: 'unix'; path: string };

/** RFC 5424, 6.1: every receiver should take 2048 bytes; over a stream more is usual. */
const MOST = { udp: 2048, tcp: 65_536, unix: 65_536 };
/** Milliseconds that a receiver may take at the beginning, and for the rest at the end. */
const PATIENCE = 10_000;

/** `udp://host:514`, `tcp://host:601`, `unix:/run/log.sock`; undefined for anything else. */
export function readSyslogPlace(text: string): SyslogPlace | undefined {
  const [, path] = /^unix:(?:\/\/)?(\/[^\0]+)$/.exec(text) ?? [];
  if (path !== undefined) return { by: 'unix', path };
  const [, by, bracketed, plain, port] =
    /^(udp|tcp):\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if ((by !== 'udp' && by !== 'tcp') || host === undefined || Number(port) > 65_535) return undefined;
  // RFC 5426 and RFC 6587.
  return { by, host, port: port === undefined ? (by === 'udp' ? 514 : 601) : Number(port) };
}

/** Sends records to a syslog receiver. */
export function syslogSink(place: SyslogPlace, origin: SyslogOrigin, least: Level): Sink {
  const encode = (record: Parameters<Sink['write']>[0]): Buffer => syslogMessage(record, origin, MOST[place.by]);
  const way = place.by === 'udp' ? byDatagram(place.host, place.port) : byStream(place);
  return { least, write: (record) => way.send(encode(record)), close: () => way.close() };
}

interface Way {
  send(message: Buffer): void;
  close(): Promise<void>;
}

/** A message a datagram (RFC 5426). What is lost on the way nobody knows. */
function byDatagram(host: string, port: number): Way {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
  let fault: Error | undefined;
  socket.on('error', (error) => {
    fault ??= error;
  });
  let open = Promise.resolve();
  return {
    send(message) {
      open = open.then(
        () =>
          new Promise((resolve) => {
            socket.send(message, port, host, (error) => {
              if (error) fault ??= error;
              resolve();
            });
          }),
      );
    },
    async close() {
      await open;
      socket.close();
      if (fault) throw new Error(words(fault));
    },
  };
}

/** Messages with their length before them, which may hold anything then (RFC 6587, 3.4.1: octet counting). */
function byStream(place: Exclude<SyslogPlace, { by: 'udp' }>): Way {
  const socket: Socket = place.by === 'unix' ? connect(place.path) : connect(place.port, place.host);
  let fault: Error | undefined;
  let isThere = false;
  socket.on('connect', () => {
    isThere = true;
    socket.setTimeout(0);
  });
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)));
  socket.on('error', (error) => {
    fault ??= error;
  });
  socket.on('close', () => {
    fault ??= isEnding ? undefined : new Error('it closed the connection');
  });
  // Nothing is read, and the other side must be able to end.
  socket.resume();
  let isEnding = false;
  return {
    send(message) {
      if (fault === undefined) socket.write(Buffer.concat([Buffer.from(`${message.length} `), message]));
    },
    close() {
      isEnding = true;
      return new Promise((resolve, reject) => {
        const settle = (): void => (fault ? reject(new Error(words(fault))) : resolve());
        if (socket.destroyed) return settle();
        socket.on('close', settle);
        socket.setTimeout(PATIENCE, () => socket.destroy(new Error('it did not take all in time')));
        socket.end(() => {
          // Everything is handed over; whether the other side ends its half is its own business.
          if (isThere) socket.destroy();
        });
      });
    },
  };
}

function words(error: Error & { code?: string }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOENT':
      return 'there is no such socket';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is not known';
    case 'EPROTOTYPE':
      return 'the socket takes datagrams, and only streams can be sent: use udp:// or tcp://';
    default:
      return error.message;
  }
}
