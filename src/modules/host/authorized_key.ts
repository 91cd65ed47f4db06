import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { accountName } from '../shared/accounts.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { type KeyWork, keyApply, keyLines, keyProbe } from '../shared/authorized-keys.ts';
import { choice, flag, text } from '../shared/params.ts';
import { authorizedKeys } from '../shared/public-key.ts';

const params = Type.Object(
  {
    user: text('Whose keys these are; the user has to exist.'),
    key: text('The public key, or several, one a line; each may have options before it.'),
    state: Type.Optional(
      choice(
        ['present', 'absent'],
        'Whether the keys let somebody in. `absent` takes them away whatever their options and comments.',
        'present',
      ),
    ),
    exclusive: Type.Optional(flag('Take away everything else that stands in the file, comments too.')),
    key_options: Type.Optional(
      text('Options of all the keys, instead of those that stand before them: `restrict,from="192.0.2.0/24"`.'),
    ),
    comment: Type.Optional(Type.String({ description: 'Comment of the keys, instead of the one behind each.' })),
    path: Type.Optional(text('The file; `.ssh/authorized_keys` in the home of the user when not said.')),
    manage_dir: Type.Optional(
      flag(
        '`true`: the directory of the file is there with 0700, the file has 0600, and both are the user’s. `false`, for files outside of a home: an existing file keeps its owner and mode.',
        true,
      ),
    ),
  },
  { additionalProperties: false },
);

/** Keys that let somebody in as a user. */
export const authorizedKey = {
  name: 'authorized_key',
  on: 'host',
  summary: 'SSH keys let somebody in as a user, or do not.',
  params,
  result: {
    user: 'The user.',
    state: 'The state that was asked for.',
    key: 'The keys that were asked for.',
    path: 'The file that was asked for; empty when it is the usual one.',
    exclusive: 'Whether the keys were to be the only ones.',
  },
  examples: [
    { authorized_key: { user: 'ann', key: '{{keys.ann}}' } },
    {
      authorized_key: {
        user: 'backup',
        key: '{{backup_key}}',
        key_options: 'restrict,command="/usr/bin/rrsync /srv/backup"',
      },
    },
    { authorized_key: { user: 'deploy', key: '{{deploy_keys}}', exclusive: true } },
    { authorized_key: { user: 'ann', key: '{{old_key}}', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { state = 'present', exclusive = false, key_options, comment, path } = params;
    if (exclusive && state === 'absent') throw badArgs('authorized_key', 'exclusive is for state: present');
    for (const [name, value] of Object.entries({ key_options, comment })) {
      if (value !== undefined && /[\r\n\0]/.test(value)) throw badArgs('authorized_key', `${name} is one line`);
    }
    const keys = authorizedKeys('authorized_key', params.key).map((key) => ({
      ...key,
      ...(key_options !== undefined && { options: key_options.trim() }),
      ...(comment !== undefined && { comment: comment.trim() }),
    }));
    const work: KeyWork = {
      user: accountName('authorized_key', 'user', params.user),
      keys,
      present: state === 'present',
      exclusive,
      manageDir: params.manage_dir ?? true,
      ...(path !== undefined && { path: hostPath('authorized_key', 'path', path) }),
    };
    return {
      kind: 'converge',
      probe: [{ sh: keyProbe(work) }],
      expect: keyLines(work),
      apply: keyApply(work),
      result: () => ({ user: work.user, state, key: params.key, path: path ?? '', exclusive }),
    };
  },
} satisfies HostModule<typeof params>;
