import type { Event } from '../model/event.ts';
import type { Value } from '../model/value.ts';
import type { Secrets } from './registry.ts';
import { type MaskStream, maskStream } from './stream.ts';

/** Fields of events by which other parts of play know things: ids, names of hosts, kinds. They are no text of a user's data. */
const KEPT: ReadonlySet<string> = new Set([
  't',
  'type',
  'status',
  'host',
  'hosts',
  'step',
  'stream',
  'kind',
  'run',
  'module',
  'counts',
]);

/**
 * The one place between what happens in a run and everything that shows or records it: passes on each event with every secret masked.
 * Output is masked across its chunks; what waited of it comes before its step ends or is tried again.
 */
export function maskEvents(secrets: Secrets, next: (event: Event) => void): (event: Event) => void {
  const streams = new Map<string, { stream: MaskStream; of: Extract<Event, { type: 'step-output' }> }>();

  const output = (event: Extract<Event, { type: 'step-output' }>): void => {
    const key = `${event.stream} ${event.step} ${event.host}`;
    const known = streams.get(key) ?? { stream: maskStream(secrets), of: event };
    streams.set(key, known);
    const data = known.stream.push(event.data);
    if (data.length > 0) next({ ...event, data });
  };

  const end = (host: string, step: string): void => {
    for (const name of ['stdout', 'stderr']) {
      const key = `${name} ${step} ${host}`;
      const known = streams.get(key);
      streams.delete(key);
      const data = known?.stream.end();
      if (known && data && data.length > 0) next({ ...known.of, data });
    }
  };

  return (event) => {
    if (event.type === 'step-output') {
      if (secrets.isEmpty()) next(event);
      else output(event);
      return;
    }
    if (event.type === 'step-end' || event.type === 'step-retry') end(event.host, event.step);
    next(secrets.isEmpty() ? event : masked(event, secrets));
  };
}

function masked(event: Event, secrets: Secrets): Event {
  const fields = Object.entries(event).map(([name, value]) => [
    name,
    KEPT.has(name) ? value : secrets.maskValue(value as Value),
  ]);
  const shown = Object.fromEntries(fields) as Event;
  if (event.type === 'register' && shown.type === 'register' && shown.value !== event.value) shown.masked = true;
  return shown;
}
