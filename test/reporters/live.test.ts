import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { liveReporter } from '../../src/reporters/live.ts';
import { expectGolden } from './golden-file.ts';
import { recordedRun, runNames, written } from './recorded.ts';
import { terminal } from './terminal.ts';

process.env['TZ'] = 'UTC';

/** Events up to the first of a type, and the rest. */
function splitAt(events: Event[], type: Event['type']): [Event[], Event[]] {
  const at = events.findIndex((event) => event.type === type);
  return [events.slice(0, at), events.slice(at)];
}

describe('the live view on a terminal', () => {
  it.each(runNames)('%s leaves its failures and the summary, and gives the cursor back', async (name) => {
    const screen = terminal({ width: 80, height: 24 });
    const { options, at } = written({ out: screen, recorded: '20261122-105601.000-a7f3' });
    const view = liveReporter(options);
    for (const event of recordedRun(name)) {
      at(event.t);
      view.on(event);
      if (event.type === 'play-start') await vi.waitFor(() => expect(screen.cursorShown()).toBe(false));
    }
    await view.close?.();
    expect(screen.cursorShown()).toBe(true);
    expectGolden(`${name}.live-end.txt`, screen.text());
  });

  it('prints a failure above the picture as it happens', async () => {
    const screen = terminal({ width: 80, height: 24 });
    const { options, at } = written({ out: screen });
    const view = liveReporter(options);
    const [before] = splitAt(recordedRun('failure-with-hint'), 'run-end');
    for (const event of before) {
      at(event.t);
      view.on(event);
    }
    await vi.waitFor(() => expect(screen.text()).toContain('web tier ·'));
    const lines = screen.text().split('\n');
    const failure = lines.findIndex((line) => line.includes('failed   migrate database'));
    expect(lines[failure]).toContain('exited with 2');
    expect(failure).toBeLessThan(lines.findIndex((line) => line.startsWith('web tier ·')));
    view.restore();
    expect(screen.text()).not.toContain('web tier ·');
    expect(screen.cursorShown()).toBe(true);
    await view.close?.();
  });

  it('steps aside for a question and comes back', async () => {
    const screen = terminal({ width: 80, height: 24 });
    const { options, at } = written({ out: screen });
    const view = liveReporter(options);
    const [before, rest] = splitAt(recordedRun('changed-with-diff'), 'step-end');
    for (const event of before) {
      at(event.t);
      view.on(event);
    }
    await vi.waitFor(() => expect(screen.text()).toContain('web1'));
    view.suspend();
    const asked = screen.text();
    expect(asked).not.toContain('web1');
    expect(screen.cursorShown()).toBe(true);
    screen.write('password: \n');
    for (const event of rest.slice(0, 5)) view.on(event);
    await sleep(250);
    expect(screen.text()).toBe(`${asked}password:\n`);
    view.resume();
    expect(screen.text()).toContain('password:\nweb tier ·');
    view.restore();
    await view.close?.();
  });

  it('fits a terminal that became small, and one that does not say its size', async () => {
    for (const [width, height, rows] of [
      [40, 10, 6],
      [0, 0, 16],
    ] as const) {
      const screen = terminal({ width: width || 80, height: height || 24 });
      const { options, at } = written({ out: screen, width: () => width, height: () => height });
      const view = liveReporter(options);
      for (const event of splitAt(recordedRun('thirty-hosts'), 'step-end')[0]) {
        at(event.t);
        view.on(event);
      }
      await vi.waitFor(() => expect(screen.text()).toContain('web01'));
      const lines = screen.text().trimEnd().split('\n').slice(1);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(width || 80);
      view.restore();
      await view.close?.();
    }
  });

  it('lets the run go on when nobody reads any more', async () => {
    let written_ = 0;
    const out = {
      write() {
        written_ += 1;
        throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
      },
    };
    const { options } = written({ out });
    const view = liveReporter(options);
    for (const event of recordedRun('failure-with-hint')) view.on(event);
    await view.close?.();
    expect(written_).toBe(1);
  });

  it('ends cleanly when the run never came to its end', async () => {
    const screen = terminal({ width: 80, height: 24 });
    const view = liveReporter(written({ out: screen }).options);
    for (const event of recordedRun('all-ok').slice(0, 10)) view.on(event);
    await view.close?.();
    expect(screen.cursorShown()).toBe(true);
    expect(screen.text()).toBe('Deploy the shop · deploy.yml · 3 hosts\n');
  });
});
