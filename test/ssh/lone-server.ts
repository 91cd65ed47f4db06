import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2';

/** What a made-up server does. */
export interface LoneServerOptions {
  config?: Partial<ServerConfig>;
  onAuth?(attempt: AuthContext): void;
  onClient?(client: Connection): void;
}

/** A server of ours, for what a real one never does; says what it was asked. */
export interface LoneServer {
  port: number;
  /** Methods of all login attempts, in order. */
  attempts: string[];
  connections: number;
  hostKey: { private: string; public: string };
  [Symbol.asyncDispose](): Promise<void>;
}

/** A key pair in OpenSSH's format. About one in 500 that ssh2 makes cannot be read by ssh2 itself, so it is looked at. */
export function newKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Starts an SSH server inside the test. It lets everyone in unless `onAuth` says otherwise. */
export async function startLoneServer({ config, onAuth, onClient }: LoneServerOptions = {}): Promise<LoneServer> {
  const hostKey = newKeyPair();
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.private], ...config }, (client) => {
    lone.connections++;
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => clients.delete(client));
    client.on('authentication', (attempt) => {
      lone.attempts.push(attempt.method);
      if (onAuth) onAuth(attempt);
      else attempt.accept();
    });
    onClient?.(client);
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lone: LoneServer = {
    port: (server.address() as AddressInfo).port,
    attempts: [],
    connections: 0,
    hostKey,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.end();
      server.close();
    },
  };
  return lone;
}
