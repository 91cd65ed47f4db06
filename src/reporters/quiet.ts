import type { Reporter } from '../model/event.ts';
import { printer, type ReporterOptions, sizeOf } from './options.ts';
import { createStyle } from './style.ts';
import { troubleBlocks } from './summary.ts';
import { createTally } from './tally.ts';
import { verdictLine } from './verdict.ts';

/** Nothing when all went well; the failures and the verdict when not. For cron. */
export function quietReporter({
  out,
  color,
  width,
  unicode = true,
}: Pick<ReporterOptions, 'out' | 'color' | 'unicode' | 'width'>): Reporter {
  const print = printer(out);
  const style = createStyle({ color, unicode });
  const { on, tally } = createTally();
  return {
    on(event) {
      on(event);
      if (event.type !== 'run-end' || (event.exit === 0 && tally.troubles.length === 0)) return;
      print.lines(troubleBlocks(tally.troubles, { style, width: sizeOf(width) }).flatMap((block) => [...block, '']));
      print.lines([verdictLine(tally, style)]);
    },
  };
}
