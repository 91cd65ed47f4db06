import { posix } from 'node:path';
import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { fields, find } from './accounts.ts';
import { type AuthorizedKey, keyLine, shortKey } from './public-key.ts';

/** What is asked of a user's authorized_keys file. */
export interface KeyWork {
  user: string;
  keys: AuthorizedKey[];
  present: boolean;
  /** Nothing but these keys. */
  exclusive: boolean;
  /** Undefined: `.ssh/authorized_keys` in the user's home. */
  path?: string;
  /** Directory and file are the user's, and nobody else may look into them. */
  manageDir: boolean;
}

/** The lines of a probe when nothing is to be done. */
export function keyLines({ user, keys, present, manageDir }: KeyWork): string {
  const attributes = present && manageDir ? [`directory 0700 of ${user}`, `file 0600 of ${user}`] : [];
  return [...attributes, ...keys.map((key) => (present ? keyLine(key) : `no ${shortKey(key)}`))].join('\n');
}

/** Prints them for what is there. Status 10 when there is no such user. */
export function keyProbe(work: KeyWork): Sh {
  const attributes = sh`play_key_owned "$play_key_d" && play_key_owned "$play_key_f" &&\n`;
  return withUser(work, sh`${work.present && work.manageDir ? attributes : raw('')}play_key_lines 0`);
}

/** Writes the file anew; lines that are none of ours stay, unless the keys are to be the only ones. */
export function keyApply(work: KeyWork): Sh {
  if (!work.manageDir || !work.present) {
    return withUser(
      work,
      raw(`${work.present ? '{ [ -d "$play_key_d" ] || mkdir -p -- "$play_key_d"; } &&\n' : ''}play_b=$(play_key_lines 1 && echo .) && play_b=\${play_b%.} &&
if [ -e "$play_key_f" ]; then play_put "$play_key_f" '' '' ''
else play_put "$play_key_f" 0600 "$play_usr_u" "$play_usr_g"; fi`),
    );
  }
  // Whoever owns the home could lead a link of this name to a directory of the system.
  return withUser(
    work,
    raw(`if [ -L "$play_key_d" ]; then echo "$play_key_d is a link; manage_dir: false leaves the directory alone" >&2; false
else
{ [ -d "$play_key_d" ] || mkdir -m 700 -- "$play_key_d"; } &&
play_attr "$play_key_d" 0700 "$play_usr_u" "$play_usr_g" &&
play_b=$(play_key_lines 1 && echo .) && play_b=\${play_b%.} &&
play_put "$play_key_f" 0600 "$play_usr_u" "$play_usr_g"
fi`),
  );
}

/** Finds the file, then does the rest. */
function withUser({ user, keys, present, exclusive, path }: KeyWork, rest: Sh): Sh {
  const file = path === undefined ? raw('$play_usr_h/.ssh/authorized_keys') : sh`${path}`;
  const directory = path === undefined ? raw('$play_usr_h/.ssh') : sh`${posix.dirname(path)}`;
  return joinSh([
    find,
    sh`play_usr_e=$(play_usr_find passwd ${user})
if [ -z "$play_usr_e" ]; then echo ${`there is no user ${user}`} >&2; (exit 10); else`,
    fields,
    sh`play_key_f=${file}
play_key_d=${directory}
play_key_w=${keys.map(keyLine).join('\n')}
play_key_owned() {
play_st 0 "$1" 'mode uid' || return
case $play_s in
*" $play_usr_u") printf '%s\\n' "\${play_s% *}"${` of ${user}`} ;;
*) printf '%s\\n' "$play_s" ;;
esac
}
play_key_lines() {
if [ -e "$play_key_f" ]; then play_x=$play_key_f; else play_x=/dev/null; fi
play_key_w=$play_key_w LC_ALL=C awk -v edit="$1" -v present=${present ? 1 : 0} -v only=${exclusive ? 1 : 0} ${program} "$play_x"
}
${rest}
fi`,
  ]);
}

/**
 * Reads the file line by line, options in quotes and all. With `edit` it prints the new file: a key stands where it stood, a new one at the end.
 * Else it prints what is found of each wanted key, then, where the keys are to be the only ones, the other lines.
 */
const program = `function parse(s,  c, i, q, f) {
gsub(/^[ \\t]+|[ \\t\\r]+$/, "", s)
options = ""
if (s == "" || s ~ /^#/) return ""
if (s !~ /^(ssh|ecdsa|sk)-[^ \\t]*[ \\t]/) {
for (i = 1; i <= length(s); i++) {
c = substr(s, i, 1)
if (c == "\\\\" && substr(s, i + 1, 1) == "\\"") i++
else if (c == "\\"") q = !q
else if (!q && (c == " " || c == "\\t")) break
}
options = substr(s, 1, i - 1) " "
s = substr(s, i)
sub(/^[ \\t]+/, "", s)
if (s !~ /^(ssh|ecdsa|sk)-[^ \\t]*[ \\t]/) return ""
}
split(s, f, /[ \\t]+/)
type = f[1]
sub(/^[^ \\t]+[ \\t]+[^ \\t]+[ \\t]*/, "", s)
norm = options type " " f[2] (s == "" ? "" : " " s)
return f[2]
}
BEGIN {
n = split(ENVIRON["play_key_w"], want, "\\n")
for (i = 1; i <= n; i++) {
k = parse(want[i])
at[k] = i
short[i] = type " …" substr(k, length(k) - 11)
}
}
{
k = parse($0)
i = k != "" && (k in at) ? at[k] : 0
if (!edit) {
if (i) {
if (i in found) found[i] = found[i] "\\n" norm
else found[i] = norm
}
else if (only && $0 ~ /[^ \\t\\r]/) others = others $0 "\\n"
} else if (i) {
if (present && !(i in done)) print want[i]
done[i] = 1
} else if (!only) print
}
END {
for (i = 1; i <= n; i++) {
if (edit) {
if (present && !(i in done)) print want[i]
} else if (i in found) print found[i]
else print "no " short[i]
}
printf "%s", others
}`;
