import type { Status } from '../model/event.ts';
import { cleanText } from '../util/clean-text.ts';
import { padEnd, padStart, textWidth, truncate } from '../util/text-width.ts';
import { countsTable } from './counts-table.ts';
import { someHosts, stepName } from './names.ts';
import { outputLines } from './output-lines.ts';
import { failureLines } from './step-lines.ts';
import type { Style } from './style.ts';
import type { Tally, Trouble } from './tally.ts';
import { duration } from './times.ts';
import { verdictLine } from './verdict.ts';

/** How a summary is printed. */
export interface SummaryLook {
  style: Style;
  /** Columns of the terminal. */
  width: number;
  /** Where the run is recorded, when it is. */
  recorded?: string | undefined;
}

/** A task at least this slow (milliseconds) is worth naming. */
const SLOW = 1000;
const NAMED = { slow: 3, troubles: 20, hosts: 3 };
const OUTPUT_LINES = 10;
const INDENT = '    ';

/** The end of a run: failures first, then the counts of every host, what was slow, what is still to do, and the verdict. */
export function summaryLines(tally: Tally, look: SummaryLook): string[] {
  const blocks = [...troubleBlocks(tally.troubles, look), ...closingBlocks(tally, look)];
  return blocks.flatMap((block) => ['', ...block]);
}

/** The summary without its failures. */
export function closingBlocks(tally: Tally, look: SummaryLook): string[][] {
  const { style } = look;
  const check = tally.start?.check ?? false;
  const blocks = [
    countsTable(tally.counts, { style, check }),
    [...slowestLines(tally, look), ...pendingLines(tally, look), ...recordedLines(look)],
    [verdictLine(tally, style)],
  ];
  return blocks.filter((block) => block.length > 0);
}

/** Every failure in full: where, what, what to do, the end of its output. */
export function troubleBlocks(troubles: readonly Trouble[], look: Pick<SummaryLook, 'style' | 'width'>): string[][] {
  const { style } = look;
  const blocks = troubles.slice(0, NAMED.troubles).map((trouble) => troubleLines(trouble, look));
  const more = troubles.length - blocks.length;
  return more > 0 ? [...blocks, [style.red(`${style.symbols.ellipsis} and ${more} more failures`)]] : blocks;
}

function troubleLines(
  { status, hosts, step, failure }: Trouble,
  { style, width }: Pick<SummaryLook, 'style' | 'width'>,
): string[] {
  const paint = style.status[status];
  const head: string[] = [
    `${paint(style.symbols.status[status])} ${style.bold(someHosts(hosts, NAMED.hosts))}`,
    step ? stepName(step) : (STATUS_WORDS[status] ?? status),
    ...(step?.source ? [cleanText(step.source)] : []),
    ...codeOf(failure),
  ].map((part, i) => (i > 1 ? style.dim(part) : part));
  const details = [
    ...(failure
      ? failureLines(failure, { style, width: width - INDENT.length })
      : step?.message
        ? [cleanText(step.message)]
        : [STATUS_WORDS[status]]),
    ...(failure?.quotesOutput ? [] : [step?.stdout, step?.stderr]).flatMap((text) =>
      outputLines(text, { style, lines: OUTPUT_LINES }),
    ),
  ];
  return [head.join('  '), ...details.map((line) => INDENT + line)];
}

/** The stable code, to search for; a command that failed has nothing more to be found under it. */
function codeOf(failure: Trouble['failure']): string[] {
  return failure?.code === undefined || failure.code === 'E_TASK_FAILED' ? [] : [failure.code];
}

const STATUS_WORDS: Partial<Record<Status, string>> = {
  failed: 'failed',
  unreachable: 'unreachable',
  unknown: 'may have run: the connection went before it reported',
};

function slowestLines({ slowest }: Tally, { style, width }: SummaryLook): string[] {
  const slow = [...slowest.values()].filter((step) => step.ms >= SLOW).sort((a, b) => b.ms - a.ms);
  const named = slow.slice(0, NAMED.slow);
  const times = named.map((step) => duration(step.ms));
  const timeWidth = Math.max(0, ...times.map(textWidth));
  const hostWidth = Math.max(0, ...named.map((step) => textWidth(cleanText(step.host))));
  const room = Math.max(12, width - 1 - TITLE_WIDTH - timeWidth - 4 - hostWidth);
  const nameWidth = Math.min(room, Math.max(0, ...named.map((step) => textWidth(stepName(step)))));
  return named.map((step, i) => {
    const name = padEnd(truncate(stepName(step), nameWidth, style.symbols.ellipsis), nameWidth);
    return titled(
      i === 0 ? 'slowest' : '',
      `${padStart(times[i] ?? '', timeWidth)}  ${name}  ${style.dim(cleanText(step.host))}`,
      style,
    );
  });
}

function pendingLines({ pending }: Tally, { style }: SummaryLook): string[] {
  const hostsOf = new Map<string, string[]>();
  for (const [host, handlers] of pending)
    for (const handler of handlers) hostsOf.set(handler, [...(hostsOf.get(handler) ?? []), host]);
  const lines = [...hostsOf].map(
    ([handler, hosts]) => `${cleanText(handler)}  ${style.dim(someHosts(hosts, NAMED.hosts))}`,
  );
  return lines.map((line, i) => titled(i === 0 ? 'not run' : '', line, style));
}

function recordedLines({ style, recorded }: SummaryLook): string[] {
  return recorded === undefined ? [] : [titled('recorded', `${cleanText(recorded)}  ${style.dim('play show')}`, style)];
}

const TITLE_WIDTH = 10;

function titled(title: string, text: string, style: Style): string {
  return `${style.dim(padEnd(title, TITLE_WIDTH))}${text}`;
}
