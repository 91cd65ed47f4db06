import type { AuthorCode } from '../model/resource.ts';
import { quote } from './sh.ts';

/** Shells that can close a descriptor and take assignments the POSIX way. */
const posixShell = /(^|\/)(sh|bash|dash|ash|ksh|mksh|zsh)$/;

/** Variables that shells keep for themselves: assigning one fails, or does something else. `env` passes them on. */
const shellsOwn =
  /^(UID|EUID|GID|EGID|PPID|SHELLOPTS|BASHOPTS|BASH_.*|USERNAME|LINENO|RANDOM|SECONDS|OPTIND|IFS|status|path|cdpath|fpath|manpath|argv|pipestatus|options|aliases|functions|parameters|commands|signals|prompt|psvar|watch|mailpath|histchars)$/;

/**
 * Runs a program of the author's in a process of its own: no descriptors of ours, nothing of it in the session's shell, and its text
 * never in the arguments of a process. Leaves the exit status in play_z.
 */
export function authorCode(code: AuthorCode, nonce: string): string {
  const inside: string[] = [];
  const odd: string[] = [];
  for (const [name, value] of Object.entries(code.env)) {
    if (shellsOwn.test(name)) odd.push(quote(`${name}=${value}`));
    else inside.push(`export ${name}=${quote(value)}`);
  }
  if (code.cwd !== undefined) inside.push(`play_in ${quote(code.cwd)}`);
  const exec = `exec $play_grp${odd.length > 0 ? ` env ${odd.join(' ')}` : ''}`;
  let document = '';
  if (code.program) {
    // Its content has been staged; what could not be written says why.
    inside.push('if [ -n "$play_rest" ]; then printf "%s\\n" "$play_rest" >&2; exit 1; fi', 'chmod 700 "$play_temp"');
    inside.push(`${exec} ${[...(code.program.interpreter ?? []).map(quote), '"$play_temp"'].join(' ')}`);
  } else if (code.text === undefined) {
    inside.push(`${exec} ${(code.argv ?? []).map(quote).join(' ')}`);
  } else {
    const shell = code.executable ?? '/bin/sh';
    const head = [shell, ...(code.options ?? [])].map(quote).join(' ');
    const args = (code.args ?? []).map((arg) => ` ${quote(arg)}`).join('');
    inside.push(
      `if [ -r /dev/fd/9 ]; then ${exec} ${head} /dev/fd/9${args}`,
      `else ${exec} ${head} -c "$(cat <&9)" ${quote(shell)}${args}; fi`,
    );
    // On the first line of the text, so that the numbers of its lines stay as the author counts them.
    const first = [
      ...(posixShell.test(shell) ? ['exec 9<&-;'] : []),
      ...Object.entries(code.assign ?? {}).map(([name, value]) => `${name}=${quote(value)};`),
    ].join('');
    document = ` 9<<'PLAY_${nonce}'\n${first}${code.text}\nPLAY_${nonce}`;
  }
  const feed = code.stdin === undefined ? '' : `play_b=${quote(code.stdin)}\n`;
  // The shell's own stderr is shut meanwhile: dash, busybox and mksh would print "Terminated" there.
  return `${feed}{ ${feed ? 'play_out "$play_b" | ' : ''}( exec 2>&8 8>&-\n${inside.join('\n')} )${document}
play_z=$?; } 8>&2 2>/dev/null`;
}
