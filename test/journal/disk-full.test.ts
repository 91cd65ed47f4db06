import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openJournal } from '../../src/journal/open.ts';
import { readRun } from '../../src/journal/read.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { runStart, stepEnd, tempState } from './temp-state.ts';

/** Lets the calls of fs.write pass until `left` is used up; the next one writes half of its bytes, the ones after fail. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const write = (fd: number, bytes: Buffer, at: number, done: (e: Error | null, n?: number) => void): void => {
    disk.left -= 1;
    if (disk.left >= 0) fs.write(fd, bytes, at, done);
    else if (disk.left === -1) fs.write(fd, bytes, at, Math.ceil((bytes.length - at) / 2), null, done);
    else done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  };
  const { promisify } = await import('node:util');
  Object.assign(write, {
    [promisify.custom]: (fd: number, bytes: Buffer, at: number) =>
      new Promise((resolve, reject) =>
        write(fd, bytes, at, (error, bytesWritten) => (error ? reject(error) : resolve({ bytesWritten }))),
      ),
  });
  return { ...fs, write };
});

const state = tempState();
const RUN = '20261122-105601.123-a7f3';
afterEach(() => {
  disk.left = Number.POSITIVE_INFINITY;
});

async function failure(work: Promise<unknown>): Promise<{ message: string; hint?: string; exit: number }> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof ProblemError) || !error.problems[0]) throw new Error(`no problem came, but ${error}`);
  return sentence(error.problems[0]);
}

describe('when the disk is full', () => {
  it.each([0, 1, 2, 5])(
    'the run stops before its next task and what was confirmed is there (%d writes pass)',
    async (left) => {
      const journal = openJournal({ ...state.place, run: RUN });
      disk.left = left;
      let confirmed = 0;
      for (let i = 0; i < 10; i++) {
        journal.record(i === 0 ? runStart(RUN) : stepEnd(`0/${i}`));
        try {
          await journal.durable();
          confirmed += 1;
        } catch {
          break;
        }
      }
      expect(confirmed).toBe(left);
      expect(await failure(journal.durable())).toMatchObject({
        exit: 9,
        message: `the run cannot be recorded: no space left for ${journal.dir}`,
        hint: expect.stringContaining('XDG_STATE_HOME'),
      });
      expect((await failure(journal.close())).exit).toBe(9);
      expect(await readRun(state.place)).toMatchObject({ damaged: 0, events: { length: left } });
    },
  );

  it('a step whose output cannot be kept stops the run too', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    symlinkSync('/dev/full', join(journal.dir, 'output', '000001-web1-0_0.stdout'));
    journal.output('web1', '0/0', 'stdout', Buffer.alloc(10_000));
    journal.output('web1', '0/0', 'stdout', Buffer.alloc(10_000));
    journal.record(stepEnd('0/0'));
    expect((await failure(journal.durable())).message).toContain('no space left');
    await expect(journal.close()).rejects.toThrow('no space left');
  });
});

describe('when the state folder cannot be used', () => {
  it('says which and what to do, before anything starts', async () => {
    writeFileSync(join(state.place.stateDir, state.place.project), 'a file where a folder belongs');
    const { exit, message, hint } = await failure(
      Promise.resolve().then(() => openJournal({ ...state.place, run: RUN })),
    );
    expect(exit).toBe(9);
    expect(message).toContain(
      `the run cannot be recorded in ${join(state.place.stateDir, state.place.project, 'runs')}`,
    );
    expect(hint).toContain('set XDG_STATE_HOME');
  });

  it('notices when its folder vanishes in the middle', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.record(runStart(RUN));
    await journal.durable();
    rmSync(journal.dir, { recursive: true });
    mkdirSync(journal.dir);
    journal.output('web1', '0/0', 'stdout', Buffer.alloc(10_000));
    expect((await failure(journal.durable())).message).toContain('ENOENT');
    await journal.close().catch(() => undefined);
  });
});
