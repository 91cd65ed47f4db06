import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/open.ts';
import { readRun } from '../../src/journal/read.ts';
import { newRunId } from '../../src/journal/run-id.ts';
import type { Event } from '../../src/model/event.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { runStart, stepEnd, tempState } from './temp-state.ts';

const state = tempState();
const RUN = '20261122-105601.123-a7f3';

describe('a run is recorded as it happens', () => {
  it('gives back every event in order, with everything resume will need', async () => {
    const events: Event[] = [
      runStart(RUN),
      { type: 'inputs', t: 1, files: { 'deploy.yml': 'ab12' }, inventory: { web1: { port: 22 } } },
      { type: 'intent', t: 1, host: 'web1', steps: ['0/0', '0/1'] },
      { type: 'facts', t: 1, host: 'web1', facts: { os: { family: 'debian' } } },
      stepEnd('0/0'),
      {
        type: 'register',
        t: 1,
        host: 'web1',
        name: 'out',
        value: { rc: 0, 'line\u2028': '__proto__' },
        kind: 'register',
      },
      { type: 'pending-handlers', t: 1, host: 'web1', handlers: ['restart shop'] },
    ];
    const journal = openJournal({ ...state.place, run: RUN });
    for (const event of events) journal.record(event);
    await journal.durable();
    const read = await readRun(state.place);
    expect(read.events).toEqual(events);
    expect(read).toMatchObject({ id: RUN, dir: journal.dir, state: 'running', damaged: 0 });
    await journal.close();
  });

  it('is readable by its owner alone', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.record(runStart(RUN));
    journal.output('web1', '0/0', 'stdout', Buffer.alloc(5000, 'x'));
    journal.record(stepEnd('0/0'));
    await journal.close();
    const mode = async (...path: string[]): Promise<string> =>
      ((await stat(join(journal.dir, ...path))).mode & 0o777).toString(8);
    expect(journal.dir).toBe(join(state.place.stateDir, 'shop-1a2b3c', 'runs', RUN));
    expect(await Promise.all([mode('..'), mode(), mode('output')])).toEqual(['700', '700', '700']);
    const [output = ''] = await readdir(join(journal.dir, 'output'));
    expect(await Promise.all([mode('run.json'), mode('events.jsonl'), mode('output', output)])).toEqual([
      '600',
      '600',
      '600',
    ]);
  });

  it('keeps 20,000 events while they come', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    for (let i = 0; i < 20_000; i++) {
      journal.record(stepEnd(`0/${i}`, { host: `web${i % 100}` }));
      if (i % 500 === 0) await journal.durable();
    }
    await journal.close();
    const { events } = await readRun(state.place);
    expect(events).toHaveLength(20_000);
    expect(events.at(-1)).toMatchObject({ step: '0/19999' });
  });

  it('refuses a run id that exists, in words', async () => {
    await openJournal({ ...state.place, run: RUN }).close();
    expect(() => openJournal({ ...state.place, run: RUN })).toThrow(`run ${RUN} is recorded already`);
  });

  it('gives ids that sort by time and differ within a millisecond', () => {
    const now = Date.parse('2026-11-22T10:56:01.123Z');
    expect(newRunId(now)).toMatch(/^20261122-105601\.123-[0-9a-f]{4}$/);
    expect(newRunId(now) < newRunId(now + 1)).toBe(true);
    expect(new Set(Array.from({ length: 20 }, () => newRunId(now))).size).toBeGreaterThan(15);
  });
});

describe('a run that was killed', () => {
  it('loses at most the line that was being written, wherever it was cut', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.record(runStart(RUN));
    journal.record(stepEnd('0/0', { stdout: 'größe\n' }));
    await journal.close();
    const path = join(journal.dir, 'events.jsonl');
    const whole = await readFile(path);
    const firstLine = whole.indexOf(10) + 1;
    for (let size = whole.length - 1; size >= firstLine; size -= 7) {
      await truncate(path, size);
      expect((await readRun(state.place)).events.map((event) => event.type)).toEqual(['run-start']);
    }
  });

  it('shows as interrupted, with the steps nobody knows about', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.record(runStart(RUN, ['web1', 'web2', 'web3', 'web4']));
    const intent = (host: string, steps: string[]): void => journal.record({ type: 'intent', t: 1, host, steps });
    intent('web1', ['0/0', '0/1', '0/2/item.0', '0/2/item.1']);
    journal.record(stepEnd('0/0'));
    journal.record(stepEnd('0/1'));
    intent('web2', ['0/0', '0/1']);
    journal.record(stepEnd('0/0', { host: 'web2', status: 'failed' }));
    intent('web3', ['0/0/item.0', '0/0/item.1', '0/1']);
    journal.record(stepEnd('0/0/item.0', { host: 'web3', status: 'failed' }));
    intent('web4', ['0/0', '0/1']);
    journal.record(stepEnd('0/0', { host: 'web4', status: 'failed', ignored: true }));
    await journal.close();
    await forgetProcess(journal.dir);
    const run = await readRun(state.place);
    expect(run.state).toBe('interrupted');
    expect(run.unreported).toEqual([
      { host: 'web1', steps: ['0/2/item.0', '0/2/item.1'] },
      { host: 'web3', steps: ['0/0/item.1'] },
      { host: 'web4', steps: ['0/1'] },
    ]);
  });

  it('says which commands a service may still be running, and where', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    journal.record(runStart(RUN, ['web1', 'web2', 'web3']));
    const command = (id: string, state: 'sent' | 'ended', hosts: string[]): void =>
      journal.record({ type: 'command', t: 1, id, region: 'eu-west-1', hosts, state });
    command('c-1', 'sent', ['web1', 'web2', 'web3']);
    command('c-2', 'sent', ['web1']);
    command('c-1', 'ended', ['web1']);
    command('c-2', 'ended', ['web1']);
    await journal.close();
    expect((await readRun(state.place)).openCommands).toEqual([]);
    await forgetProcess(journal.dir);
    const run = await readRun(state.place);
    expect(run.openCommands).toEqual([{ id: 'c-1', region: 'eu-west-1', hosts: ['web2', 'web3'] }]);
  });

  it('is told apart from one that goes on under the same process id', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    await journal.close();
    const path = join(journal.dir, 'run.json');
    const file = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...file, process: { ...file.process, start: '1' } }));
    expect((await readRun(state.place)).state).toBe('interrupted');
  });

  it('reads around a damaged line and says so', async () => {
    const journal = openJournal({ ...state.place, run: RUN });
    for (const step of ['0/0', '0/1', '0/2']) journal.record(stepEnd(step));
    await journal.close();
    const path = join(journal.dir, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [lines[0], '{"t":1,"type":"step-e\0\0', lines[2], ''].join('\n'));
    const run = await readRun(state.place);
    expect(run.damaged).toBe(1);
    expect(run.events).toHaveLength(2);
  });
});

describe('finding a run', () => {
  const ids = ['20261121-090000.000-aaaa', '20261122-090000.000-bbbb', '20261122-100000.000-cccc'];
  const record = async (): Promise<void> => {
    for (const run of ids) await openJournal({ ...state.place, run }).close();
  };

  it.each([
    [undefined, ids[2]],
    ['20261121', ids[0]],
    ['bbbb', ids[1]],
    [ids[1], ids[1]],
  ])('%s means %s', async (asked, found) => {
    await record();
    expect((await readRun({ ...state.place, run: asked })).id).toBe(found);
  });

  it.each([
    ['20261122', '"20261122" can mean 2 runs'],
    ['dddd', 'no recorded run is called "dddd"'],
  ])('%s is refused in words', async (run, words) => {
    await record();
    await expect(readRun({ ...state.place, run })).rejects.toThrow(words);
  });

  it('says so when nothing was recorded', async () => {
    await expect(readRun(state.place)).rejects.toThrow('no run is recorded here yet');
  });

  it('refuses a run of a newer version and names both formats', async () => {
    const { dir } = openJournal({ ...state.place, run: RUN });
    await writeFile(join(dir, 'run.json'), JSON.stringify({ schema: 2, run: RUN }));
    const error = await readRun(state.place).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProblemError);
    expect(String(error)).toContain('newer play (format 2, this one reads up to 1)');
  });

  it('names the file that is broken', async () => {
    const { dir } = openJournal({ ...state.place, run: RUN });
    await writeFile(join(dir, 'run.json'), '');
    await expect(readRun(state.place)).rejects.toThrow(join(dir, 'run.json'));
  });
});

async function forgetProcess(dir: string): Promise<void> {
  const path = join(dir, 'run.json');
  const { process: _gone, ...rest } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(rest));
}
