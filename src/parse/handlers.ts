import type { Located } from '../model/span.ts';
import { type Context, type Entries, isFields, isTemplate, report } from './context.ts';
import { within } from './located.ts';
import { nearName } from './near.ts';
import type { HandlerNames } from './outer.ts';

/**
 * The names of a list of handlers, each of which needs one of its own, and the topics they listen to. Read from the source, so that a handler
 * with another mistake still counts.
 */
export function readHandlerNames(context: Context, handlers: Located<unknown>, up?: HandlerNames): HandlerNames {
  const seen = new Map<string, Located<string>>();
  const topics: string[] = [];
  for (const entries of mappingsIn(handlers)) {
    const { name, listen } = entries.value;
    for (const topic of Array.isArray(listen) ? listen : [listen]) if (typeof topic === 'string') topics.push(topic);
    if (typeof name !== 'string') {
      if (name === undefined && listen === undefined) report(context, 'E_HANDLER_NAME', {}, entries.locate());
      continue;
    }
    const own = within(entries, ['name'], name);
    const first = seen.get(name);
    if (first) {
      const also = [{ at: first.locate(), label: 'first called so here' }];
      report(context, 'E_HANDLER_TWICE', { name }, own.locate(), also);
    } else seen.set(name, own);
  }
  return { names: [...seen.keys(), ...topics], ...(up && { up }) };
}

/** Everything that is notified must be a handler of the play, or of the role around it. A name with a template on either side is known only later. */
export function checkNotify(context: Context, entries: Entries, handlers: HandlerNames): void {
  const known: string[] = [];
  for (let scope: HandlerNames | undefined = handlers; scope; scope = scope.up) known.push(...scope.names);
  if (known.some(isTemplate)) return;
  const notify = entries.value['notify'];
  for (const [index, name] of (Array.isArray(notify) ? notify : [notify]).entries()) {
    if (typeof name !== 'string' || name.trim() === '' || isTemplate(name) || known.includes(name)) continue;
    const near = nearName(name, known);
    const facts = { name, handlers: known, ...(near !== undefined && { similar: near }) };
    const path = Array.isArray(notify) ? ['notify', index] : ['notify'];
    report(context, 'E_HANDLER_UNKNOWN', facts, entries.locate(path));
  }
}

function mappingsIn(list: Located<unknown>): Entries[] {
  if (!Array.isArray(list.value)) return [];
  return list.value.flatMap((value, index) => (isFields(value) ? [within(list, [index], value)] : []));
}
