import type { BatchSize, Play } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { type Context, type Entries, report } from './context.ts';
import { describe } from './describe.ts';
import { readChoice, readDuration, readFlag, readNumber, readText, wrong } from './read.ts';

/** How a play goes over its hosts and reaches them. */
type Rollout = Pick<
  Play,
  | 'serial'
  | 'maxFailPercentage'
  | 'anyErrorsFatal'
  | 'forceHandlers'
  | 'pause'
  | 'order'
  | 'connection'
  | 'port'
  | 'remoteUser'
>;

const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;

/** Reads the keys of a play that say in which batches its hosts are taken, when that stops, and how they are reached. */
export function readRollout(context: Context, entries: Entries): Rollout {
  const maxFailPercentage = readNumber(context, entries, 'max_fail_percentage', { least: 0, fraction: true });
  if (maxFailPercentage !== undefined && maxFailPercentage > 100)
    wrong(context, entries, 'max_fail_percentage', 'at most 100', 'it is a percentage of the hosts of a batch');
  const pause = readDuration(context, entries, 'pause');
  const connection = readChoice(context, entries, 'connection', ['local', 'ssh']);
  const port = readNumber(context, entries, 'port', { least: 1 });
  const remoteUser = readText(context, entries, 'remote_user')?.value;
  if (port !== undefined && port > 65_535) wrong(context, entries, 'port', 'a number from 1 to 65535');
  if (remoteUser !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/.test(remoteUser))
    wrong(
      context,
      entries,
      'remote_user',
      'a plain name',
      'it holds for all hosts of the play; for some of them, set ansible_user in the inventory',
    );
  return {
    serial: readSerial(context, entries),
    anyErrorsFatal: readFlag(context, entries, 'any_errors_fatal') ?? false,
    forceHandlers: readFlag(context, entries, 'force_handlers') ?? false,
    order: readChoice(context, entries, 'order', orders) ?? 'inventory',
    ...(maxFailPercentage !== undefined && { maxFailPercentage }),
    ...(pause !== undefined && { pause }),
    ...(connection !== undefined && { connection }),
    ...(port !== undefined && { port }),
    ...(remoteUser !== undefined && { remoteUser }),
  };
}

/** `serial`: a number, a percentage, or a list of them. */
function readSerial(context: Context, entries: Entries): BatchSize[] {
  const value = entries.value['serial'];
  if (value === undefined) return [];
  const sizes: BatchSize[] = [];
  for (const [index, item] of (Array.isArray(value) ? value : [value]).entries()) {
    const size = batchSize(item);
    if (size) sizes.push(size);
    else {
      const facts = {
        what: Array.isArray(value) ? 'an entry of "serial"' : '"serial"',
        wanted: 'a number of hosts or a percentage, 5 or 25%',
        found: describe(item),
      };
      report(context, 'E_ITEM_TYPE', facts, entries.locate(Array.isArray(value) ? ['serial', index] : ['serial']));
    }
  }
  return sizes;
}

function batchSize(item: Value): BatchSize | undefined {
  if (typeof item === 'number') return Number.isInteger(item) && item > 0 ? { hosts: item } : undefined;
  const match = typeof item === 'string' ? /^\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*$/.exec(item) : null;
  const number = Number(match?.[1] ?? 0);
  if (number === 0) return undefined;
  if (match?.[2] === '%') return number <= 100 ? { percent: number } : undefined;
  return Number.isInteger(number) ? { hosts: number } : undefined;
}
