import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What a web address was told. */
export interface Told {
  path: string;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  body: any;
}

/** A web address that keeps what it is told; it answers 500 below `/bad`, a redirect below `/away` and nothing below `/mute`. */
export async function startHook(): Promise<{ url: string; told: Told[]; [Symbol.asyncDispose](): Promise<void> }> {
  const told: Told[] = [];
  const server = createServer(async (request, answer) => {
    const path = request.url ?? '';
    told.push({ path, headers: request.headers, body: await json(request) });
    if (path.startsWith('/mute')) return;
    const status = path.startsWith('/bad') ? 500 : path.startsWith('/away') ? 302 : 200;
    answer.writeHead(status, status === 302 ? { Location: '/other' } : {}).end(status === 500 ? 'no\nthanks' : 'ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
