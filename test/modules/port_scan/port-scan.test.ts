import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portScan } from '../../../src/modules/controller/port_scan.ts';
import { taskContext } from '../../network/task-context.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((peer) => {
    peer.on('error', () => undefined);
    peer.write('SSH-2.0-test\r\n');
    peer.on('data', (data) => peer.end(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('port_scan tells what is open, and what that says', async () => {
  const { fields } = await portScan.run(
    { hosts: '127.0.0.0/30', ports: [3, port], banner: true, timeout: 1 },
    taskContext(),
  );
  expect(fields).toMatchObject({
    count: 1,
    closed: 3,
    open: [{ host: '127.0.0.1', port, state: 'open', banner: 'SSH-2.0-test' }],
  });
});
