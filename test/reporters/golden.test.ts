import { describe, it } from 'vitest';
import { createReporter, type ReporterName } from '../../src/reporters/create.ts';
import { frame } from '../../src/reporters/live-frame.ts';
import type { ReporterOptions } from '../../src/reporters/options.ts';
import { createProgress } from '../../src/reporters/progress.ts';
import { createStyle } from '../../src/reporters/style.ts';
import { expectGolden } from './golden-file.ts';
import { recordedRun, runNames, written } from './recorded.ts';

process.env['TZ'] = 'UTC';

/** Every view of every recorded run, as a file to read in a review. */
const views: [string, ReporterName, Partial<ReporterOptions>][] = [
  ['lines', 'lines', { recorded: '20261122-105601.000-a7f3' }],
  ['verbose', 'lines', { verbose: true, diff: true, width: 120 }],
  ['ascii', 'lines', { diff: true, unicode: false }],
  ['json', 'json', {}],
  ['quiet', 'quiet', {}],
];

/** Milliseconds after an event at which the picture is taken. */
const LATER = [300, 2000, 20_000, 300];

describe.each(runNames)('%s', (run) => {
  it.each(views)('as %s', async (view, name, options) => {
    const { options: all, text, at } = written(options);
    const reporter = createReporter(name, all);
    for (const event of recordedRun(run)) {
      at(event.t);
      reporter.on(event);
    }
    await reporter.close?.();
    expectGolden(`${run}.${view}.txt`, text());
  });

  it('as the live picture, at four moments', () => {
    const events = recordedRun(run);
    const style = createStyle({ color: 0, unicode: true });
    const moments = new Map([0.15, 0.4, 0.6, 0.95].map((part, i) => [Math.floor(events.length * part), LATER[i] ?? 0]));
    const pictures: string[] = [];
    const { on, progress } = createProgress();
    for (const [i, event] of events.entries()) {
      on(event);
      const later = moments.get(i);
      if (later === undefined) continue;
      const look = { style, width: 80, height: 24, now: event.t + later, tick: i };
      pictures.push(`${'-'.repeat(80)}\n${frame(progress, look).join('\n')}\n`);
    }
    expectGolden(`${run}.live.txt`, pictures.join(''));
  });
});
