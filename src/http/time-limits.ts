import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Way } from './way.ts';

/** What ends a request for being late, told apart by these codes. */
export const tooLate = { connect: 'CONNECT_TIMEOUT', idle: 'IDLE_TIMEOUT' } as const;

/** Longest that a timer of Node holds. */
const longest = 2 ** 31 - 1;

/** Ends a request that has no connection in time, handshake included, or on which nothing happens. Gives what ends the watch over the connection. */
export function limitTime(request: ClientRequest, way: Pick<Way, 'connectTimeout' | 'idleTimeout'>): () => void {
  // The one that is read has to have the error: what hears of it by way of the other is told of a broken connection.
  let read: ClientRequest | IncomingMessage = request;
  request.once('response', (answer) => {
    read = answer;
  });
  const late = (code: string) => (): void => void read.destroy(Object.assign(new Error(code), { code }));
  const connecting = setTimeout(late(tooLate.connect), Math.min(way.connectTimeout, longest));
  const connected = (): void => clearTimeout(connecting);
  request.on('socket', (socket: Socket) => {
    if (request.reusedSocket) connected();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
  });
  request.setTimeout(Math.min(way.idleTimeout, longest), late(tooLate.idle));
  return connected;
}
