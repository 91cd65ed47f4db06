import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** While the tests of a file run: a port of 127.0.0.1 where somebody says a line, gives back what comes, and hangs up. */
export function greeter(listens: (port: number) => void): void {
  const server = createServer((peer) => {
    peer.on('error', () => undefined);
    peer.write('SSH-2.0-test\r\n');
    peer.on('data', (data) => peer.end(data));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    listens((server.address() as AddressInfo).port);
  });
  afterAll(() => {
    server.close();
  });
}
