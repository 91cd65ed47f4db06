import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A request as a server got it. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server on loopback. */
export interface Server {
  /** Without a slash at the end. */
  url: string;
  port: number;
  seen: Seen[];
  /** The last request. */
  last(): Seen;
  close(): void;
}

/** Answers a request; the whole body has come. */
export type Answering = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;

/** Starts a server on a free port, on another address of loopback, or on a socket; with TLS when it has a certificate. */
export async function serve(
  answer: Answering,
  { tls, host = '127.0.0.1', socket }: { tls?: ServerOptions; host?: string; socket?: string } = {},
): Promise<Server> {
  const seen: Seen[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(Object.assign(request, { body }), response);
    });
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(0, host, resolve);
    else server.listen(socket, resolve);
  });
  const { port = 0 } = (typeof server.address() === 'string' ? {} : server.address()) as Partial<AddressInfo>;
  return {
    url: `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    seen,
    last: () => seen.at(-1) ?? { method: '', url: '', headers: {}, body: '' },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A proxy that forwards plain requests and opens tunnels; asks for `user:secret` when told to. */
export async function startProxy({ password }: { password?: string } = {}): Promise<Server> {
  const seen: Seen[] = [];
  const isWelcome = (request: IncomingMessage): boolean =>
    password === undefined || request.headers['proxy-authorization'] === `Basic ${btoa(`user:${password}`)}`;
  const note = (request: IncomingMessage): void => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: '' });
  };
  const server = createServer(async (request, response) => {
    note(request);
    if (!isWelcome(request)) return response.writeHead(407).end();
    const answer = await fetch(request.url ?? '', { method: request.method ?? 'GET' }).catch(() => undefined);
    if (!answer) return response.writeHead(502).end();
    response.writeHead(answer.status, { 'x-by': 'proxy' }).end(await answer.text());
  });
  server.on('connect', (request, client, head) => {
    note(request);
    if (!isWelcome(request)) return client.end('HTTP/1.1 407 No\r\n\r\n');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    last: () => seen.at(-1) ?? { method: '', url: '', headers: {}, body: '' },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An authority, a server's certificate for 127.0.0.1 and localhost, and a client's, as PEM files of a folder. */
export interface Certificates {
  dir: string;
  ca: string;
  clientCert: string;
  clientKey: string;
  /** For a server; with `asking` it wants a certificate of the client. */
  server(options?: { asking?: boolean; name?: 'server' | 'other' }): ServerOptions;
  remove(): void;
}

/** Makes certificates with openssl. */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'play-certs-'));
  mkdirSync(dir, { recursive: true });
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  const sign = (name: string, extension: string): void => {
    writeFileSync(join(dir, `${name}.ext`), extension);
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`, '-days', '2');
  };
  sign('server', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  sign('other', 'subjectAltName=DNS:other.example');
  sign('client', 'extendedKeyUsage=clientAuth');
  const file = (name: string): string => join(dir, name);
  return {
    dir,
    ca: file('ca.pem'),
    clientCert: file('client.pem'),
    clientKey: file('client.key'),
    server: ({ asking = false, name = 'server' } = {}) => ({
      cert: readFileSync(file(`${name}.pem`)),
      key: readFileSync(file(`${name}.key`)),
      ca: readFileSync(file('ca.pem')),
      requestCert: asking,
      rejectUnauthorized: asking,
    }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
