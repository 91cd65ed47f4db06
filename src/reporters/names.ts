import type { StepRef } from '../model/event.ts';
import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';

/** Columns that host names may take before they push the rest to the right. */
const WIDEST_HOST = 24;

/** A step for people: its task, and the loop item's label when there is one. */
export function stepName({ task, label }: Pick<StepRef, 'task' | 'label'>): string {
  return label === undefined ? cleanText(task) : `${cleanText(task)} [${cleanText(label)}]`;
}

/** Columns to give to host names so that what follows lines up. */
export function hostColumns(hosts: readonly string[]): number {
  return Math.min(WIDEST_HOST, Math.max(0, ...hosts.map((host) => textWidth(cleanText(host)))));
}

/** `1 host`, `3 hosts`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Some hosts by name, the rest by number when it is more than one: `web1, web2 and 28 more`. */
export function someHosts(hosts: readonly string[], shown: number): string {
  if (hosts.length <= shown + 1) return hosts.map(cleanText).join(', ');
  return andMore(hosts, shown);
}

/** The first hosts by name, the rest by number, however few: `web1 and 1 more`. */
export function andMore(hosts: readonly string[], shown = 1): string {
  if (hosts.length <= shown) return hosts.map(cleanText).join(', ');
  return `${hosts.slice(0, shown).map(cleanText).join(', ')} and ${hosts.length - shown} more`;
}
