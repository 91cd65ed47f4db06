import { lookup } from 'node:dns';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { isLocalAddress, isLocalHost } from './addresses.ts';
import { type Connections, connectionsOf } from './connections.ts';
import { faultOf, localFault } from './faults.ts';
import type { Header, HttpAnswer, Sender, SendOptions } from './message.ts';
import { type Encoded, encode } from './payload.ts';
import { limitTime } from './time-limits.ts';
import type { Way } from './way.ts';

/** A rest of a body up to this size is read, so that the connection can be used again. */
const shortRest = 64 * 1024;

/** Sends from this machine, by Node's own client. Connections are kept until it is closed. */
export function createNodeSender(way: Way): Sender {
  let ready: Promise<Connections> | undefined;
  return {
    async send(request, { notLocal, signal, sent }): Promise<HttpAnswer> {
      const { url } = request;
      if (notLocal && way.unixSocket === undefined && isLocalHost(url)) throw localFault(url.hostname);
      const encoded = request.payload && (await encode(request.payload));
      ready ??= connectionsOf(way);
      const connections = await ready;
      const told = (error: unknown): Error => faultOf(error, { url, way, signal });
      const sendOnce = async (): Promise<HttpAnswer> => {
        const begun = await connections.begin(url, {
          method: request.method,
          headers: Object.fromEntries([...request.headers, ...(encoded?.headers ?? [])]),
          signal,
          // A proxy looks names up itself, and may be here.
          ...(notLocal && way.proxy === undefined && { lookup: lookupElsewhere }),
        });
        const answer = await answered(begun, { way, payload: encoded, sent });
        return { ...headOf(answer), body: read(answer, told), drop: () => drop(answer) };
      };
      try {
        return await sendOnce();
      } catch (error) {
        // The server has closed a connection that it had kept; nothing of the request was read.
        if (error instanceof StaleConnection && !encoded)
          return sendOnce().catch((again) => Promise.reject(told(again)));
        throw told(error);
      }
    },
    close: async () => (await ready?.catch(() => undefined))?.close(),
  };
}

/** A connection that was kept from an earlier request, and is closed by now. */
class StaleConnection extends Error {
  override name = 'StaleConnection';
}

/** Sends the payload and waits for the head of the answer. */
async function answered(
  request: ClientRequest,
  { way, payload, sent }: { way: Way; payload: Encoded | undefined; sent: SendOptions['sent'] },
): Promise<IncomingMessage> {
  const connected = limitTime(request, way);
  const answer = once(request, 'response') as Promise<[IncomingMessage]>;
  // Faults after the answer has begun are those of its body.
  request.on('error', () => undefined);
  if (payload) pipeline(Readable.from(counted(payload, sent), { objectMode: false }), request, () => undefined);
  else request.end();
  try {
    return (await answer)[0];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE'))
      throw new StaleConnection('closed meanwhile', { cause: error });
    throw error;
  } finally {
    connected();
  }
}

/** The bytes of a payload; how many have been taken is told on the way. */
async function* counted({ open, size }: Encoded, sent: SendOptions['sent']): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of open()) {
    yield chunk;
    bytes += chunk.length;
    sent?.(bytes, size);
  }
}

function headOf(answer: IncomingMessage): Omit<HttpAnswer, 'body' | 'drop'> {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2)
    headers.push([answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '']);
  return { status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', headers };
}

async function* read(answer: IncomingMessage, told: (error: unknown) => Error): AsyncIterable<Uint8Array> {
  try {
    yield* answer;
  } catch (error) {
    throw told(error);
  }
  if (!answer.complete) throw told(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
}

async function drop(answer: IncomingMessage): Promise<void> {
  const length = answer.headers['content-length'];
  if (length === undefined || Number(length) > shortRest) return void answer.destroy();
  answer.resume();
  await once(answer, 'close').catch(() => undefined);
}

/** The usual look-up; an answer that holds a local address is none. What is connected to is exactly what was looked at. */
const lookupElsewhere: LookupFunction = (hostname, options, done) => {
  lookup(hostname, options, (error, found, family) => {
    const all = Array.isArray(found) ? found.map(({ address }) => address) : [found];
    const bad = error ? undefined : all.find((address) => isLocalAddress(address));
    if (bad !== undefined) done(localFault(hostname, bad), '', 0);
    else done(error, found, family);
  });
};
