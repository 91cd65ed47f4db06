import type { Sh } from '../../model/resource.ts';
import { joinSh, raw } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/** Runs this where there is a docker, and cannot tell anything where there is none. */
export function whereDocker(body: Sh): Sh {
  return joinSh([
    raw('if command -v docker >/dev/null 2>&1; then'),
    body,
    raw(`else echo 'there is no docker on the host; a package task can install it' >&2; (exit 10)
fi`),
  ]);
}

/**
 * Defines `play_dk_look TYPE FORMAT NAME`, which puts what docker says about one object into play_dk_i, a newline around each line.
 * It stays empty where there is no such object; any other complaint of docker is a failure.
 */
export const dockerLook = raw(`play_dk_look() {
play_dk_i=$(docker "$1" inspect --format "$2" "$3" 2>&1)
case $?,$play_dk_i in
(0,*) play_dk_i=$play_nl$play_dk_i$play_nl ;;
(*'o such '*|*'not found'*) play_dk_i= ;;
(*) printf '%s\\n' "$play_dk_i" >&2; return 1 ;;
esac
}
play_dk_has() { case $play_dk_i in (*"$play_nl$1$play_nl"*) ;; (*) return 1 ;; esac; }
play_dk_line() { play_dk_x=\${play_dk_i#*"$play_nl$1 "}; printf '%s\\n' "$1 \${play_dk_x%%"$play_nl"*}"; }`);

/** Text as `{{json .}}` of docker prints it: JSON of Go, which escapes two line ends of Unicode, and unlike elsewhere leaves `<`, `>` and `&`. */
export function goJson(value: string | readonly string[]): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}

/** A command line: a list is taken as it is, text is split into words at white space, with the quotes and backslashes of POSIX 2.2. */
export function commandWords(module: string, param: string, value: string | readonly string[]): readonly string[] {
  if (typeof value !== 'string') return value;
  const word = /(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g;
  const rest = value.replace(word, '').trim();
  if (rest !== '') throw badArgs(module, `${param} has a quote ${rest[0]} that is not closed`);
  return (value.match(word) ?? []).map((text) =>
    text.replace(
      /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g,
      (_, char, double, single) => char ?? single ?? (double as string).replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}
