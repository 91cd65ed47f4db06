import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answer, surroundings } from './asking.ts';

/* Files that go to a server which takes its time, or breaks off. */
const content = Buffer.alloc(24 * 1024 * 1024, 'play ');
const sum = createHash('sha256').update(content).digest('hex');
let dir = '';
let server: Server;
let url = '';
/** Connections that are still to be broken off. */
let breaks = 0;
/** Milliseconds for which nothing is read at the beginning. */
let rest = 0;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'play-http-'));
  writeFileSync(join(dir, 'big.bin'), content);
  [breaks, rest] = [0, 0];
  server = createServer((request, response) => {
    const hash = createHash('sha256');
    let bytes = 0;
    const read = (): void => {
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        hash.update(chunk);
        if (breaks > 0 && bytes > 1024 * 1024) {
          breaks -= 1;
          request.socket.destroy();
        }
      });
      request.on('end', () =>
        response.end(JSON.stringify({ bytes, sum: hash.digest('hex'), length: request.headers['content-length'] })),
      );
    };
    setTimeout(read, rest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(dir, { recursive: true, force: true });
});

/** Sends the file, and gives what the server has seen and what was told on the way. */
async function sent(params: object): Promise<{ seen: unknown; attempts: unknown; lines: string[] }> {
  const lines: string[] = [];
  const context = surroundings({ dir, more: { progress: (line) => lines.push(line) } });
  const { json, attempts } = await answer({ url, ...params }, context);
  return { seen: json, attempts, lines };
}

test('an upload tells from time to time how far it is', async () => {
  rest = 2_200;
  const { seen, lines } = await sent({ method: 'PUT', src: 'big.bin' });
  expect(seen).toEqual({ bytes: content.length, sum, length: String(content.length) });
  expect(lines[0]).toMatch(/^\d+\.\d MiB sent, \d\d? %$/);
});

test('a form with a file does so, too, and knows how long it is', async () => {
  rest = 2_200;
  const { seen, lines } = await sent({ multipart: { note: 'x', file: { file: 'big.bin' } } });
  expect(seen).toMatchObject({ length: String((seen as { bytes: number }).bytes) });
  expect(lines[0]).toMatch(/ MiB sent, \d\d? %$/);
});

test('the next attempt sends the file from its beginning', async () => {
  breaks = 1;
  const { seen, attempts } = await sent({ method: 'PUT', src: 'big.bin', retry: { delay: 0.01 } });
  expect(seen).toMatchObject({ bytes: content.length, sum });
  expect(attempts).toBe(2);
});
