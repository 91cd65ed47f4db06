import type { Fields } from './value.ts';

/** How grave a record is, from the least on: the words of Python's logging. */
export const levels = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type Level = (typeof levels)[number];

/** What a task says for the log. */
export interface Said {
  level: Level;
  text: string;
  fields: Fields;
}

/** Whether a record is grave enough. */
export function isAtLeast(level: Level, least: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}
