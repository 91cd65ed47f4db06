import type { Located } from '../model/span.ts';
import { type Context, type Entries, isFields, isTemplate, report } from './context.ts';
import { within } from './located.ts';
import { nearName } from './near.ts';

/** Handlers need a name, and one of their own. Read from the source, so that a handler with another mistake still counts. */
export function checkHandlers(context: Context, play: Entries): void {
  const seen = new Map<string, Located<string>>();
  for (const { entries, name } of tasksIn(play, 'handlers')) {
    if (name === undefined) {
      if (entries.value['name'] === undefined) report(context, 'E_HANDLER_NAME', {}, entries.locate());
      continue;
    }
    const first = seen.get(name.value);
    if (first) {
      const also = [{ at: first.locate(), label: 'first called so here' }];
      report(context, 'E_HANDLER_TWICE', { name: name.value }, name.locate(), also);
    } else seen.set(name.value, name);
  }
}

/** Everything that is notified must be a handler of the play. A name with a template on either side is known only later. */
export function checkNotify(context: Context, play: Entries): void {
  const handlers = tasksIn(play, 'handlers').flatMap(({ name }) => (name ? [name.value] : []));
  if (handlers.some(isTemplate)) return;
  for (const { entries } of [...tasksIn(play, 'tasks'), ...tasksIn(play, 'handlers')]) {
    const notify = entries.value['notify'];
    for (const [index, name] of (Array.isArray(notify) ? notify : [notify]).entries()) {
      if (typeof name !== 'string' || name.trim() === '' || isTemplate(name) || handlers.includes(name)) continue;
      const near = nearName(name, handlers);
      const facts = { name, handlers, ...(near !== undefined && { similar: near }) };
      report(
        context,
        'E_HANDLER_UNKNOWN',
        facts,
        entries.locate(Array.isArray(notify) ? ['notify', index] : ['notify']),
      );
    }
  }
}

function tasksIn(play: Entries, key: 'tasks' | 'handlers'): { entries: Entries; name?: Located<string> }[] {
  const list = play.value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, index) => {
    if (!isFields(value)) return [];
    const entries = within(play, [key, index], value);
    const name = value['name'];
    return [{ entries, ...(typeof name === 'string' && { name: within(entries, ['name'], name) }) }];
  });
}
