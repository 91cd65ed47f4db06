import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { choice, text as filled, flag } from '../shared/params.ts';

const params = Type.Object(
  {
    path: filled('The file or directory on the host.'),
    state: Type.Optional(
      choice(['present', 'absent', 'query'], 'Whether the entry is to be there; `query` only reads.', 'query'),
    ),
    etype: Type.Optional(choice(['user', 'group', 'mask', 'other'], 'Whom the entry is about.')),
    entity: Type.Optional(
      Type.String({ description: 'The user or group, a name or a number; empty for the owner of the path.' }),
    ),
    permissions: Type.Optional(
      Type.String({
        description: 'Any of `r`, `w`, `x` and `X` (`x` for directories and programs only); `-` or nothing for none.',
        pattern: '^[rwxX-]*$',
      }),
    ),
    default: Type.Optional(flag('The entry is what new files in the directory get.')),
    recursive: Type.Optional(flag('The same for all that is below the directory.')),
    recalculate_mask: Type.Optional(
      choice(
        ['default', 'mask', 'no_mask'],
        'The mask: as setfacl does it by itself, always calculated anew, or left alone.',
        'default',
      ),
    ),
  },
  { additionalProperties: false },
);

/** One entry of an access control list, with the tools of the package acl. */
export const acl = {
  name: 'acl',
  on: 'host',
  summary: 'A file or directory has this entry in its access control list, or does not have it.',
  params,
  result: { acl: 'With `state: query` all entries as getfacl prints them, else none.' },
  examples: [
    {
      acl: {
        path: '/srv/shop',
        etype: 'user',
        entity: 'deploy',
        permissions: 'rwX',
        recursive: true,
        state: 'present',
      },
    },
    {
      acl: {
        path: '/srv/shop',
        etype: 'group',
        entity: 'www-data',
        permissions: 'rx',
        default: true,
        state: 'present',
      },
    },
    { acl: { path: '/srv/shop', etype: 'user', entity: 'bob', state: 'absent' } },
    { acl: { path: '/srv/shop' } },
  ],
  idempotent: true,
  resource(params): Resource {
    const path = hostPath('acl', 'path', params.path);
    const { state = 'query' } = params;
    if (state === 'query') {
      return {
        kind: 'action',
        reads: true,
        run: guarded(path, { program: 'getfacl', text: sh`getfacl -c -p -- ${path}`, status: 'false' }),
        result: ({ stdout }) => ({ acl: stdout.split('\n').filter(Boolean) }),
      };
    }
    const change = changeOf(params, state);
    const wanted = `${state}: ${change.shown}`;
    // An account that an earlier task would make is not known yet in a check.
    const whose = params.entity ? `; is there a ${params.etype} ${params.entity} on the host?` : '';
    // setfacl itself knows what an entry would change, with names, numbers, X and the mask: it lists `PATH: u::…` or `PATH: *,d:…`.
    const measure = sh`if play_acl=$(setfacl --test ${change.words} -- ${path}); then
play_acl=$(printf '%s\\n' "$play_acl" | sed -n -e 's/: u::.*//p' -e 's/: \\*,d:.*//p' | head -n 20)
if [ -z "$play_acl" ]; then echo ${wanted}; else printf '%s\\n' "$play_acl" | sed 's/^/differs: /'; fi
else echo ${`setfacl does not take ${change.shown}${whose}`} >&2; (exit 10)
fi`;
    return {
      kind: 'converge',
      probe: [{ sh: guarded(path, { program: 'setfacl', text: measure, status: '(exit 10)' }) }],
      expect: wanted,
      apply: sh`setfacl ${change.words} -- ${path}`,
      result: () => ({ acl: [] }),
    };
  },
} satisfies HostModule<typeof params>;

/** Only where the program and the path are there. */
function guarded(path: string, { program, text, status }: { program: string; text: Sh; status: string }): Sh {
  return sh`if ! command -v ${program} >/dev/null 2>&1; then echo ${`there is no ${program} here; it is part of the package acl`} >&2; ${{ sh: status }}
elif [ ! -e ${path} ]; then echo ${`${path} does not exist`} >&2; ${{ sh: status }}
else
${text}
fi`;
}

type Params = Static<typeof params>;

/** Options of setfacl for the change, and the entry as it is told to people. */
function changeOf(params: Params, state: 'present' | 'absent'): { words: string[]; shown: string } {
  const { etype, entity = '', permissions, recursive, recalculate_mask: mask = 'default' } = params;
  if (etype === undefined) throw badArgs('acl', `state: ${state} needs etype`);
  if (entity !== '' && (etype === 'mask' || etype === 'other')) throw badArgs('acl', `etype: ${etype} has no entity`);
  if (state === 'present' && permissions === undefined) throw badArgs('acl', 'state: present needs permissions');
  if (state === 'absent' && permissions !== undefined) {
    throw badArgs('acl', 'permissions are for state: present', 'an entry is taken away whatever it allows');
  }
  // Octal numbers stand for what parts entries and fields (setfacl reads them back).
  const name = entity.replaceAll(/[\s,:\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  const bare = `${params.default ? 'default:' : ''}${etype}:${name}`;
  const entry = state === 'present' ? `${bare}:${permissions || '-'}` : bare;
  const masks = { default: [], mask: ['--mask'], no_mask: ['-n'] }[mask];
  return { words: [...(recursive ? ['-R'] : []), ...masks, state === 'present' ? '-m' : '-x', entry], shown: entry };
}
