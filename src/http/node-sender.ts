import { lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isLocalAddress, isLocalHost } from './addresses.ts';
import { faultOf, localFault } from './faults.ts';
import { type Header, type HttpAnswer, HttpFault, type Sender } from './message.ts';
import { encode } from './payload.ts';
import type { Way } from './way.ts';

/** Sends from this machine. Connections are kept until it is closed. */
export function createNodeSender(way: Way): Sender {
  const open = new Map<boolean, Promise<Dispatcher>>();
  return {
    async send({ method, url, headers, payload }, { notLocal, signal }): Promise<HttpAnswer> {
      if (notLocal && way.unixSocket === undefined && isLocalHost(url)) throw localFault(url.hostname);
      const encoded = payload && (await encode(payload));
      const dispatcher = open.get(notLocal) ?? dispatcherOf(way, notLocal);
      open.set(notLocal, dispatcher);
      try {
        const answer = await (await dispatcher).request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: method as Dispatcher.HttpMethod,
          headers: [...headers, ...(encoded?.headers ?? [])].flat(),
          body: encoded ? Readable.from(encoded.open(), { objectMode: false }) : null,
          responseHeaders: 'raw',
          headersTimeout: way.idleTimeout,
          bodyTimeout: way.idleTimeout,
          signal,
        });
        return {
          status: answer.statusCode,
          reason: answer.statusText,
          headers: pairs(answer.headers as unknown as string[]),
          body: told(answer.body, (error) => faultOf(error, { url, way, signal })),
          async drop() {
            // A short rest is read, so that the connection can be used again.
            await answer.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
          },
        };
      } catch (error) {
        throw faultOf(error, { url, way, signal });
      }
    },
    async close() {
      for (const each of open.values()) await each.then((one) => one.destroy()).catch(() => undefined);
    },
  };
}

async function dispatcherOf(way: Way, notLocal: boolean): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = (await import('undici')).default;
  const tls = {
    rejectUnauthorized: way.verify,
    ...(way.ca !== undefined && { ca: await pem(way.ca, 'ca') }),
    ...(way.cert !== undefined && { cert: await pem(way.cert, 'cert') }),
    ...((way.key ?? way.cert) !== undefined && { key: await pem(way.key ?? way.cert ?? '', 'key') }),
  };
  const connect = {
    ...tls,
    timeout: way.connectTimeout,
    // 250 ms, which is usual, are too few where a server is far away.
    autoSelectFamilyAttemptTimeout: 2_000,
    ...(notLocal && { lookup: lookupElsewhere }),
  };
  if (way.unixSocket !== undefined) return new Agent({ connect: { ...connect, socketPath: way.unixSocket } });
  if (way.proxy === undefined) return new Agent({ connect });
  return new ProxyAgent({
    uri: way.proxy,
    requestTls: tls,
    proxyTls: { ...tls, timeout: way.connectTimeout },
    // Plain http goes to the proxy as it is: many allow CONNECT only for https.
    proxyTunnel: false,
  });
}

async function pem(path: string, param: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new HttpFault(`${param}: ${error instanceof Error ? error.message : String(error)}`);
  }
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

function pairs(raw: readonly string[]): Header[] {
  const found: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return found;
}

async function* told(body: AsyncIterable<Uint8Array>, fault: (error: unknown) => Error): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw fault(error);
  }
}
