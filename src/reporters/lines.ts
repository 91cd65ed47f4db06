import type { Event, Reporter } from '../model/event.ts';
import { cleanBytes, cleanLines, cleanText } from '../util/clean-text.ts';
import { padEnd } from '../util/text-width.ts';
import { hostColumns, plural } from './names.ts';
import { printer, type ReporterOptions, sizeOf } from './options.ts';
import { failureLines, prefix, type StepLook, stepDetails, stepLine } from './step-lines.ts';
import { streamLines } from './stream-lines.ts';
import { createStyle, type Style } from './style.ts';
import { summaryLines } from './summary.ts';
import { createTally } from './tally.ts';
import { duration } from './times.ts';

/** Plain lines, one per finished step: for pipes, files and CI, and for people who like them. */
export function linesReporter(options: ReporterOptions): Reporter {
  const print = printer(options.out);
  const style = createStyle({ color: options.color, unicode: options.unicode ?? true });
  const toLines = eventLines({ style, diff: options.diff, verbose: options.verbose });
  const { on: count, tally } = createTally();
  return {
    on(event) {
      count(event);
      print.lines(toLines(event));
      if (event.type !== 'run-end') return;
      print.lines(summaryLines(tally, { style, width: sizeOf(options.width), recorded: options.recorded }));
    },
  };
}

/** What every view that prints steps as lines is told. */
export interface EventLook {
  style: Style;
  diff: boolean;
  verbose: boolean;
  brief?: boolean;
}

/** Turns each event into the lines that it deserves, often none. Keeps what it must know of earlier events: host names, half lines of output. */
export function eventLines({ style, diff, verbose, brief = false }: EventLook): (event: Event) => string[] {
  const look: StepLook = { style, diff, verbose, brief, hostWidth: 0, statusWidth: STATUS_WIDTH };
  const streams = streamLines();
  const streamed = new Set<string>();

  const said = (t: number, host: string, word: string, text: string): string =>
    `${prefix(t, host, look)} ${style.dim(padEnd(word, look.statusWidth))}  ${text}`;
  const outputLine = (event: { t: number; host: string }, line: Buffer): string =>
    `${prefix(event.t, event.host, look)} ${style.dim(style.symbols.bar)} ${cleanBytes(line)}`;

  function stepEnded(event: Extract<Event, { type: 'step-end' }>): string[] {
    const key = `${event.host}\0${event.step}`;
    const rest = ['stdout', 'stderr'].flatMap((stream) => streams.end(`${key}\0${stream}`));
    const details = stepDetails(event, { ...look, streamed: streamed.delete(key) });
    return [...rest.map((line) => outputLine(event, line)), stepLine(event, look), ...details];
  }

  return (event) => {
    switch (event.type) {
      case 'run-start':
        look.hostWidth = hostColumns(event.hosts);
        look.statusWidth = event.check ? 'would change'.length : STATUS_WIDTH;
        return [runTitle(event, style)];
      case 'play-start':
        return ['', playTitle(event, style)];
      case 'step-end':
        return stepEnded(event);
      case 'step-output': {
        if (!verbose) return [];
        const key = `${event.host}\0${event.step}`;
        streamed.add(key);
        return streams.push(`${key}\0${event.stream}`, event.data).map((line) => outputLine(event, line));
      }
      case 'step-retry':
        return verbose
          ? [
              said(
                event.t,
                event.host,
                'retry',
                `attempt ${event.attempt} of ${event.of}, next in ${duration(event.delay)}`,
              ),
            ]
          : [];
      case 'host-connected':
        return verbose ? [said(event.t, event.host, 'connect', style.dim(`(${duration(event.ms)})`))] : [];
      case 'host-unreachable': {
        const [message = '', ...details] = failureLines(event.failure, look);
        const word = style.red(padEnd('unreachable', look.statusWidth));
        return [`${prefix(event.t, event.host, look)} ${word}  ${message}`, ...details.map((line) => INDENT + line)];
      }
      case 'note':
        return cleanLines(event.message).map((line) => said(event.t, event.host ?? '', 'note', line));
      default:
        return [];
    }
  };
}

/** Room for `changed`, `skipped` and shorter words; the rare longer ones push their line to the right. */
const STATUS_WIDTH = 'changed'.length;
const INDENT = ' '.repeat('HH:MM:SS '.length);

/** `Deploy the shop · deploy.yml · 3 hosts` */
export function runTitle(event: Extract<Event, { type: 'run-start' }>, style: Style): string {
  const { name, playbook, hosts, check } = event;
  const facts = [
    ...(name === playbook ? [] : [cleanText(playbook)]),
    plural(hosts.length, 'host'),
    ...(check ? ['check: nothing is changed'] : []),
  ];
  const dot = ` ${style.symbols.dot} `;
  return `${style.bold(cleanText(name))}${style.dim([...['', ...facts]].join(dot))}`;
}

function playTitle(event: Extract<Event, { type: 'play-start' }>, style: Style): string {
  const dot = ` ${style.symbols.dot} `;
  const facts = ['', plural(event.hosts.length, 'host'), plural(event.tasks, 'task')];
  return `${style.bold(cleanText(event.name))}${style.dim(facts.join(dot))}`;
}
