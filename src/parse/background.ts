import type { Task } from '../model/playbook.ts';
import { type Context, type Entries, report } from './context.ts';
import { readDuration, wrong } from './read.ts';

/** Modules that run the author's own programs. */
const ofAuthors: readonly string[] = ['command', 'shell', 'script'];

/** `async` and `poll`: with `poll: 0` the work goes on after the task; else `async` is the time that it may take, as `timeout` is. */
export function readBackground(
  context: Context,
  entries: Entries,
  module: string | undefined,
): Pick<Task, 'timeout' | 'background'> {
  const timeout = readDuration(context, entries, 'timeout');
  const limit = readDuration(context, entries, 'async');
  const poll = readDuration(context, entries, 'poll');
  if (limit === undefined) {
    if (poll !== undefined && entries.value['async'] === undefined) {
      const advice = 'say how long the work may take: async: 10m';
      report(context, 'E_KEY_MISSING', { key: 'async', place: 'task', advice }, entries.locate(['poll'], 'key'));
    }
    return timeout === undefined ? {} : { timeout };
  }
  if (timeout !== undefined) {
    const also = [{ at: entries.locate(['timeout'], 'key'), label: '"timeout" is here' }];
    report(context, 'E_KEY_BOTH', { key: 'async', other: 'timeout' }, entries.locate(['async'], 'key'), also);
  }
  if (poll !== 0 || limit === 0) return limit === 0 ? {} : { timeout: limit };
  if (module !== undefined && !ofAuthors.includes(module)) {
    const advice = `${module} is done when its task is; command, shell and script can go on in the background`;
    wrong(context, entries, 'poll', 'more than 0', advice);
  }
  return { background: { limit } };
}
