import { posix } from 'node:path';
import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type Account, fields, find, missingHome } from './accounts.ts';

/** Makes the user with shadow's tools, or changes what differs. */
export function accountApply(account: Account): Sh {
  const { name, password } = account;
  const changes = changedFlags(account);
  const steps = [
    sh`if [ -z "$(play_usr_find passwd ${name})" ]; then
${create(account)}
${changes.length > 0 ? sh`else usermod ${changes} -- ${name}` : raw('')}
fi`,
    ...(account.createHome ? [makeHome(name)] : []),
    ...(password === undefined ? [] : [raw('play_usr_password')]),
  ];
  return needsShadow(
    joinSh([find, ...(password === undefined ? [] : [setPassword(name, password)]), joinSh(steps, ' &&\n')]),
  );
}

/** Removes the user, with the home directory and the mail when that is wanted. */
export function accountRemove(name: string, withHome: boolean): Sh {
  return needsShadow(sh`userdel ${withHome ? ['-r'] : []} -- ${name}`);
}

function needsShadow(text: Sh): Sh {
  return sh`if command -v useradd >/dev/null 2>&1; then
${text}
else echo 'there is no useradd here; play makes users with the tools of the package shadow' >&2; false
fi`;
}

function create(account: Account): Sh {
  const { name, home, createHome, system } = account;
  const flags = [...commonFlags(account), ...(createHome ? ['-m'] : ['-M']), ...(system ? ['-r'] : [])];
  const parent = home === undefined ? undefined : posix.dirname(home);
  const make = parent === undefined || !createHome ? raw('') : sh`mkdir -p -- ${parent} && `;
  if (account.group !== undefined) return sh`${make}useradd ${flags} -- ${name}`;
  // A group of the user's name would be in the way of the one that useradd makes.
  return sh`play_usr_x=
if [ -n "$(play_usr_find group ${name})" ]; then play_usr_x=-N; fi
${make}useradd $play_usr_x ${flags} -- ${name}`;
}

function changedFlags(account: Account): string[] {
  return [...(account.append && account.groups ? ['-a'] : []), ...commonFlags(account)];
}

function commonFlags({ uid, group, groups, shell, home, comment }: Account): string[] {
  return [
    ...(uid === undefined ? [] : ['-u', String(uid)]),
    ...(group === undefined ? [] : ['-g', group]),
    ...(groups === undefined ? [] : ['-G', groups.join(',')]),
    ...(shell === undefined ? [] : ['-s', shell]),
    ...(home === undefined ? [] : ['-d', home]),
    ...(comment === undefined ? [] : ['-c', comment]),
  ];
}

/** From a here-document, so that the hash stands in no argument list. */
function setPassword(name: string, password: string): Sh {
  return raw(`play_usr_password() {
chpasswd -e <<'PLAY_END'
${name}:${password}
PLAY_END
}`);
}

/** For a user who has lost the home directory, or never had one: as useradd makes it, with the mode that login.defs(5) says. */
function makeHome(name: string): Sh {
  return sh`play_usr_e=$(play_usr_find passwd ${name}) &&
{
${fields}
} &&
if ${missingHome}; then
play_usr_m= play_usr_x=
if [ -r /etc/login.defs ]; then
while read -r play_usr_k play_usr_l play_usr_o; do
case $play_usr_k in (HOME_MODE) play_usr_m=$play_usr_l ;; (UMASK) play_usr_x=$play_usr_l ;; esac
done </etc/login.defs
fi
mkdir -p -- "\${play_usr_h%/*}/" && (umask "\${play_usr_x:-022}" && mkdir -- "$play_usr_h") &&
{ [ -z "$play_usr_m" ] || chmod -- "$play_usr_m" "$play_usr_h"; } &&
{ [ ! -d /etc/skel ] || cp -R /etc/skel/. "$play_usr_h/"; } &&
chown -R -- "$play_usr_u:$play_usr_g" "$play_usr_h"
fi`;
}
