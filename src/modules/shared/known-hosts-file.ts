import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';

/** What is asked of a known_hosts file. */
export interface HostKeyWork {
  /** As ssh-keygen looks for it: `host` or `[host]:port`. */
  name: string;
  /** Undefined: `.ssh/known_hosts` in the home of the task's user. */
  path?: string;
  present: boolean;
  /** The entry; undefined: all of this name. `hosts` as it is to be written, maybe hashed. */
  entry?: { marker: string; hosts: string; hashed: boolean; type: string; key: string };
}

/** The probe's text when nothing is to be done. */
export function hostKeyLine({ name, present, entry }: HostKeyWork): string {
  if (!present || !entry) return `no such key of ${name}`;
  return `${entry.hashed ? 'hashed' : 'plain'} ${entry.marker}${entry.type} ${entry.key}`;
}

/** Prints what the file has for this name, as far as it is managed. */
export function hostKeyProbe(work: HostKeyWork): Sh {
  return withFile(work, raw('play_kh_awk 0'));
}

/** Drops what is not to be there and adds what is missing at the end. */
export function hostKeyApply(work: HostKeyWork): Sh {
  const { present, entry, path } = work;
  const line = present && entry ? `${entry.marker}${entry.hosts} ${entry.type} ${entry.key}` : undefined;
  const make =
    path === undefined && present ? raw('{ [ -d "$HOME/.ssh" ] || mkdir -m 700 -- "$HOME/.ssh"; } &&\n') : raw('');
  const rest = sh`play_x=$(play_kh_awk 1) &&
${make}play_b=$(if [ -e "$play_kh_f" ]; then LC_ALL=C awk -v gone="$play_x" 'index(gone, "," NR ",") == 0' "$play_kh_f"; fi && echo .) &&
play_b=\${play_b%.}${line === undefined ? raw('') : sh`${line}$play_nl`} &&
play_real "$play_kh_f" &&
play_put "$play_d" '' '' ''`;
  return withFile(work, rest);
}

function withFile({ name, path, present, entry }: HostKeyWork, rest: Sh): Sh {
  const file = path === undefined ? raw('$HOME/.ssh/known_hosts') : sh`${path}`;
  const settings = sh`play_kh_o=$play_kh_o play_kh_n=${name} play_kh_m=${entry?.marker.trim() ?? ''} play_kh_t=${entry?.type ?? ''} play_kh_k=${entry?.key ?? ''}`;
  return joinSh([
    sh`if ! command -v ssh-keygen >/dev/null 2>&1; then
echo 'there is no ssh-keygen here; a package openssh-client, openssh-clients or openssh-keygen has it' >&2; (exit 10)
else
play_kh_f=${file}
play_kh_z=0 play_kh_o=
if [ -e "$play_kh_f" ]; then play_kh_o=$(ssh-keygen -F ${name} -f "$play_kh_f" 2>&1) || play_kh_z=$?; fi
if [ $play_kh_z != 0 ] && [ -n "$play_kh_o" ]; then printf '%s\\n' "$play_kh_o" >&2; false
else
play_kh_awk() {
${settings} LC_ALL=C awk -v edit="$1" -v present=${present ? 1 : 0} -v hashed=${entry?.hashed ? 1 : 0} -v any=${entry ? 0 : 1} ${program}
}
${rest}
fi
fi`,
  ]);
}

/**
 * Reads the answer of `ssh-keygen -F`: a comment with the number of a line, then the line. With `edit` it prints the numbers of the lines that
 * are to go, else what is there. Lines of patterns are about other hosts too and stay out of it, as for `ssh-keygen -R`.
 */
const program = `BEGIN {
n = split(ENVIRON["play_kh_o"], line, "\\n")
name = ENVIRON["play_kh_n"]
for (i = 1; i <= n; i++) {
if (line[i] ~ /^# Host .* found: line [0-9]+/) {
number = line[i]
sub(/.* found: line /, "", number)
sub(/[^0-9].*/, "", number)
continue
}
m = split(line[i], f, /[ \\t]+/)
marker = ""
if (f[1] ~ /^@/) { marker = f[1]; for (j = 1; j < m; j++) f[j] = f[j + 1] }
if (f[1] ~ /[*?!]/) continue
if (!any && (marker != ENVIRON["play_kh_m"] || f[2] != ENVIRON["play_kh_t"])) continue
same = f[3] == ENVIRON["play_kh_k"]
if (!any && !present && !same) continue
kind = f[1] ~ /^\\|1\\|/
if (edit) gone = gone number ","
else print (kind ? "hashed " : "plain ") (marker == "" ? "" : marker " ") f[2] " " f[3]
seen = 1
}
if (edit) print "," gone
else if (!seen) print "no such key of " name
}`;
