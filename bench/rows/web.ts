import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { median, timed } from '../measure.ts';
import { type Bench, environment, play } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row, ratio } from '../row.ts';

const piece = Buffer.alloc(64 * 1024, 'play');

/** Pieces of a file of so many bytes; nobody holds it. */
function* file(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
}

function sumOf(bytes: number): string {
  const hash = createHash('sha256');
  for (const each of file(bytes)) hash.update(each);
  return `sha256:${hash.digest('hex')}`;
}

/** A download with its checksum by play, and one without by curl. */
async function download(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  if (!peers.has('play')) return [];
  const bytes = (quick ? 128 : 1024) * 1024 * 1024;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': bytes });
    Readable.from(file(bytes), { objectMode: false }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  const dest = join(bench.temp, 'download');
  const job = { book: 'gibibyte-download', hosts: 1, vars: { url, dest, checksum: sumOf(bytes) } };
  const times: Record<'play' | 'curl', number[]> = { play: [], curl: [] };
  let most = 0;
  try {
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const run = await play(bench, job);
      times.play.push(run.ms);
      most = Math.max(most, run.maxRssMiB);
      rmSync(dest);
      const curl = ['curl', '-sS', '-o', dest, url];
      times.curl.push(
        await timed({ argv: curl, env: environment(bench.farm.home), output: join(bench.temp, 'curl.out') }),
      );
      rmSync(dest);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  const work = `${bytes / 1024 / 1024} MiB from a web server`;
  const [mine, floor] = [median(times.play), median(times.curl)];
  note(`${work}: play ${duration(mine)}, ${most.toFixed(0)} MiB; curl ${duration(floor)}`);
  return [
    {
      work,
      cells: { play: duration(mine) },
      checks: [atMost('memory', 200, ' MiB', most, 0), atMost('of curl', 3, 'x', ratio(mine, floor))],
      notes: [`${work}: curl took ${duration(floor)}, without a checksum; play had ${most.toFixed(0)} MiB at most`],
    },
  ];
}

/** The rows that are about web servers. */
export const webRows: Row[] = [{ id: 'w', title: 'a large download', hosts: 1, run: download }];
