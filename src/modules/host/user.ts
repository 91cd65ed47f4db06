import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { accountApply, accountRemove } from '../shared/account-apply.ts';
import { type Account, accountField, accountLines, accountName, accountProbe, find } from '../shared/accounts.ts';
import { badArgs } from '../shared/args.ts';
import { flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: text('The user.'),
    state: Type.Optional(Type.Enum(['present', 'absent'], { description: '`present` when not said.' })),
    uid: Type.Optional(Type.Integer({ description: 'The number of the user.', minimum: 0 })),
    group: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Integer({ minimum: 0 })], {
        description:
          'Primary group, a name or a number; it has to exist. A new user gets a group of the same name when not said.',
      }),
    ),
    groups: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description:
          'All further groups of the user, a list or joined by commas; others are left, unless `append`. An empty list leaves all.',
      }),
    ),
    append: Type.Optional(flag('Add `groups` to the groups the user is in.')),
    shell: Type.Optional(text('Login shell, the full path.')),
    home: Type.Optional(text('Home directory, the full path; files of an old one stay where they are.')),
    create_home: Type.Optional(
      flag('Make the home directory where it is missing, of a user who is there already too.', true),
    ),
    system: Type.Optional(flag('A new user is a system account.')),
    comment: Type.Optional(Type.String({ description: 'Full name or purpose.' })),
    password: Type.Optional(
      text('Hash of the password, as `openssl passwd -6` prints it; `!` or `*` lets nobody in by password.'),
    ),
    remove: Type.Optional(flag('With `state: absent`: remove the home directory and the mail too.')),
  },
  { additionalProperties: false },
);

/** Accounts of the host, in its own files. */
export const user = {
  name: 'user',
  on: 'host',
  summary: 'A user exists with these properties, or does not exist.',
  params,
  result: { name: 'The user.', state: 'The state that was asked for.' },
  examples: [
    { user: { name: 'shop', system: true, home: '/srv/shop', shell: '/usr/sbin/nologin' } },
    { user: { name: 'ann', groups: ['sudo', 'docker'], append: true, shell: '/bin/bash' } },
    { user: { name: 'bob', state: 'absent', remove: true } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(params): Converge {
    const { state = 'present' } = params;
    const name = accountName('user', 'name', params.name);
    const result = () => ({ name, state });
    if (state === 'absent') {
      const probe = sh`if [ -n "$(play_usr_find passwd ${name})" ]; then echo 'user present'; else echo 'user absent'; fi`;
      const apply = accountRemove(name, params.remove ?? false);
      return { kind: 'converge', probe: [{ sh: joinSh([find, probe]) }], expect: 'user absent', apply, result };
    }
    if (params.remove) throw badArgs('user', 'remove is for state: absent');
    const account = accountOf(name, params);
    const probe = [{ sh: accountProbe(account) }];
    return { kind: 'converge', probe, expect: accountLines(account), apply: accountApply(account), result };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function accountOf(name: string, params: Params): Account {
  const {
    uid,
    group,
    groups,
    append = false,
    shell,
    home,
    create_home = true,
    system = false,
    comment,
    password,
  } = params;
  if (append && groups === undefined) throw badArgs('user', 'append is for groups, and there are none');
  const list = groups === undefined ? undefined : groupList(groups);
  return {
    name,
    append,
    system,
    ...(uid !== undefined && { uid }),
    ...(group !== undefined && {
      group: typeof group === 'number' ? String(group) : accountName('user', 'group', group),
    }),
    ...(list && { groups: list }),
    ...(shell !== undefined && { shell: fullPath('shell', shell) }),
    ...(home !== undefined && { home: fullPath('home', home) }),
    createHome: create_home,
    ...(comment !== undefined && { comment: accountField('user', 'comment', comment) }),
    ...(password !== undefined && { password: hash(password) }),
  };
}

function groupList(groups: string | string[]): string[] {
  const names = [groups].flat().flatMap((text) => text.split(',').map((part) => part.trim()));
  return [...new Set(names.filter((name) => name !== ''))].map((name) => accountName('user', 'group', name)).sort();
}

function fullPath(what: string, path: string): string {
  if (!path.startsWith('/')) throw badArgs('user', `${what} "${path}" is not a full path`);
  return accountField('user', what, path.length > 1 ? path.replace(/\/+$/, '') : path);
}

/** A password in plain text would be stored as if it were a hash, and lock the user out. */
function hash(password: string): string {
  if (/^([!*]+|!?\$[a-z0-9-]+\$[^:\s\0]+)$/.test(password)) return password;
  throw badArgs('user', 'password is not a hash', 'make one with `openssl passwd -6`, or write "!" for no password');
}
