import { posix } from 'node:path';
import type { ModuleContext, ShellText } from '../../model/module.ts';
import type { Action, AuthorCode, Outcome, Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { joinSh, quote, raw, sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';
import { chomp } from './text.ts';

/** Parameters that command, shell and script share. */
export interface RunningParams {
  chdir?: string;
  creates?: string;
  removes?: string;
  stdin?: string;
}

/** The program of the author, to be run where and when the task says. */
export function runAuthorCode(
  module: string,
  code: Pick<AuthorCode, 'argv' | 'text' | 'assign' | 'executable' | 'options' | 'args'>,
  params: RunningParams,
  context: ModuleContext,
): Action {
  for (const name of ['chdir', 'creates', 'removes'] as const) {
    if (/^~(\/|$)/.test(params[name] ?? '')) throw badArgs(module, `${name} begins with ~, which is not expanded`);
  }
  const cwd = params.chdir === undefined ? context.cwd : within(context.cwd, params.chdir);
  const guard = guardOf(params, cwd);
  return {
    kind: 'action',
    run: {
      ...code,
      env: context.env,
      ...(params.stdin !== undefined && { stdin: /^$|\n$/.test(params.stdin) ? params.stdin : `${params.stdin}\n` }),
      ...(cwd !== undefined && { cwd }),
    },
    ...(guard && { guard }),
    result: outputFields,
  };
}

/** Shells that understand how values are handed over: assignments, and `"$name"` in the text. */
const posixShells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'ksh93', 'mksh', 'zsh', 'yash']);

/** Shell text for whatever is to read it. Throws where values could not reach it. */
export function shellCode(
  module: string,
  { cmd: { text, assign }, executable }: { cmd: ShellText; executable?: string },
): Pick<AuthorCode, 'text' | 'assign' | 'executable'> {
  if (executable === undefined) return { text, assign };
  if (Object.keys(assign).length > 0 && !posixShells.has(posix.basename(executable))) {
    throw badArgs(module, `{{ }} cannot reach ${executable}, which is no POSIX shell`, 'hand values over with env:');
  }
  return { text, assign, executable };
}

function within(cwd: string | undefined, path: string): string {
  return path.startsWith('/') || cwd === undefined ? path : posix.join(cwd, path);
}

/** What `register` holds of a program that ran. */
export const outputResult = {
  rc: 'Exit status; null when it did not run.',
  stdout: 'Standard output without the newlines at its end.',
  stderr: 'Standard error without the newlines at its end.',
  stdout_lines: 'The lines of stdout.',
  stderr_lines: 'The lines of stderr.',
};

/** The fields of an outcome that `outputResult` describes. */
export function outputFields({ rc, stdout, stderr }: Outcome): Fields {
  const out = chomp(stdout);
  const err = chomp(stderr);
  return { rc, stdout: out, stderr: err, stdout_lines: splitLines(out), stderr_lines: splitLines(err) };
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/\r\n|\n|\r/);
}

/** Exit 0 = run: nothing that `creates` names exists, something that `removes` names does. */
function guardOf({ creates, removes }: RunningParams, cwd: string | undefined): Sh | undefined {
  const tests: Sh[] = [];
  if (creates !== undefined) tests.push(sh`${search(creates, cwd)} [ -z "$play_found" ]`);
  if (removes !== undefined) tests.push(sh`${search(removes, cwd)} [ -n "$play_found" ]`);
  return tests.length === 0
    ? undefined
    : joinSh(
        tests.map((test) => sh`{ ${test}; }`),
        ' && ',
      );
}

/** Sets play_found when some path fits the pattern; a link that leads nowhere counts. */
function search(pattern: string, cwd: string | undefined): Sh {
  const words = pattern.startsWith('/') || cwd === undefined ? globWord(pattern) : quote(`${cwd}/`) + globWord(pattern);
  return sh`play_found=; for play_path in ${raw(words)}; do if [ -e "$play_path" ] || [ -L "$play_path" ]; then play_found=1; fi; done;`;
}

/** A shell word in which only `*`, `?` and `[…]` are special. */
function globWord(pattern: string): string {
  return pattern
    .split(/(\*|\?|\[[!^]?\]?[^\]/]*\])/)
    .map((part, i) => (i % 2 === 0 ? (part === '' ? '' : quote(part)) : bracket(part)))
    .join('');
}

/** The inside of `[…]` is quoted character by character, but for the marks of a range and of "not". */
function bracket(part: string): string {
  if (!part.startsWith('[')) return part;
  const [, not = '', inside = ''] = /^\[([!^]?)(.*)\]$/.exec(part) ?? [];
  const quoted = [...inside].map((char) => (char === '-' ? char : quote(char))).join('');
  return `[${not === '' ? '' : '!'}${quoted}]`;
}
