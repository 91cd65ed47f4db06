import type { RecordedRun } from '../journal/read.ts';
import { outputEnd, readOutput } from '../journal/read-output.ts';
import type { RecordedEvent, RecordedStepEnd } from '../journal/recorded.ts';
import { cleanBytes, cleanText } from '../util/clean-text.ts';
import { eventLines, runTitle } from './lines.ts';
import { plural, stepName } from './names.ts';
import { type Printer, printer, type ReporterOptions, sizeOf } from './options.ts';
import { streamLines } from './stream-lines.ts';
import { createStyle, type Style } from './style.ts';
import { closingBlocks, troubleBlocks } from './summary.ts';
import { createTally } from './tally.ts';
import { dayAndTime } from './times.ts';

/** Which part of a run is shown: all by default. */
export interface ShowFilter {
  host?: string | undefined;
  /** A part of the task's name, in any case, or a step id. */
  task?: string | undefined;
  /** Every step's whole output instead of its end. */
  output?: boolean | undefined;
}

/** Prints a recorded run like the lines view, failures first. Throws ProblemError E_JOURNAL_READ when a file of outputs cannot be read. */
export async function showRun(run: RecordedRun, filter: ShowFilter, options: ReporterOptions): Promise<void> {
  const style = createStyle({ color: options.color, unicode: options.unicode ?? true });
  const print = printer(options.out);
  const events = closed(run, await withOutputs(run, filter));
  const { on, tally } = createTally();
  events.forEach(on);
  const look = { style, width: sizeOf(options.width) };
  print.lines(titleLines(run, style));
  for (const block of [
    ...troubleBlocks(tally.troubles, look),
    ...unreportedBlocks(run, filter, style),
    ...commandBlocks(run, filter, style),
  ])
    print.lines(['', ...block]);
  const toLines = eventLines({ style, diff: options.diff, verbose: options.verbose });
  const streams = streamLines();
  for (const event of events) {
    const whole = filter.output && event.type === 'step-end';
    const lines = toLines(whole ? withoutOutput(event) : event);
    if (event.type !== 'run-start') print.lines(lines);
    if (whole) await printOutput(run.dir, event, { print, style, streams });
  }
  for (const block of closingBlocks(tally, look)) print.lines(['', ...block]);
}

function titleLines({ id, events, damaged }: RecordedRun, style: Style): string[] {
  const start = events.find((event) => event.type === 'run-start');
  const facts = [
    id,
    ...(start ? [dayAndTime(start.t), ['play', ...start.argv].map(cleanText).join(' ')] : []),
    ...(damaged > 0 ? [`${plural(damaged, 'line')} of the record could not be read`] : []),
  ];
  return [...(start ? [runTitle(start, style)] : []), style.dim(facts.join(` ${style.symbols.dot} `))];
}

/** The chosen events, with the end of each output that is in a file. */
async function withOutputs({ dir, events }: RecordedRun, filter: ShowFilter): Promise<RecordedEvent[]> {
  const chosen: RecordedEvent[] = [];
  const hosts = new Set(events.flatMap((event) => ('task' in event && isChosen(event, filter) ? [event.host] : [])));
  const all = filter.host === undefined && filter.task === undefined;
  for (const event of events.filter((each) => isChosen(each, filter))) {
    if (event.type === 'run-start')
      chosen.push(all ? event : { ...event, hosts: event.hosts.filter((host) => hosts.has(host)) });
    else if (event.type !== 'step-end' || !(event.stdoutFile || event.stderrFile)) {
      chosen.push(event);
    } else {
      const [stdout, stderr] = [await outputEnd(dir, event, 'stdout'), await outputEnd(dir, event, 'stderr')];
      chosen.push({ ...event, ...(stdout !== undefined && { stdout }), ...(stderr !== undefined && { stderr }) });
    }
  }
  return chosen;
}

function isChosen(event: RecordedEvent, { host, task }: ShowFilter): boolean {
  if (host !== undefined && 'host' in event && event.host !== host) return false;
  if (task === undefined || !('step' in event)) return true;
  return event.step === task || ('task' in event && event.task.toLowerCase().includes(task.toLowerCase()));
}

/** A run that was killed has no end; for the verdict it ended with its last event. */
function closed({ state, events: all }: RecordedRun, events: RecordedEvent[]): RecordedEvent[] {
  const [first, last] = [all[0], all.at(-1)];
  if (state !== 'interrupted' || !first || !last) return events;
  return [...events, { type: 'run-end', t: last.t, exit: 130, ms: last.t - first.t, counts: {}, interrupted: true }];
}

function unreportedBlocks({ unreported, events }: RecordedRun, { host }: ShowFilter, style: Style): string[][] {
  const names = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'play-start') for (const [step, name] of Object.entries(event.names)) names.set(step, name);
    else if ('step' in event && 'task' in event) names.set(event.step, stepName(event));
  }
  const nameOf = (step: string): string => {
    const item = /^(.*)\/(item\.\d+)$/.exec(step);
    const own = names.get(step) ?? (item && `${names.get(item[1] ?? '') ?? item[1]} [${item[2]}]`);
    return cleanText(own ?? step);
  };
  return unreported
    .filter((open) => host === undefined || open.host === host)
    .map((open) => {
      const paint = style.status.unknown;
      const head = `${paint(style.symbols.status.unknown)} ${style.bold(cleanText(open.host))}`;
      const what = `${plural(open.steps.length, 'step')} may have run: sent before the end, never reported`;
      return [`${head}  ${what}`, ...open.steps.map((step) => `    ${nameOf(step)}`)];
    });
}

/** What a service may still be doing, and how to ask it. */
function commandBlocks({ openCommands }: RecordedRun, { host }: ShowFilter, style: Style): string[][] {
  const paint = style.status.unknown;
  return openCommands.flatMap(({ id, region, hosts }) => {
    if (host !== undefined && !hosts.includes(host)) return [];
    const shown = hosts.slice(0, mostNamed).map(cleanText).join(', ');
    const more = hosts.length > mostNamed ? `, and ${hosts.length - mostNamed} more` : '';
    return [
      [
        `${paint(style.symbols.status.unknown)} ${style.bold(`command ${cleanText(id)}`)}  is still out, as far as was seen, at ${plural(hosts.length, 'host')}: ${shown}${more}`,
        style.dim(`    aws ssm list-command-invocations --region ${cleanText(region)} --command-id ${cleanText(id)}`),
      ],
    ];
  });
}

/** Hosts of a command that are named. */
const mostNamed = 20;

function withoutOutput(event: RecordedStepEnd): RecordedStepEnd {
  const { stdout: _out, stderr: _err, ...rest } = event;
  return rest;
}

interface OutputLook {
  print: Printer;
  style: Style;
  streams: ReturnType<typeof streamLines>;
}

async function printOutput(dir: string, event: RecordedStepEnd, { print, style, streams }: OutputLook): Promise<void> {
  const shown = (line: Buffer): string => `         ${style.dim(style.symbols.bar)} ${cleanBytes(line)}`.trimEnd();
  for (const stream of ['stdout', 'stderr'] as const) {
    for await (const chunk of readOutput(dir, event, stream)) print.lines(streams.push(stream, chunk).map(shown));
    print.lines(streams.end(stream).map(shown));
  }
}
