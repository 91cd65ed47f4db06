import type { Module } from '../model/module.ts';
import type { Fields, Value } from '../model/value.ts';
import { shortened } from './describe.ts';

/** Parameters that tell most about a task, from the most telling on. */
const TELLING = ['dest', 'path', 'name', 'src', 'url', 'cmd', 'that', 'host', 'port', 'seconds'];

/** A message is shown as it is said; in the name it would be shown twice. */
const SAID = 'msg';

/** A name for a task without one: its module and its most telling argument, `file /srv/shop`. */
export function defaultName(module: Module, args: Fields): string {
  const own = [module.telling, module.shorthand].filter((key) => key !== undefined);
  const keys = [...own, ...TELLING, ...Object.keys(args)];
  const told = keys.map((key) => (key === SAID ? undefined : tell(args[key]))).find((text) => text !== undefined);
  return told === undefined ? module.name : `${module.name} ${told}`;
}

function tell(value: Value | undefined): string | undefined {
  if (Array.isArray(value)) {
    const parts = value.map(tell).filter((part) => part !== undefined);
    return parts.length === value.length && parts.length > 0 ? shortened(parts.join(', '), 60) : undefined;
  }
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? shortened(value, 60) : undefined;
}
