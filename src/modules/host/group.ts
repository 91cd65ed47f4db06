import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { accountName, find } from '../shared/accounts.ts';
import { badArgs } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: text('The group.'),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the group is to exist.', 'present')),
    gid: Type.Optional(
      Type.Integer({ description: 'The number of the group; files keep the number they have.', minimum: 0 }),
    ),
    non_unique: Type.Optional(flag('Let `gid` be the number of another group, too.')),
    system: Type.Optional(flag('A new group gets a number for system accounts.')),
  },
  { additionalProperties: false },
);

/** Groups of the host, in its own files. */
export const group = {
  name: 'group',
  on: 'host',
  summary: 'A group exists, with this number, or does not exist.',
  params,
  result: {
    name: 'The group.',
    state: 'The state that was asked for.',
    gid: 'The number that was asked for; null when none was.',
    system: 'Whether a system group was asked for.',
  },
  examples: [
    { group: { name: 'shop', system: true } },
    { group: { name: 'developers', gid: 1750 } },
    { group: { name: 'interns', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name: given, state = 'present', gid, non_unique = false, system = false }): Converge {
    const name = accountName('group', 'name', given);
    const result = () => ({ name, state, gid: gid ?? null, system });
    if (non_unique && gid === undefined) throw badArgs('group', 'non_unique is for gid, and there is none');
    if (state === 'absent') {
      if (gid !== undefined) throw badArgs('group', 'gid is for a group that is to be there');
      return {
        kind: 'converge',
        probe: [{ sh: probe(name, false) }],
        expect: 'group absent',
        apply: needsShadow(sh`groupdel -- ${name}`),
        result,
      };
    }
    const number = gid === undefined ? [] : ['-g', String(gid), ...(non_unique ? ['-o'] : [])];
    const change = number.length === 0 ? raw('') : sh`\nelse groupmod ${number} -- ${name}`;
    const make = sh`if [ -z "$(play_usr_find group ${name})" ]; then groupadd ${number} ${system ? ['-r'] : []} -- ${name}${change}
fi`;
    return {
      kind: 'converge',
      probe: [{ sh: probe(name, gid !== undefined) }],
      expect: gid === undefined ? 'group present' : `group present\ngid ${gid}`,
      apply: needsShadow(joinSh([find, make])),
      result,
    };
  },
} satisfies HostModule<typeof params>;

/** Whether the group is there, and its number where that is managed. */
function probe(name: string, withNumber: boolean): Sh {
  const number = raw('\nplay_usr_e=${play_usr_e#*:*:}\necho "gid ${play_usr_e%%:*}"');
  return joinSh([
    find,
    sh`play_usr_e=$(play_usr_find group ${name})
if [ -z "$play_usr_e" ]; then echo 'group absent'
else echo 'group present'${withNumber ? number : raw('')}
fi`,
  ]);
}

function needsShadow(text: Sh): Sh {
  return sh`if command -v groupadd >/dev/null 2>&1; then
${text}
else echo 'there is no groupadd here; play makes groups with the tools of the package shadow' >&2; false
fi`;
}
