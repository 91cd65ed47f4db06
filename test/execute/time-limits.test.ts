import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findShells } from '../modules/rig/shells.ts';
import { eventually } from '../rig/run.ts';
import { command, type LiveHost, liveHost, statuses, step, text } from './live.ts';

const { shells, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-limits-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

const limited = { timeout: 1000, ignoreErrors: true };

/** Whether a process is there and not a zombie. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.each(shells)('a time limit that is not reached under %s', (name, shell) => {
  const here = (path: string): string => join(base, `${name}-${path}`);
  let host: LiveHost;
  beforeAll(() => {
    host = liveHost({ shell });
  });
  afterAll(async () => {
    await host.link.close();
    expect(host.hasRunDirectory()).toBe(false);
  });

  test('is nothing to a step that is quick enough, nor to what that one leaves behind', async () => {
    const ran = await host.run([
      text(`sleep 30 & echo $! >'${here('left')}'; exit 3`, { ...limited, timeout: 20_000 }),
      text('true'),
    ]);
    expect(ran.steps[0]).toMatchObject({ status: 'failed', rc: 3 });
    const [pid = 0] = pidsOf(here('left'));
    expect(lives(pid)).toBe(true);
    process.kill(pid);
  });

  test('does not leave its own clock running', async () => {
    const mark = `PLAY_TEST=${name}-${process.pid}`;
    const env = { PATH: process.env['PATH'] ?? '', PLAY_TEST: mark.slice('PLAY_TEST='.length) };
    await using own = liveHost({ shell, env });
    // Many, since the clock may be called off at any moment of its start.
    const ran = await own.run(Array(100).fill(text('echo done', { timeout: 1000 * 1000 })));
    expect(new Set(statuses(ran))).toEqual(new Set(['changed']));
    expect(new Set(ran.steps.map((each) => each?.stderr))).toEqual(new Set(['']));
    expect(ran.stray).toBe('');
    await eventually('the end of the clocks', 3_000, () => (sleepers(mark).length === 0 ? true : undefined));
  });

  test('an interrupt ends the step that runs, and all it started', async () => {
    const own = liveHost({ shell });
    const script = `setsid sleep 70 & echo $! >'${here('killed')}'; sleep 71; echo on`;
    const ran = await own.run([text(script), text('echo next')], {
      began(index) {
        if (index === 0) void own.link.interrupt(true);
      },
    });
    expect(ran.steps[0]?.status).toBe('failed');
    expect(ran.steps[0]?.stdout).toBe('');
    expect(ran.order).toEqual([0]);
    await own.link.close();
    expect(own.hasRunDirectory()).toBe(false);
    if (existsSync(here('killed'))) expect(pidsOf(here('killed')).filter(lives)).toEqual([]);
  });
});

/** What takes seconds. */
const slow: Record<string, (shell: string, here: (path: string) => string) => Promise<void>> = {
  async 'ends what runs and everything it started, and the next step runs'(shell, here) {
    await using host = liveHost({ shell });
    const tree = here('tree');
    const script = `echo before; sleep 60 & echo $! >'${tree}'; setsid sleep 61 & echo $! >>'${tree}'; (sh -c 'sleep 62; true'); echo after`;
    const ran = await host.run([
      text(script, limited),
      command(['sleep', '60'], limited),
      step({ kind: 'action', run: { sh: 'sleep 60' } }, limited),
      step({ kind: 'converge', probe: [{ sh: { sh: 'echo no' } }], expect: 'yes', apply: { sh: 'sleep 60' } }, limited),
      text('echo next', { timeout: 60_000 }),
    ]);
    expect(statuses(ran)).toEqual(['timeout', 'timeout', 'timeout', 'timeout', 'changed']);
    expect(ran.steps[0]).toMatchObject({ stdout: 'before\n', stderr: '' });
    expect(ran.steps[0]?.rc).toBeGreaterThan(128);
    expect(pidsOf(tree).filter(lives)).toEqual([]);
  },
  async 'is kept against those who will not listen'(shell, here) {
    await using host = liveHost({ shell });
    const deaf = `trap "" TERM; echo $$ >>${here('deaf')}; while :; do sleep 1; done`;
    const ran = await host.run([text(`setsid sh -c '${deaf}' & ${deaf}`, limited), text('echo next')]);
    expect(statuses(ran)).toEqual(['timeout', 'changed']);
    expect(pidsOf(here('deaf'))).toHaveLength(2);
    expect(pidsOf(here('deaf')).filter(lives)).toEqual([]);
  },
  async 'stops the host like any failure'(shell, here) {
    await using host = liveHost({ shell });
    const ran = await host.run([text('sleep 60', { timeout: 1000 }), text(`echo on >'${here('on')}'`)]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 0 });
    await host.run([text('true')]);
    expect(existsSync(here('on'))).toBe(false);
  },
};
const slowStories = shells.flatMap(([name, shell]) => Object.keys(slow).map((story) => [story, name, shell] as const));

test.concurrent.each(slowStories)(
  'a time limit %s, under %s',
  (story, name, shell) => slow[story]!(shell, (path) => join(base, `${name}-${path}`)),
  60_000,
);

function pidsOf(file: string): number[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(Number);
}

/** Processes that sleep and have this in their environment. */
function sleepers(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const isSleep = readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\0');
      return isSleep && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}
