import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/** An account to have, checked; what is undefined is left as it is. */
export interface Account {
  name: string;
  uid?: number;
  /** Primary group: a name or a number. */
  group?: string;
  /** Supplementary groups, sorted. */
  groups?: string[];
  append: boolean;
  shell?: string;
  home?: string;
  /** Make the home directory where it is missing. */
  createHome: boolean;
  system: boolean;
  comment?: string;
  /** As it stands in /etc/shadow. */
  password?: string;
}

/** The lines a probe prints when nothing is to be done. */
export function accountLines(account: Account): string {
  const { uid, group, groups, shell, home, comment } = account;
  const fields = { uid, group, groups: groups?.join(','), shell, home, comment };
  return [
    'user present',
    ...Object.entries(fields).flatMap(([field, value]) =>
      value === undefined ? [] : value === '' ? field : `${field} ${value}`,
    ),
    ...(account.password === undefined ? [] : ['password as given']),
    ...(account.createHome ? ['home directory there'] : []),
  ].join('\n');
}

/** Prints the same lines for what is there. Status 10 when a group is missing or the password cannot be read. */
export function accountProbe(account: Account): Sh {
  const needed = [...(account.group === undefined ? [] : [account.group]), ...(account.groups ?? [])];
  return joinSh([
    find,
    sh`play_usr_m=
for play_usr_x in ${needed}; do
if [ -z "$(play_usr_find group "$play_usr_x")" ]; then play_usr_m="$play_usr_m $play_usr_x"; fi
done
play_usr_e=$(play_usr_find passwd ${account.name})
if [ -n "$play_usr_m" ]; then echo "there is no group$play_usr_m" >&2; (exit 10)
elif [ -z "$play_usr_e" ]; then echo 'user absent'`,
    ...(account.password === undefined
      ? []
      : [raw(`elif [ ! -r /etc/shadow ]; then echo 'only root can read passwords: become: true' >&2; (exit 10)`)]),
    raw('else'),
    fields,
    raw(`echo 'user present'`),
    ...(account.uid === undefined ? [] : [raw('echo "uid $play_usr_u"')]),
    ...(account.group === undefined ? [] : [primaryLine(account.group)]),
    ...(account.groups === undefined ? [] : [groupsLine(account.name, account.groups, account.append)]),
    ...(account.shell === undefined ? [] : [raw(`printf 'shell %s\\n' "$play_usr_s"`)]),
    ...(account.home === undefined ? [] : [raw(`printf 'home %s\\n' "$play_usr_h"`)]),
    ...(account.comment === undefined ? [] : [raw(`printf 'comment%s\\n' "\${play_usr_c:+ }$play_usr_c"`)]),
    ...(account.password === undefined ? [] : [passwordLine(account.name, account.password)]),
    ...(account.createHome
      ? [sh`if ${missingHome}; then echo 'home directory missing'; else echo 'home directory there'; fi`]
      : []),
    raw('fi'),
  ]);
}

/** Finds a line of passwd, group or shadow; without getent (busybox) only in the local file. */
export const find = raw(`play_usr_find() {
if command -v getent >/dev/null 2>&1; then getent "$1" "$2" 2>/dev/null
else
while IFS= read -r play_usr_l; do
case $play_usr_l in ("$2":*) printf '%s\\n' "$play_usr_l" ;; esac
done <"/etc/$1"
fi
}`);

/** Takes play_usr_e, a line of passwd, apart. */
export const fields =
  raw(`IFS=: read -r play_usr_n play_usr_p play_usr_u play_usr_g play_usr_c play_usr_h play_usr_s <<PLAY_END
$play_usr_e
PLAY_END`);

/** Whether the user of `fields` has no home directory and may have one: Debian gives `/nonexistent` to those who never get any. */
export const missingHome = raw(
  `[ -n "$play_usr_h" ] && [ ! -d "$play_usr_h" ] && [ "\${play_usr_h#/nonexistent}" = "$play_usr_h" ]`,
);

/** The primary group as the author named it when it is that group, else its number. */
function primaryLine(group: string): Sh {
  return sh`play_usr_x=$(play_usr_find group ${group})
play_usr_x=\${play_usr_x#*:*:}
if [ "\${play_usr_x%%:*}" = "$play_usr_g" ]; then echo ${`group ${group}`}; else echo "group $play_usr_g"; fi`;
}

/** Wanted groups that the user is in, and the others unless they do not matter. Only local groups can be changed, so only they count. */
function groupsLine(name: string, groups: readonly string[], append: boolean): Sh {
  const others = append
    ? raw(':')
    : sh`for play_usr_x in $play_usr_i; do
case ,${groups.join(',')}, in (*",$play_usr_x,"*) ;; (*) play_usr_o=$play_usr_o,$play_usr_x ;; esac
done`;
  return sh`play_usr_i=
while IFS=: read -r play_usr_x play_usr_l play_usr_l play_usr_m; do
case ,$play_usr_m, in (*,${name},*) play_usr_i="$play_usr_i $play_usr_x" ;; esac
done </etc/group
play_usr_o=
for play_usr_x in ${groups}; do
case "$play_usr_i " in (*" $play_usr_x "*) play_usr_o=$play_usr_o,$play_usr_x ;; esac
done
${others}
if [ -n "$play_usr_o" ]; then echo "groups \${play_usr_o#,}"; else echo groups; fi`;
}

/** Says only whether it is the wanted one: a hash is not for diffs. */
function passwordLine(name: string, password: string): Sh {
  return sh`play_usr_x=$(play_usr_find shadow ${name})
play_usr_x=\${play_usr_x#*:}
if [ "\${play_usr_x%%:*}" = ${password} ]; then echo 'password as given'; else echo 'password another'; fi`;
}

/** Names that shadow's tools accept; a leading \`-\` would be an option. */
export function accountName(module: string, what: string, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/.test(name)) {
    throw badArgs(
      module,
      `${what} "${name}" is not a name that accounts can have`,
      'letters, digits, "_", "." and "-", at most 32, beginning with a letter',
    );
  }
  return name;
}

/** A field of /etc/passwd: colons and line breaks part fields and users there. */
export function accountField(module: string, what: string, value: string): string {
  if (/[:\n\r\0]/.test(value)) throw badArgs(module, `${what} must not hold a colon or a line break`);
  return value;
}
