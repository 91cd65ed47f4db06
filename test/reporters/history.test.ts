import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/open.ts';
import { readRun } from '../../src/journal/read.ts';
import type { RecordedEvent } from '../../src/journal/recorded.ts';
import { readRuns } from '../../src/journal/runs.ts';
import { runsTable } from '../../src/reporters/runs-table.ts';
import { type ShowFilter, showRun } from '../../src/reporters/show-run.ts';
import { createStyle } from '../../src/reporters/style.ts';
import { tempState } from '../journal/temp-state.ts';
import { expectGolden } from './golden-file.ts';
import { recordedRun, runNames, written } from './recorded.ts';

process.env['TZ'] = 'UTC';

const state = tempState();
const style = createStyle({ color: 0, unicode: true });

/** Records a run again, through the journal. `killed`: after so many events the process is gone. */
async function record(
  name: string,
  options: { run?: string; killed?: number; more?: RecordedEvent[] } = {},
): Promise<string> {
  const { run = '20261122-105601.000-a7f3', killed = Number.POSITIVE_INFINITY, more = [] } = options;
  const journal = openJournal({ ...state.place, run });
  for (const event of [...recordedRun(name).slice(0, killed), ...more]) journal.record(event);
  await journal.close();
  const path = join(journal.dir, 'run.json');
  const { process: _gone, ...file } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(file));
  return run;
}

async function shown(filter: ShowFilter = {}): Promise<string> {
  const { options, text } = written();
  await showRun(await readRun(state.place), filter, options);
  return text();
}

describe('play show', () => {
  it.each(['failure-with-hint', 'changed-with-diff', 'hostile-output'])('%s, failures first', async (name) => {
    await record(name);
    expectGolden(`${name}.show.txt`, await shown());
  });

  it('a run that was killed shows what nobody knows about', async () => {
    await record('all-ok', { killed: 28 });
    expectGolden('all-ok.killed.show.txt', await shown());
  });

  it('a run that was killed shows which commands a service may still be running, and how to ask it', async () => {
    const command = { type: 'command', t: 1, id: 'c-1', region: 'eu-west-1' } as const;
    await record('all-ok', {
      killed: 4,
      more: [
        { ...command, hosts: ['web1', 'web2', 'web3'], state: 'sent' },
        { ...command, hosts: ['web1'], state: 'ended' },
      ],
    });
    const text = await shown();
    expect(text).toContain('command c-1  is still out, as far as was seen, at 2 hosts: web2, web3\n');
    expect(text).toContain('aws ssm list-command-invocations --region eu-west-1 --command-id c-1\n');
  });

  it('one host, one task', async () => {
    await record('failure-with-hint');
    expectGolden('failure-with-hint.filtered.show.txt', await shown({ host: 'web2', task: 'MIGRATE' }));
    expect(await shown({ task: '0/0' })).not.toContain('migrate');
  });

  it('the whole output of a step, from its file, cleaned', async () => {
    const journal = openJournal({ ...state.place, run: '20261122-105601.000-a7f3' });
    const [start, , ...rest] = recordedRun('all-ok');
    const end = rest.find((event) => event.type === 'step-end');
    if (!start || end?.type !== 'step-end') throw new Error('the recorded run has another shape');
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i}\x1b[2J\n`).join('');
    journal.record(start);
    journal.record({
      type: 'step-output',
      t: 1,
      host: end.host,
      step: end.step,
      stream: 'stdout',
      data: Buffer.from(lines),
    });
    journal.record({ ...end, module: 'command', status: 'changed' });
    await journal.close();
    const glance = await shown();
    expect(glance).toContain('│ line 1999\\x1b[2J\n');
    expect(glance).not.toContain('line 1990\\');
    const whole = await shown({ output: true });
    expect(whole.match(/│ line \d+\\x1b\[2J\n/g)).toHaveLength(2000);
  });
});

it.each(runNames)('%s: recorded and read again, nothing acts on the terminal', async (name) => {
  await record(name);
  expect(await shown({ output: true })).not.toMatch(
    /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
  );
});

it('play runs lists them', async () => {
  for (const [i, name] of [
    'all-ok',
    'check-mode',
    'failure-with-hint',
    'interrupted',
    'unreachable-and-auth',
  ].entries())
    await record(name, { run: `20261122-10560${i}.000-a7f3` });
  await record('thirty-hosts', { run: '20261122-110000.000-bbbb', killed: 150 });
  const newer = await record('all-ok', { run: '20261122-120000.000-cccc' });
  await writeFile(join(state.place.stateDir, state.place.project, 'runs', newer, 'run.json'), '{"schema":7}');
  expectGolden('runs.txt', `${runsTable(await readRuns(state.place), style).join('\n')}\n`);
});
