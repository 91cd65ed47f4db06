import type { Event, Reporter } from '../model/event.ts';
import { eventLines } from './lines.ts';
import { frame } from './live-frame.ts';
import { printer, type ReporterOptions, sizeOf } from './options.ts';
import { createProgress } from './progress.ts';
import { createScreen } from './screen.ts';
import { createStyle } from './style.ts';
import { summaryLines } from './summary.ts';
import { createTally, isTrouble } from './tally.ts';

/** The live view, which shares its terminal with questions and with the end of the program. */
export interface LiveReporter extends Reporter {
  /** Clears the picture and holds everything back, so that a question can be asked. */
  suspend(): void;
  resume(): void;
  /** Gives the terminal back at once: no picture, cursor visible. For exits that cannot wait for `close`. */
  restore(): void;
}

/** Sizes to fall back to when a terminal says 0. */
const FALLBACK = { width: 80, height: 24 };

/**
 * Hosts at work at the bottom of the terminal, failures above it as they happen, the summary at the end.
 * listr2 runs one task per host and ticks; the picture is ours, because its own renderers grow with the list and break when that is taller than the terminal.
 */
export function liveReporter(options: ReporterOptions): LiveReporter {
  const print = printer(options.out);
  const style = createStyle({ color: options.color, unicode: options.unicode ?? true });
  const width = (): number => sizeOf(options.width) || FALLBACK.width;
  const height = (): number => sizeOf(options.height) || FALLBACK.height;
  const screen = createScreen({ raw: print.raw, width });
  const { on: count, tally } = createTally();
  const { on: follow, progress } = createProgress();
  const { diff, verbose } = options;
  const toLines = eventLines({ style, diff, verbose, brief: !verbose });
  const end = settled();
  let above: string[] = [];
  let tick = 0;
  let quiet = false;
  let list: Promise<void> | undefined;

  function draw(): void {
    if (quiet) return;
    tick += 1;
    const look = { style, width: width(), height: height(), now: options.now(), tick };
    screen.draw(frame(progress, look), above);
    above = [];
  }

  function leave(): void {
    quiet = true;
    screen.clear(above);
    above = [];
    end.settle();
  }

  return {
    on(event) {
      count(event);
      follow(event);
      if (worthKeeping(event, options, tally.start?.check ?? false)) above.push(...toLines(event));
      if (event.type === 'run-start') list ??= runList(event.hosts, { until: end.promise, draw });
      if (event.type !== 'run-end') return;
      leave();
      print.lines(summaryLines(tally, { style, width: width(), recorded: options.recorded }));
    },
    async close() {
      leave();
      await list;
    },
    suspend() {
      quiet = true;
      screen.clear(above);
      above = [];
    },
    resume() {
      quiet = tally.end !== undefined;
      draw();
    },
    restore: leave,
  };
}

/** What scrolls by above the picture: all when verbose, else what a person must read. */
function worthKeeping(
  event: Event,
  { diff, verbose }: Pick<ReporterOptions, 'diff' | 'verbose'>,
  check: boolean,
): boolean {
  if (verbose) return true;
  if (event.type !== 'step-end')
    return event.type === 'run-start' || event.type === 'note' || event.type === 'host-unreachable';
  return (
    isTrouble(event, check) ||
    event.module === 'debug' ||
    (diff && (event.status === 'changed' || event.diff !== undefined))
  );
}

/** A listr2 list with one task per host, all of which end with the run. */
async function runList(
  hosts: readonly string[],
  { until, draw }: { until: Promise<void>; draw(): void },
): Promise<void> {
  const { Listr, Spinner } = await import('listr2');

  class Picture {
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    /** The choice of this view is made by whoever asks for it, not by listr2. */
    static readonly nonTTY = true;
    readonly spinner = new Spinner();
    render(): void {
      draw();
      this.spinner.start(draw);
    }
    end(): void {
      this.spinner.stop();
    }
  }

  const tasks = hosts.map((host) => ({ title: host, task: () => until }));
  const options = { concurrent: true, exitOnError: false, registerSignalListeners: false, renderer: Picture };
  await new Listr(tasks, options).run();
}

function settled(): { promise: Promise<void>; settle(): void } {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
