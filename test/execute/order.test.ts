import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SegmentStep } from '../../src/execute/segment.ts';
import { findShells } from '../modules/rig/shells.ts';
import { edit, file, inWholePrograms, type LiveHost, line, liveHost, statuses, step, text } from './live.ts';

const { shells, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-order-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

const ignored = { ignoreErrors: true };

describe.each([...shells, inWholePrograms])('steps that are sent ahead under %s', (name, shell, whole = false) => {
  let host: LiveHost;
  beforeAll(() => {
    host = liveHost({ shell, whole });
  });
  afterAll(async () => {
    await host.link.close();
    expect(host.hasRunDirectory()).toBe(false);
  });
  const here = (path: string): string => join(base, `${name}-${path}`);
  const ranOnHost = (path: string): string[] =>
    existsSync(here(path)) ? readFileSync(here(path), 'utf8').trim().split('\n') : [];

  test('run and are told in order, forty of them', async () => {
    const steps = Array.from({ length: 40 }, (_, i) =>
      text(`echo out ${i}; echo err ${i} >&2; echo ${i} >>'${here('forty')}'`),
    );
    const ran = await host.run(steps);
    const all = steps.map((_, i) => i);
    expect(ran.order).toEqual(all);
    expect(ranOnHost('forty')).toEqual(all.map(String));
    expect(ran.steps.map((each) => [each?.stdout, each?.stderr])).toEqual(all.map((i) => [`out ${i}\n`, `err ${i}\n`]));
    // Nothing of a step is told before the one before it has ended.
    const turns = ran.log.filter((each) => !each.startsWith('intent')).map((each) => Number(each.split(' ')[1]));
    expect(turns).toEqual([...turns].sort((a, b) => a - b));
    expect(ran.stray).toBe('');
  });

  test('are announced before they are sent', async () => {
    const ran = await host.run([text('echo a'), text('echo b')], {
      intent: () => new Promise((resolve) => setTimeout(resolve, 50)),
    });
    expect(ran.log[0]).toBe('intent 0 1');
    expect(ran.log.indexOf('began 0')).toBeGreaterThan(0);
  });

  test('are passed over after a failure, and the next segment runs', async () => {
    const ran = await host.run([
      text(`echo 0 >>'${here('failure')}'`),
      text(`echo 1 >>'${here('failure')}'; exit 2`),
      ...Array.from({ length: 20 }, (_, i) => text(`echo ${i + 2} >>'${here('failure')}'`)),
    ]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 1 });
    expect(ran.order).toEqual([0, 1]);
    const next = await host.run([text('echo next')]);
    expect(next.steps[0]?.stdout).toBe('next\n');
    expect(ranOnHost('failure')).toEqual(['0', '1']);
  });

  test('go on after a failure that is ignored', async () => {
    const ran = await host.run([text('exit 2', ignored), text('echo on')]);
    expect(ran.end).toEqual({ kind: 'done' });
    expect(statuses(ran)).toEqual(['failed', 'changed']);
  });

  test('are passed over after a failure, although more was sent while it was told', async () => {
    // The steps of the second flight are packed before the failure is known and sent after it.
    let failed = (): void => undefined;
    const failure = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const steps = Array.from({ length: 30 }, (_, i) => text(`echo ${i} >>'${here('race')}'; exit ${i === 12 ? 1 : 0}`));
    const ran = await host.run(steps, {
      intent: (indexes) => (indexes[0] === 0 ? Promise.resolve() : failure),
      ended(index) {
        if (index === 12) failed();
      },
    });
    expect(ran.end).toEqual({ kind: 'stopped', at: 12 });
    await host.run([text('true')]);
    expect(ranOnHost('race')).toEqual(Array.from({ length: 13 }, (_, i) => String(i)));
  });

  test('of a loop all run, then its failure counts', async () => {
    const item = (code: number, loop: 'item' | 'last'): SegmentStep =>
      text(`echo ${code} >>'${here('loop')}'; exit ${code}`, { loop });
    const ran = await host.run([
      item(0, 'item'),
      item(1, 'item'),
      item(0, 'item'),
      item(0, 'last'),
      text(`echo after >>'${here('loop')}'`),
    ]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 3 });
    expect(statuses(ran)).toEqual(['changed', 'failed', 'changed', 'changed', undefined]);
    await host.run([text('true')]);
    expect(ranOnHost('loop')).toEqual(['0', '1', '0', '0']);
  });

  test('of a loop whose item failed before it was sent stop at its end, too', async () => {
    const impossible = edit(here('none'), () => ({ failure: 'no such line' }), { loop: 'item' });
    const ran = await host.run([
      impossible,
      text(`echo item >>'${here('local')}'`, { loop: 'last' }),
      text(`echo after >>'${here('local')}'`),
    ]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 1 });
    expect(ran.steps[0]).toMatchObject({ status: 'failed', why: 'no such line' });
    await host.run([text('true')]);
    expect(ranOnHost('local')).toEqual(['item']);
  });

  test('of a loop that ignores errors never stop the host', async () => {
    const ran = await host.run([
      text('exit 1', { loop: 'item', ...ignored }),
      text('exit 1', { loop: 'last', ...ignored }),
      text('echo after'),
    ]);
    expect(statuses(ran)).toEqual(['failed', 'failed', 'changed']);
  });

  test('of two loops in a row count for their own', async () => {
    const ran = await host.run([
      text('exit 1', { loop: 'item', ...ignored }),
      text('true', { loop: 'last', ...ignored }),
      text('true', { loop: 'item' }),
      text('true', { loop: 'last' }),
      text('true'),
    ]);
    expect(ran.end).toEqual({ kind: 'done' });
  });

  test('are not begun after an interrupt', async () => {
    const own = liveHost({ shell, whole });
    const steps = [
      text(`echo 0 >>'${here('stop')}'; while [ ! -e '${here('go')}' ]; do sleep 0.05; done`),
      ...[1, 2, 3].map((i) => text(`echo ${i} >>'${here('stop')}'`)),
    ];
    const running = own.run(steps);
    await vi.waitUntil(() => existsSync(here('stop')), { timeout: 20_000 });
    await own.link.interrupt(false);
    writeFileSync(here('go'), '');
    const ran = await running;
    expect(statuses(ran)).toEqual(['changed', 'cancelled', undefined, undefined]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 1 });
    expect(ranOnHost('stop')).toEqual(['0']);
    // Nor is anything else on this host: the run is to end.
    expect(statuses(await own.run([line(here('x'), 'x'), text('true')]))).toEqual(['cancelled', undefined]);
    await own.link.close();
    expect(own.hasRunDirectory()).toBe(false);
  });

  test('only read what they need once, in one go', async () => {
    const paths = ['a', 'b', 'c'].map((each) => here(`edit-${each}`));
    const ran = await host.run([
      ...paths.map((path) => file(path, 'one\n')),
      ...paths.map((path) => line(path, 'two')),
      text(`cat ${paths.map((path) => `'${path}'`).join(' ')}`),
    ]);
    expect(ran.end).toEqual({ kind: 'done' });
    expect(ran.log.filter((each) => each.startsWith('intent'))).toEqual(['intent 0 1 2 3 4 5 6']);
    expect(ran.steps[6]?.stdout).toBe('one\ntwo\n'.repeat(3));
  });

  test('see what steps before them have done, whatever was looked at ahead', async () => {
    const path = here('seen');
    const ran = await host.run([
      file(path, 'a\n'),
      file(path, 'a\n'),
      text(`echo b >'${path}'`),
      file(path, 'a\n'),
      step({ kind: 'action', run: { sh: `rm -f '${path}'` } }),
      file(path, 'a\n', { mode: '0600' }),
      file(path, 'a\n', { mode: '0600' }),
      file(path, 'a\n', { mode: '0640' }),
    ]);
    expect(statuses(ran)).toEqual(['changed', 'ok', 'changed', 'changed', 'changed', 'changed', 'ok', 'changed']);
  });

  test('find what is right after something was changed, too', async () => {
    const paths = Array.from({ length: 30 }, (_, i) => here(`thirty-${i}`));
    const steps = paths.map((path, i) => file(path, `${i}\n`, { mode: '0640' }));
    expect(new Set(statuses(await host.run(steps)))).toEqual(new Set(['changed']));
    expect(new Set(statuses(await host.run(steps)))).toEqual(new Set(['ok']));
    rmSync(paths[3]!);
    rmSync(paths[20]!);
    const ran = await host.run(steps);
    expect(ran.order.filter((i) => ran.steps[i]?.status === 'changed')).toEqual([3, 20]);
  });
});
