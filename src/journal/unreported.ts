import type { Outstanding } from '../model/transport.ts';
import type { RecordedEvent } from './recorded.ts';

/** Steps of one host that were sent to it and never reported: nobody knows whether they ran. */
export interface Unreported {
  host: string;
  steps: string[];
}

/**
 * What a run that stopped without its end leaves open: every step of a host's windows that has no result,
 * unless the host had come to its end, or a failure had made it skip what was sent ahead.
 */
export function unreportedSteps(events: readonly RecordedEvent[]): Unreported[] {
  const open = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.type === 'intent') {
      const steps = open.get(event.host) ?? new Set();
      for (const step of event.steps) steps.add(step);
      open.set(event.host, steps);
    } else if (event.type === 'step-end') settle(open.get(event.host), event);
    else if (event.type === 'host-end') open.delete(event.host);
  }
  return [...open].filter(([, steps]) => steps.size > 0).map(([host, steps]) => ({ host, steps: [...steps] }));
}

function settle(steps: Set<string> | undefined, event: Extract<RecordedEvent, { type: 'step-end' }>): void {
  if (!steps) return;
  steps.delete(event.step);
  const stops = event.status === 'failed' && !event.ignored;
  if (!stops) return;
  const loop = /^(.*)\/item\.\d+$/.exec(event.step)?.[1];
  for (const step of [...steps]) if (loop === undefined || !step.startsWith(`${loop}/item.`)) steps.delete(step);
}

/** A command that a service was given and whose end was not seen at these hosts. */
export type OpenCommand = Omit<Outstanding, 'state'>;

/** Commands of services that may still be running, in the order in which they were sent. */
export function openCommands(events: readonly RecordedEvent[]): OpenCommand[] {
  const open = new Map<string, { region: string; hosts: Set<string> }>();
  for (const event of events) {
    if (event.type !== 'command') continue;
    const known = open.get(event.id);
    if (event.state === 'sent')
      open.set(event.id, { region: event.region, hosts: new Set([...(known?.hosts ?? []), ...event.hosts]) });
    else for (const host of event.hosts) known?.hosts.delete(host);
  }
  return [...open].flatMap(([id, { region, hosts }]) => (hosts.size > 0 ? { id, region, hosts: [...hosts] } : []));
}
