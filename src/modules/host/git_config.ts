import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { whereGit } from '../shared/git-program.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The setting: `user.email`, `url.git@example.com:.insteadOf`.',
      pattern: '^[A-Za-z0-9-]+\\.([^\\r\\n]+\\.)?[A-Za-z][A-Za-z0-9-]*$',
    }),
    value: Type.Optional(
      Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
        description:
          'The value. For a moment it is an argument of `git`, which every user of the host can see: nothing for secrets.',
      }),
    ),
    state: Type.Optional(choice(['present', 'absent'], '`absent`: no value at all is left.', 'present')),
    scope: Type.Optional(
      choice(
        ['system', 'global', 'local', 'file'],
        'Where it stands: in the file of the host, of the user, of the repository `repo`, or in `file`.',
        'system',
      ),
    ),
    repo: Type.Optional(text('The directory of the repository, for `scope: local`.')),
    file: Type.Optional(text('The file, for `scope: file`; it is made where it is missing.')),
    add_mode: Type.Optional(
      choice(
        ['replace-all', 'add'],
        '`replace-all`: it is the only value. `add`: it is one of the values, and the others stay.',
        'replace-all',
      ),
    ),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** A setting of git, by git itself. */
export const gitConfig = {
  name: 'git_config',
  on: 'host',
  summary: 'A setting of git has this value, or none.',
  params,
  result: { name: 'The setting.', scope: 'Where it stands.' },
  examples: [
    { git_config: { name: 'user.email', value: 'deploy@example.com', scope: 'global' } },
    { git_config: { name: 'core.sharedRepository', value: 'group', scope: 'local', repo: '/srv/git/shop.git' } },
    { git_config: { name: 'safe.directory', value: '/srv/shop', add_mode: 'add' } },
    { git_config: { name: 'http.proxy', state: 'absent', scope: 'file', file: '/etc/gitconfig.d/proxy' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { name, value, state = 'present', scope = 'system', add_mode: mode = 'replace-all' } = params;
    const git = sh`git ${place(params)}`;
    const result = () => ({ name, scope });
    if (state === 'absent') {
      const apply = sh`${git} --unset-all ${name}`;
      return { kind: 'converge', probe: [{ sh: look(git, name) }], expect: 'absent', apply, result };
    }
    if (value === undefined) throw badArgs('git_config', 'value is missing', 'state: absent takes a setting away');
    const [word, line] = [String(value), lineOf(String(value))];
    return {
      kind: 'converge',
      probe: [{ sh: look(git, name, mode === 'add' ? line : undefined) }],
      expect: line,
      apply: sh`${git} ${`--${mode}`} ${name} ${word}`,
      result,
    };
  },
} satisfies HostModule<typeof params>;

/** The words that say which file is meant. */
function place({ scope = 'system', repo, file }: Params): string[] {
  for (const [param, path, its] of [
    ['repo', repo, 'local'],
    ['file', file, 'file'],
  ] as const) {
    if (scope === its && path === undefined) throw badArgs('git_config', `scope: ${its} needs ${param}`);
    if (scope !== its && path !== undefined) throw badArgs('git_config', `${param} is for scope: ${its}`);
  }
  if (repo !== undefined) return ['-C', hostPath('git_config', 'repo', repo), 'config', '--local'];
  if (file !== undefined) return ['config', '--file', hostPath('git_config', 'file', file)];
  return ['config', `--${scope}`];
}

/** How the probe prints a value: on one line, and unlike `absent`. */
function lineOf(value: string): string {
  return `= ${value.replaceAll('\n', '\u0001')}`;
}

/** Prints the values, or only the one that is among them. Status 1 without a word means that there is none (git-config(1)). */
function look(git: Sh, name: string, among?: string): Sh {
  const values = sh`play_gc_v=$(${git} --null --get-all ${name} | tr '\\n\\000' '\\001\\n' | sed 's/^/= /')`;
  const one =
    among === undefined
      ? raw('')
      : sh`
case $play_nl$play_gc_v$play_nl in *"$play_nl"${among}"$play_nl"*) play_gc_v=${among} ;; esac`;
  return whereGit(
    'git',
    sh`if play_gc_v=$(${git} --get-all ${name} 2>&1); then
${values}${one}
printf '%s\\n' "$play_gc_v"
elif [ $? = 1 ] && [ -z "$play_gc_v" ]; then echo absent
else printf '%s\\n' "$play_gc_v" >&2; false; fi`,
  );
}
