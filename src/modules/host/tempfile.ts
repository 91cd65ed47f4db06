import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    state: Type.Optional(choice(['file', 'directory'], 'What to make.', 'file')),
    path: Type.Optional(text('The directory it is made in; `$TMPDIR` of the host, or `/tmp`, when not said.')),
    prefix: Type.Optional(Type.String({ description: 'What its name begins with.', default: 'play.' })),
    suffix: Type.Optional(Type.String({ description: 'What its name ends with.', default: '' })),
  },
  { additionalProperties: false },
);

/** A new file or directory each time. Nobody else can have made it, and only the user of the task can read it. */
export const tempfile = {
  name: 'tempfile',
  on: 'host',
  summary: 'There is a new, empty file or directory that only the user of the task can use.',
  params,
  result: { path: 'Its path.' },
  examples: [
    { tempfile: { state: 'directory', suffix: '.build' }, register: 'build' },
    { tempfile: { suffix: '.sql' }, register: 'dump' },
    { tempfile: { state: 'directory', path: '/var/tmp', prefix: 'shop-' }, register: 'work' },
  ],
  idempotent: false,
  resource({ state = 'file', path, prefix = 'play.', suffix = '' }): Resource {
    for (const [name, part] of Object.entries({ prefix, suffix })) {
      if (part.includes('/')) throw badArgs('tempfile', `${name} "${part}" holds a /`, 'path says the directory');
    }
    const folder = path === undefined ? raw('"${TMPDIR:-/tmp}"') : sh`${hostPath('tempfile', 'path', path)}`;
    // Neither takes over something that is there: mkdir fails on it, and so does a redirection with `set -C`.
    const make = state === 'directory' ? raw('mkdir -m 700 -- "$play_made"') : raw('true >"$play_made"');
    // Only a name that is taken is worth another try: of all else the system has said why.
    return {
      kind: 'action',
      run: sh`play_into=${folder} play_tries=0 play_made=
if [ ! -d "$play_into" ]; then echo "$play_into is not a directory" >&2; false
else
while [ $play_tries -lt 20 ]; do
play_tries=$((play_tries + 1))
play_made=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n') &&
play_made=\${play_into%/}/${prefix}$play_made${suffix} && (
umask 077
set -C
${make}
) && break
play_tempfile_x=$play_made play_made=
if [ ! -e "$play_tempfile_x" ] && [ ! -L "$play_tempfile_x" ]; then break; fi
done
[ -n "$play_made" ] && printf '%s\\n' "$play_made"
fi`,
      result: ({ stdout }) => ({ path: stdout.replace(/\n$/, '') }),
    };
  },
} satisfies HostModule<typeof params>;
