import { readFile } from 'node:fs/promises';
import type { ClientRequest, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { HttpFault } from './message.ts';
import { limitTime } from './time-limits.ts';
import type { Way } from './way.ts';

/** The connections of one way to servers. */
export interface Connections {
  /** Begins a request. */
  begin(url: URL, options: RequestOptions): Promise<ClientRequest>;
  close(): void;
}

type Tls = SecureContextOptions & { rejectUnauthorized: boolean };

/** Reads what the way needs. Throws HttpFault when a file of it is not there. */
export async function connectionsOf(way: Way): Promise<Connections> {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  const tls: Tls = {
    rejectUnauthorized: way.verify,
    ...(way.ca !== undefined && { ca: await pem(way.ca, 'ca') }),
    ...(way.cert !== undefined && { cert: await pem(way.cert, 'cert') }),
    ...(way.cert !== undefined && { key: await pem(way.key ?? way.cert, 'key') }),
  };
  const kept = { keepAlive: true, maxSockets: 1 };
  const agents = { http: new http.Agent(kept), https: new https.Agent({ ...kept, ...tls }) };
  const direct = (url: URL, options: RequestOptions): ClientRequest => {
    const to: RequestOptions = {
      ...(way.unixSocket === undefined ? addressOf(url) : { socketPath: way.unixSocket }),
      path: url.pathname + url.search,
      // 250 ms, which is usual, are too few where a server is far away.
      ...{ autoSelectFamilyAttemptTimeout: 2_000 },
      ...options,
      headers: { Host: url.host, ...options.headers },
    };
    return url.protocol === 'https:'
      ? https.request({ ...to, agent: agents.https, servername: nameOf(url) })
      : http.request({ ...to, agent: agents.http });
  };

  /** RFC 9112, section 3.2.2: a proxy is asked for the whole URL. */
  const byProxy = (proxy: URL, url: URL, options: RequestOptions): ClientRequest => {
    const headers = { Host: url.host, ...credentials(proxy), ...options.headers };
    const to = { ...options, ...addressOf(proxy), path: `${url.origin}${url.pathname}${url.search}`, headers };
    return proxy.protocol === 'https:'
      ? https.request({ ...to, agent: agents.https, servername: nameOf(proxy) })
      : http.request({ ...to, agent: agents.http });
  };

  /** RFC 9110, section 9.3.6: what goes through is encrypted for the server. */
  const byTunnel = async (proxy: URL, url: URL, options: RequestOptions): Promise<ClientRequest> => {
    const { connect } = await import('node:tls');
    const to = `${url.hostname}:${url.port || 443}`;
    const asking = direct(new URL(proxy.origin), {
      ...options,
      method: 'CONNECT',
      path: to,
      headers: { Host: to, ...credentials(proxy) },
    });
    const watched = limitTime(asking, way);
    const socket = await tunnel(asking, to).finally(watched);
    socket.setTimeout(0);
    const { host = '' } = addressOf(url);
    const secured = connect({ ...tls, socket, host: host ?? '', servername: nameOf(url) });
    return https.request({
      ...options,
      path: url.pathname + url.search,
      headers: { Host: url.host, ...options.headers },
      createConnection: () => secured,
    });
  };

  return {
    async begin(url, options) {
      if (way.proxy === undefined) return direct(url, options);
      const proxy = new URL(way.proxy);
      return url.protocol === 'https:' ? byTunnel(proxy, url, options) : byProxy(proxy, url, options);
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function tunnel(asking: ClientRequest, to: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    asking.once('error', reject);
    asking.once('response', (answer) => {
      answer.destroy();
      reject(new HttpFault(`the proxy refuses a tunnel to ${to}: ${answer.statusCode} ${answer.statusMessage}`));
    });
    asking.once('connect', (answer, socket: Socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new HttpFault(`the proxy refuses a tunnel to ${to}: ${answer.statusCode} ${answer.statusMessage}`));
    });
    asking.end();
  });
}

function addressOf(url: URL): RequestOptions {
  const port = url.port || (url.protocol === 'https:' ? 443 : 80);
  return { protocol: url.protocol, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

/** What the certificate has to be for; an address is no name for SNI (RFC 6066, section 3). */
function nameOf(url: URL): string {
  return /^\[|^[\d.]+$/.test(url.hostname) ? '' : url.hostname;
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const account = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { 'Proxy-Authorization': `Basic ${account.toString('base64')}` };
}

async function pem(path: string, param: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new HttpFault(`${param}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
