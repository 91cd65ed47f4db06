import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal } from '../../src/journal/open.ts';
import { projectName, stateDirectory } from '../../src/journal/paths.ts';
import { readRuns } from '../../src/journal/runs.ts';
import type { Counts, Event } from '../../src/model/event.ts';
import { runStart, stepEnd, tempState } from './temp-state.ts';

const state = tempState();
const none: Counts = {
  ok: 0,
  changed: 0,
  'would-change': 0,
  unknown: 0,
  skipped: 0,
  failed: 0,
  unreachable: 0,
  cancelled: 0,
};

function runEnd(hosts: string[]): Event {
  const counts = Object.fromEntries(hosts.map((host) => [host, { ...none, ok: 2, changed: 1 }]));
  return { type: 'run-end', t: 3, exit: 0, ms: 1200, counts, interrupted: false };
}

it('lists the last runs, newest first, with what came of them', async () => {
  const hosts = Array.from({ length: 1000 }, (_, i) => `web${i}.example.com`);
  const runs: [string, Event[]][] = [
    ['20261120-090000.000-aaaa', [runStart('x'), runEnd(['web1'])]],
    [
      '20261121-090000.000-bbbb',
      [runStart('x', hosts), ...hosts.map((host) => stepEnd('0/0', { host })), runEnd(hosts)],
    ],
    ['20261122-090000.000-cccc', [runStart('x'), stepEnd('0/0')]],
    ['20261123-090000.000-dddd', []],
  ];
  for (const [run, events] of runs) {
    const journal = openJournal({ ...state.place, run });
    for (const event of events) journal.record(event);
    await journal.close();
    if (run.endsWith('cccc')) await writeFile(join(journal.dir, 'run.json'), '{"schema":1}');
    if (run.endsWith('dddd')) await writeFile(join(journal.dir, 'run.json'), '{"schema":9}');
  }
  const list = await readRuns(state.place);
  expect(list.map(({ id, state: s }) => [id.slice(-4), s])).toEqual([
    ['dddd', 'unreadable'],
    ['cccc', 'interrupted'],
    ['bbbb', 'done'],
    ['aaaa', 'done'],
  ]);
  expect(list[0]?.trouble).toContain('newer play');
  expect(list[2]).toMatchObject({
    playbook: 'deploy.yml',
    hosts: 1000,
    exit: 0,
    ms: 1200,
    counts: { ok: 2000, changed: 1000 },
  });
  expect(await readRuns({ ...state.place, limit: 1 })).toHaveLength(1);
});

it('finds nothing where nothing was recorded', async () => {
  expect(await readRuns(state.place)).toEqual([]);
});

it('keeps its state where the system says, one folder per project', () => {
  expect(stateDirectory({}, '/home/u')).toBe('/home/u/.local/state/play');
  expect(stateDirectory({ XDG_STATE_HOME: '/var/state' }, '/home/u')).toBe('/var/state/play');
  expect(stateDirectory({ XDG_STATE_HOME: 'relative' }, '/home/u')).toBe('/home/u/.local/state/play');
  expect(projectName('/srv/shop')).toMatch(/^shop-[0-9a-f]{6}$/);
  expect(projectName('/srv/shop')).not.toBe(projectName('/opt/shop'));
  expect(projectName('/')).toMatch(/^root-/);
  expect(projectName('/srv/..x y/é')).toMatch(/^_-[0-9a-f]{6}$/);
});
