import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { process as module } from '../../../src/modules/host/process.ts';
import { processRead } from '../../../src/modules/shared/process-list.ts';
import { readProcesses } from '../../../src/modules/shared/process-rows.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { runIn, shells } from '../live.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'play-process-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** As on a system without /proc. */
const withoutProc = `${processRead.sh.replaceAll('/proc/self/stat', '/no/such')}\nplay_ps_read`;

describe.each(Object.entries(shells))('without /proc, under %s', (_, shell) => {
  it('reads the ps of macOS', async () => {
    const rows = async (name: string) => readFile(new URL(`ps/macos-${name}.txt`, import.meta.url), 'utf8');
    const ps = `#!/bin/sh\ncase $* in *ucomm*) cat <<'END'\n${await rows('names')}END\n;; *) cat <<'END'\n${await rows('rows')}END\n;; esac\n`;
    await writeFile(join(folder, 'ps'), ps, { mode: 0o755 });
    await writeFile(join(folder, 'sysctl'), '#!/bin/sh\necho 17179869184\n', { mode: 0o755 });
    await writeFile(join(folder, 'date'), '#!/bin/sh\necho 1700000000\n', { mode: 0o755 });
    const { stdout, stderr } = await runIn(shell, withoutProc, { PATH: `${folder}:${process.env['PATH']}` });
    expect(stderr).toBe('');
    expect(readProcesses(stdout)).toEqual([
      {
        pid: 1,
        ppid: 0,
        name: 'launchd',
        command: '/sbin/launchd',
        args: ['/sbin/launchd'],
        user: '0',
        uid: 0,
        state: 'sleeping',
        started: 1_700_000_000 - 183_845,
        elapsed: 183_845,
        cpu_seconds: 65.07,
        cpu_percent: 0.04,
        rss: 11_501_568,
        vsize: 34_974_531_584,
        memory_percent: 0.07,
        threads: null,
        nice: 0,
        children: [388],
      },
      expect.objectContaining({
        pid: 388,
        name: 'Google Chrome He',
        command: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome Helper --type=gpu-process  --x',
        cpu_seconds: 7501.5,
        cpu_percent: 67.92,
      }),
      expect.objectContaining({ pid: 901, name: '-zsh', nice: 5, state: 'running', started: 1_699_999_993 }),
      expect.objectContaining({ pid: 902, name: '?', state: 'zombie', rss: 0 }),
    ]);
  });

  it('reads the ps of this machine', async () => {
    const { stdout } = await runIn(shell, withoutProc);
    expect(readProcesses(stdout)).toContainEqual(expect.objectContaining({ pid: process.pid, ppid: process.ppid }));
  });
});

describe('rows of processes', () => {
  it('are read with their units', () => {
    const text = `host\t250\t1700000000\t1000.50\t1048576
7\t1\t33\tD\t-5\t4\t2048\t1048576\t500\t125000\tnginx\tnginx: worker\u001f-g\u001fa b
8\t7\t99\tZ\t0\t1\t0\t0\t0\t250000\tgone\t
user\t33\twww-data`;
    expect(readProcesses(text)).toMatchObject([
      {
        command: 'nginx: worker -g a b',
        args: ['nginx: worker', '-g', 'a b'],
        user: 'www-data',
        state: 'disk-sleep',
        started: 1_700_000_500,
        elapsed: 500.5,
        cpu_seconds: 2,
        cpu_percent: 0.4,
        rss: 2_097_152,
        memory_percent: 0.2,
        nice: -5,
        children: [8],
      },
      { user: '99', state: 'zombie', command: '', args: [], elapsed: 0.5, cpu_percent: 0 },
    ]);
  });

  it('may hold anything', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('1', '-1', '0', '99999999999999999999', '1e9', 'host', '__proto__', ''),
    );
    const line = fc.oneof(
      fc.string(),
      fc.array(cell, { minLength: 11, maxLength: 13 }).map((cells) => cells.join('\t')),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const one of readProcesses(lines.join('\n'))) {
          expect(Number.isFinite(one.cpu_percent) && Number.isFinite(one.rss) && one.pid >= 0).toBe(true);
        }
      }),
    );
  });
});

describe('process', () => {
  it.each([
    [{ state: 'absent' }, 'state: absent needs to know which: one of name, pattern, user, pid, ppid'],
    [{ state: 'present', timeout: 3 }, 'state: present needs to know which: one of name, pattern, user, pid, ppid'],
    [{ name: 'a', signal: 'HUP' }, 'signal is for state: absent'],
    [{ name: 'a', force: true }, 'force is for state: absent'],
    [{ name: 'a', state: 'absent', limit: 1 }, 'limit is not for state: absent'],
    [{ name: 'a', timeout: 1 }, 'timeout is for state: present and state: absent'],
  ] as const)('refuses %j', (params, why) => {
    const said = () => {
      try {
        return module.resource(params);
      } catch (error) {
        return error instanceof ProblemError ? error.problems.map((one) => sentence(one).message).join() : error;
      }
    };
    expect(said()).toBe(`process: ${why}`);
  });
});
