import type { Event } from '../model/event.ts';
import { cleanLines, cleanText } from '../util/clean-text.ts';
import { padEnd, wrap } from '../util/text-width.ts';
import { diffLines } from './diff.ts';
import { stepName } from './names.ts';
import { outputLines } from './output-lines.ts';
import type { Style } from './style.ts';
import { clock, duration } from './times.ts';

/** How steps are printed in one run. */
export interface StepLook {
  style: Style;
  /** Columns of the host names, and of the status words. */
  hostWidth: number;
  statusWidth: number;
  diff: boolean;
  verbose: boolean;
  /** Only what went wrong: the summary at the end will say what to do and show the output. */
  brief?: boolean;
}

type StepEnd = Extract<Event, { type: 'step-end' }>;

/** What stands below a step's line is indented to the host's name. */
const INDENT = ' '.repeat('HH:MM:SS '.length);
/** Modules whose output is the author's, so that it is worth a look when something was done; a look around (`changed_when: false`) is not. */
const AUTHOR_CODE = new Set(['command', 'shell', 'script']);
/** Lines of output under a failure, and under author code that went well. */
const AMOUNT = { failed: 20, fine: 5 };
/** A message of one line up to this length stays on the step's line. */
const SHORT = 60;
/** Modules that are there to say something. */
const SPEAKING = new Set(['debug', 'log']);
/** Milliseconds that are not worth a number. */
const INSTANT = 10;

/** `HH:MM:SS web1 changed  copy site.conf (0.12s)` */
export function stepLine(event: StepEnd, look: StepLook): string {
  const { style } = look;
  const paint = event.ignored || event.rescued ? style.yellow : style.status[event.status];
  const name = event.status === 'skipped' ? style.dim(stepName(event)) : stepName(event);
  const parts = [prefix(event.t, event.host, look), paint(padEnd(words(event), look.statusWidth)), '', name];
  const extra = remarks(event);
  if (extra.length > 0) parts.push(style.dim(`(${extra.join(', ')})`));
  if (look.brief && event.failure) parts.push('', cleanLines(event.failure.message)[0] ?? '');
  else if (isBad(event) && event.source) parts.push('', style.dim(cleanText(event.source)));
  const message = shortMessage(event);
  if (message !== undefined && !isHushed(event, look))
    parts.push('', SPEAKING.has(event.module) ? message : style.dim(message));
  return parts.join(' ');
}

/** Everything worth reading under a step's line: why it failed, what to do, its output, its diff. `streamed`: the output was printed while it came. */
export function stepDetails(event: StepEnd, look: StepLook & { streamed?: boolean }): string[] {
  const { style } = look;
  const bad = isBad(event);
  const details = [
    ...(event.failure && !look.brief ? failureLines(event.failure, look) : []),
    ...(event.message !== undefined && shortMessage(event) === undefined && !isHushed(event, look)
      ? cleanLines(event.message)
      : []),
  ];
  if (look.diff && event.diff) details.push(...diffLines(event.diff, { style, all: look.verbose }));
  const worthIt = bad || look.verbose || (event.status === 'changed' && AUTHOR_CODE.has(event.module));
  if (worthIt && !look.streamed && !look.brief && !event.failure?.quotesOutput) {
    const lines = look.verbose ? 'all' : bad ? AMOUNT.failed : AMOUNT.fine;
    for (const text of [event.stdout, event.stderr]) details.push(...outputLines(text, { style, lines }));
  }
  if (event.foreignOutput)
    details.push(style.dim('output of a process that an earlier step left behind may be mixed in'));
  return details.map((line) => INDENT + line);
}

/** The message of a failure and what to do about it; only its first line when brief. `width`: columns to break the message at; a hint may hold a command to copy, so it stays whole. */
export function failureLines(
  failure: { message: string; hint?: string },
  { style, brief = false, width = Number.POSITIVE_INFINITY }: Pick<StepLook, 'style' | 'brief'> & { width?: number },
): string[] {
  const { arrow } = style.symbols;
  const message = cleanLines(failure.message).flatMap((line) => wrap(line, width));
  if (brief) return message.slice(0, 1);
  const hint = cleanLines(failure.hint ?? '');
  return [...message, ...hint.map((line, i) => style.cyan(`${i === 0 ? arrow : ' '.repeat(arrow.length)} ${line}`))];
}

/** The time and the host, at the start of every line about a host. */
export function prefix(t: number, host: string, { style, hostWidth }: Pick<StepLook, 'style' | 'hostWidth'>): string {
  return `${style.dim(clock(t))} ${padEnd(cleanText(host), hostWidth)}`;
}

function isBad({ status }: StepEnd): boolean {
  return status === 'failed' || status === 'unreachable' || status === 'unknown';
}

function words(event: StepEnd): string {
  return event.status === 'would-change' ? 'would change' : event.status;
}

function remarks(event: StepEnd): string[] {
  return [
    ...(event.handler ? ['handler'] : []),
    ...(event.ms < INSTANT || event.status === 'skipped' || event.status === 'cancelled' ? [] : [duration(event.ms)]),
    ...(event.attempts !== undefined && event.attempts > 1 ? [`${event.attempts} attempts`] : []),
    ...(event.ignored ? ['ignored'] : []),
    ...(event.rescued ? ['rescued'] : []),
  ];
}

/** What is said for debugging is for who asks for more. */
function isHushed({ log }: StepEnd, { verbose }: StepLook): boolean {
  return log?.level === 'debug' && !verbose;
}

function shortMessage({ message }: StepEnd): string | undefined {
  return message !== undefined && message.length <= SHORT && !message.includes('\n') ? cleanText(message) : undefined;
}
