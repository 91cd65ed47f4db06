import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';

/**
 * Prints what an awk program makes of a file of the host; a file that is not there reads as empty. Values reach the program as `ENVIRON`:
 * `awk -v` would read backslashes in them, and a file's name among the arguments could be taken for an assignment.
 */
export function awkOver(path: string, program: string, values: Record<string, string>): Sh {
  const assign = Object.entries(values).map(([name, value]) => `${name}=${sh`${value}`.sh}`);
  const call = { sh: [...assign, 'awk'].join(' ') };
  return sh`play_in=${path}
if [ ! -e "$play_in" ]; then play_in=/dev/null; fi
${call} ${program} <"$play_in"`;
}

/**
 * Puts what `print` prints in the place of the file, whole or not at all; owner and mode stay. A link stays one, and what it leads to is
 * written. A last line without its newline gets one.
 */
export function rewrite(path: string, print: Sh, { backup = false } = {}): Sh {
  // $( ) takes the newlines at the end away, but not those before the mark.
  return sh`{ play_b=$(
${print} && echo .
); } &&
play_b=\${play_b%.} &&
play_real ${path} &&
${backup ? sh`play_backup "$play_d" &&\n` : sh``}play_put "$play_d" '' '' ''`;
}
