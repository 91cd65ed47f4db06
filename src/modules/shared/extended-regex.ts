import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/** Refuses what is no part of extended regular expressions (POSIX, chapter 9.4) and would silently mean something else. */
export function checkExtended(module: string, param: string, pattern: string | undefined): void {
  const found = /\\[dD]|\(\?/.exec(pattern ?? '')?.[0];
  if (found === undefined) return;
  const advice = found === '(?' ? 'plain groups are ( )' : `write ${found === '\\d' ? '[0-9]' : '[^0-9]'}`;
  throw badArgs(module, `${param} holds ${found}, which the grep of the host does not know`, advice);
}

/** Does it only where the host can make something of the pattern: `grep` answers 2 when it cannot. */
export function whereExtended(pattern: string, then: Sh): Sh {
  return sh`if { echo | grep -E -e ${pattern} >/dev/null; [ $? -lt 2 ]; }; then
${then}
else echo ${`"${pattern}" is no extended regular expression`} >&2; false; fi`;
}
