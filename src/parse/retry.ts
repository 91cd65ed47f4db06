import type { Retry } from '../model/playbook.ts';
import { type Context, type Entries, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { readDuration, readMapping, readNumber } from './read.ts';

/** As in Ansible when only `until` is given: three attempts, five seconds apart. */
const DEFAULTS = { attempts: 3, delay: 5_000, backoff: 1 };

/** With a backoff, waits grow to five minutes unless `max_delay` says otherwise. */
const LONGEST_WAIT = 300_000;

/**
 * `retry: { attempts, delay, backoff, max_delay }`, `retry: 5` (attempts), or Ansible's `retries` and `delay`,
 * where `retries` counts what comes after the first attempt. `until` alone retries with the defaults.
 */
export function readRetry(context: Context, entries: Entries): Retry | undefined {
  const { value } = entries;
  const ansible = ['retries', 'delay'].find((key) => value[key] !== undefined);
  if (value['retry'] === undefined) {
    if (ansible === undefined) return value['until'] === undefined ? undefined : complete({});
    const retries = readNumber(context, entries, 'retries', { least: 0 });
    const delay = readDuration(context, entries, 'delay');
    return complete({ ...(retries !== undefined && { attempts: retries + 1 }), ...(delay !== undefined && { delay }) });
  }
  if (ansible !== undefined) {
    const also = [{ at: entries.locate(['retry'], 'key'), label: '"retry" is here' }];
    report(context, 'E_KEY_BOTH', { key: ansible, other: 'retry' }, entries.locate([ansible], 'key'), also);
  }
  if (typeof value['retry'] === 'number') {
    const attempts = readNumber(context, entries, 'retry', { least: 1 });
    return complete(attempts === undefined ? {} : { attempts });
  }
  const retry = readMapping(context, entries, 'retry');
  if (!retry) return undefined;
  checkKeys(context, retry, 'retry', ['attempts', 'delay', 'backoff', 'max_delay']);
  const attempts = readNumber(context, retry, 'attempts', { least: 1 });
  const delay = readDuration(context, retry, 'delay');
  const backoff = readNumber(context, retry, 'backoff', { least: 1, fraction: true });
  const maxDelay = readDuration(context, retry, 'max_delay');
  return complete({
    ...(attempts !== undefined && { attempts }),
    ...(delay !== undefined && { delay }),
    ...(backoff !== undefined && { backoff }),
    ...(maxDelay !== undefined && { maxDelay }),
  });
}

function complete(said: Partial<Retry>): Retry {
  const retry = { ...DEFAULTS, ...said };
  return { ...retry, maxDelay: said.maxDelay ?? Math.max(retry.delay, LONGEST_WAIT) };
}
