import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { writeFile } from '../shared/write.ts';

const params = Type.Object(
  {
    name: text('Name of the file: letters, digits, `_` and `-`. sudo passes over names with a dot.'),
    commands: Type.Optional(
      Type.Union([text('A command.'), Type.Array(text('A command.'), { minItems: 1 })], {
        description:
          'What may be run: full paths, with arguments as sudoers(5) says; `ALL` for everything. Commas, colons and equals signs of arguments need a backslash.',
      }),
    ),
    user: Type.Optional(text('Who may: a user.')),
    group: Type.Optional(text('Who may: the members of a group.')),
    runas: Type.Optional(text('As whom: a user, or `user:group`; root when not said.')),
    nopassword: Type.Optional(flag('Without being asked for a password.', true)),
    noexec: Type.Optional(flag('The commands may not start others.')),
    setenv: Type.Optional(flag('With an environment of the caller’s choice.')),
    host: Type.Optional(text('On which hosts, for files that many hosts share.', 'ALL')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the rule is to be there.', 'present')),
    sudoers_path: Type.Optional(text('The directory.', '/etc/sudoers.d')),
    validation: Type.Optional(
      choice(
        ['detect', 'required', 'absent'],
        'Check the rule with `visudo` before it counts: where the host has it, always (without it the task fails), or never.',
        'detect',
      ),
    ),
  },
  { additionalProperties: false },
);

/** Rules of sudo, a file for each. A wrong one would lock everybody out of sudo, so none takes effect unchecked. */
export const sudoers = {
  name: 'sudoers',
  on: 'host',
  summary: 'A user or a group may run commands with sudo, or the rule does not exist.',
  params,
  result: {
    path: 'The file of the rule.',
    state: 'The state that was asked for.',
    rule: 'The rule; empty when absent.',
  },
  examples: [
    {
      sudoers: { name: 'deploy', user: 'deploy', commands: ['/usr/bin/systemctl restart shop', '/usr/bin/journalctl'] },
    },
    { sudoers: { name: 'admins', group: 'admins', commands: 'ALL', nopassword: false } },
    { sudoers: { name: 'dump', user: 'backup', commands: '/usr/bin/pg_dump', runas: 'postgres' } },
    { sudoers: { name: 'interns', state: 'absent' } },
  ],
  idempotent: true,
  exclusive: [['user', 'group']],
  resource(params): Converge {
    checkArgs(sudoers, params);
    const { name, state = 'present', validation = 'detect' } = params;
    if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) {
      throw badArgs('sudoers', `"${name}" is not a name that sudo reads`, 'letters, digits, "_" and "-" make one');
    }
    const path = `${hostPath('sudoers', 'sudoers_path', params.sudoers_path ?? '/etc/sudoers.d')}/${name}`;
    if (state === 'absent') {
      return {
        kind: 'converge',
        probe: [{ stat: path, fields: [] }],
        expect: 'absent',
        apply: sh`rm -f -- ${path}`,
        only: path,
        result: () => ({ path, state, rule: '' }),
      };
    }
    const rule = ruleOf(params);
    return {
      ...writeFile({
        dest: path,
        bytes: new TextEncoder().encode(`${rule}\n`),
        attributes: { mode: '0440' },
        ...(validation !== 'absent' && { validate: validate[validation] }),
      }),
      result: () => ({ path, state, rule }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

const validate = {
  required: 'visudo -cqf %s',
  detect: 'f=%s; if command -v visudo >/dev/null 2>&1; then visudo -cqf "$f"; fi',
};

/** `WHO HOST=(RUNAS)TAGS: COMMANDS` (sudoers(5), User_Spec), spelled as Ansible spells it. */
function ruleOf(params: Params): string {
  const { user, group, runas, commands, nopassword = true, noexec = false, setenv = false, host = 'ALL' } = params;
  const who = user ?? (group === undefined ? undefined : `%${group}`);
  if (who === undefined) throw badArgs('sudoers', 'one of user, group is needed', 'they say who may run the commands');
  if (commands === undefined) throw badArgs('sudoers', 'commands is missing', 'ALL stands for every command');
  const words = { [user === undefined ? 'group' : 'user']: who, runas, host };
  for (const [param, value] of Object.entries(words)) {
    if (value !== undefined && /[\s()=,]/.test(value)) throw badArgs('sudoers', `${param} "${value}" is not one word`);
  }
  const list = [commands].flat();
  const broken = list.find((command) => /[\r\n\0]/.test(command));
  if (broken !== undefined) throw badArgs('sudoers', 'a command is one line');
  const tags = [noexec ? 'NOEXEC:' : '', nopassword ? 'NOPASSWD:' : '', setenv ? 'SETENV:' : ''].join('');
  return `${who} ${host}=${runas === undefined ? '' : `(${runas})`}${tags} ${list.join(', ')}`;
}
