import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Journal, openJournal } from '../../src/journal/open.ts';
import { readRun } from '../../src/journal/read.ts';
import { readOutput } from '../../src/journal/read-output.ts';
import type { RecordedStepEnd } from '../../src/journal/recorded.ts';
import { ring } from '../../src/journal/ring.ts';
import { stepEnd, tempState } from './temp-state.ts';

const state = tempState();
const RUN = '20261122-105601.123-a7f3';
const MIB = 1024 * 1024;

async function recorded(work: (journal: Journal) => void): Promise<{ dir: string; ends: RecordedStepEnd[] }> {
  const journal = openJournal({ ...state.place, run: RUN });
  work(journal);
  await journal.close();
  const { events } = await readRun(state.place);
  return { dir: journal.dir, ends: events.filter((event) => event.type === 'step-end') };
}

async function bytesOf(dir: string, end: RecordedStepEnd | undefined, stream: 'stdout' | 'stderr'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  if (end) for await (const chunk of readOutput(dir, end, stream)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the output of a step is kept exactly', () => {
  it('stands in the event when it is small text, also when a character came in two chunks', async () => {
    const { dir, ends } = await recorded((journal) => {
      journal.output('web1', '0/0', 'stdout', Buffer.from([0x67, 0x72, 0xc3]));
      journal.output('web1', '0/0', 'stdout', Buffer.from([0xb6, 0xc3, 0x9f, 0x65]));
      journal.record({
        type: 'step-output',
        t: 1,
        host: 'web1',
        step: '0/0',
        stream: 'stderr',
        data: Buffer.from('oh\r\n'),
      });
      journal.record(stepEnd('0/0', { stdout: 'shortened by the executor' }));
    });
    expect(ends[0]).toMatchObject({ stdout: 'größe', stdoutBytes: 7, stderr: 'oh\r\n', stderrBytes: 4 });
    expect(await readdir(join(dir, 'output'))).toEqual([]);
  });

  it('goes into a file when it is no text', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { dir, ends } = await recorded((journal) => {
      journal.output('web1', '0/0', 'stdout', all);
      journal.record(stepEnd('0/0'));
    });
    expect(ends[0]?.stdout).toBeUndefined();
    expect(ends[0]).toMatchObject({ stdoutFile: 'output/000001-web1-0_0.stdout', stdoutBytes: 256 });
    expect(await bytesOf(dir, ends[0], 'stdout')).toEqual(all);
  });

  it('keeps what a step in Node says, which never came as output', async () => {
    const { dir, ends } = await recorded((journal) => {
      journal.record(stepEnd('0/0', { stdout: 'short' }));
      journal.record(stepEnd('0/1', { stdout: 'long '.repeat(2000) }));
      journal.record(stepEnd('0/2'));
    });
    expect(ends[0]).toMatchObject({ stdout: 'short', stdoutBytes: 5 });
    expect(ends[1]).toMatchObject({ stdoutBytes: 10_000, stdoutFile: 'output/000001-web1-0_1.stdout' });
    expect((await bytesOf(dir, ends[1], 'stdout')).toString()).toBe('long '.repeat(2000));
    expect(ends[2]).toEqual(stepEnd('0/2'));
  });

  it('survives any way of cutting it into chunks', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 6000 }), { maxLength: 8 });
    const cases = fc.sample(fc.tuple(chunks, chunks), { numRuns: 40, seed: 7 });
    const { dir, ends } = await recorded((journal) => {
      cases.forEach(([out, err], i) => {
        for (const chunk of out) journal.output('web1', `0/${i}`, 'stdout', chunk);
        for (const chunk of err) journal.output('web1', `0/${i}`, 'stderr', chunk);
        journal.record(stepEnd(`0/${i}`));
      });
    });
    for (const [i, [out, err]] of cases.entries()) {
      expect(await bytesOf(dir, ends[i], 'stdout')).toEqual(Buffer.concat(out));
      expect(await bytesOf(dir, ends[i], 'stderr')).toEqual(Buffer.concat(err));
    }
  });

  it('keeps a hundred steps apart that write at once', async () => {
    const hosts = Array.from({ length: 100 }, (_, i) => `../web${i}\n`);
    const { dir, ends } = await recorded((journal) => {
      for (let round = 0; round < 20; round++)
        for (const host of hosts) journal.output(host, '0/0', 'stdout', Buffer.from(`${host}${round} `.repeat(100)));
      for (const host of hosts) journal.record(stepEnd('0/0', { host }));
    });
    for (const end of ends) {
      const expected = Array.from({ length: 20 }, (_, round) => `${end.host}${round} `.repeat(100)).join('');
      expect((await bytesOf(dir, end, 'stdout')).toString()).toBe(expected);
    }
    expect(await readdir(join(dir, 'output'))).toHaveLength(100);
  });

  it('keeps 64 MiB of a step whole, then its end and the count', async () => {
    const chunk = Buffer.alloc(MIB, 'line of output\n');
    const { dir, ends } = await recorded((journal) => {
      for (let i = 0; i < 70; i++) journal.output('web1', '0/0', 'stdout', chunk);
      journal.output('web1', '0/0', 'stdout', Buffer.from('the very last words'));
      journal.output('web1', '0/0', 'stderr', Buffer.from('too late to be kept whole'));
      journal.record(stepEnd('0/0'));
    });
    expect(ends[0]).toMatchObject({ stdoutBytes: 70 * MIB + 19, stderrBytes: 25 });
    const shown = await bytesOf(dir, ends[0], 'stdout');
    expect(shown.subarray(0, 64 * MIB).equals(Buffer.alloc(64 * MIB, chunk))).toBe(true);
    const end = shown.subarray(64 * MIB).toString();
    expect(end).toContain(`… ${6 * MIB + 19 - 64 * 1024} bytes were not kept …`);
    expect(end.endsWith('the very last words')).toBe(true);
    expect((await bytesOf(dir, ends[0], 'stderr')).toString()).toBe('too late to be kept whole');
  });

  it('writes what a running step has said when the journal closes', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.output('web1', '0/0', 'stdout', Buffer.alloc(5000, 'x'));
    await journal.close();
    expect(await readdir(join(journal.dir, 'output'))).toEqual(['000001-web1-0_0.stdout']);
  });
});

it('a ring holds the last bytes, however they came', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.uint8Array({ maxLength: 30 })), (size, chunks) => {
      const held = ring(size);
      for (const chunk of chunks) held.push(chunk);
      expect(held.bytes()).toEqual(Buffer.concat(chunks).subarray(-size));
    }),
  );
});
