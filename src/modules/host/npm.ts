import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { type NpmQuestion, npmProbe } from '../shared/npm-probe.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      text('The package, `express` or `@scope/name`. Not said: all that the `package.json` of `path` names.'),
    ),
    path: Type.Optional(text('The project: the folder that has, or gets, `node_modules`.')),
    global: Type.Optional(flag('Install for the whole host, where `npm root -g` says.')),
    version: Type.Optional(
      text(
        '`4.18.2`, a range as `^4.18`, or `file:/srv/tea.tgz`. A tag as `next` counts only when the package is missing.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing or of another version; `latest` also upgrades, `name` to the newest version and a project as far as its `package.json` allows; `absent` uninstalls.',
        'present',
      ),
    ),
    ci: Type.Optional(flag('Exactly what `package-lock.json` says, from scratch when anything differs (`npm ci`).')),
    production: Type.Optional(flag('Leave out what only development needs.')),
    ignore_scripts: Type.Optional(flag('Run no scripts of the packages.')),
    no_optional: Type.Optional(flag('Leave out optional dependencies.')),
    registry: Type.Optional(text('Address of the registry.')),
    executable: Type.Optional(text('The npm to use, the full path; its `node` is beside it.')),
  },
  { additionalProperties: false },
);

/** Packages of Node, by npm. */
export const npm = {
  name: 'npm',
  on: 'host',
  summary: 'Packages of Node are installed in a project or for the whole host, or are not there.',
  params,
  result: { name: 'The package; empty for a whole project.', state: 'The state that was asked for.' },
  examples: [
    { npm: { path: '/srv/shop', ci: true, production: true } },
    { npm: { name: 'express', path: '/srv/shop', version: '^4.18' } },
    { npm: { name: 'pm2', global: true, state: 'latest' } },
    { npm: { name: 'grunt', global: true, state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  requireOne: [['path', 'global']],
  resource(asked): Converge {
    checkArgs(npm, asked);
    const { name = '', state = 'present' } = asked;
    const question = questionOf(asked);
    const program = asked.executable;
    const at = program?.includes('/') ? program.slice(0, program.lastIndexOf('/')) : undefined;
    const within = (command: Sh) => (at === undefined ? command : sh`(PATH=${at}:$PATH; export PATH; ${command})`);
    const missing = `no npm here: install Node first${program === undefined ? ', or say executable' : ''}`;
    return {
      kind: 'converge',
      probe: [
        {
          sh: within(sh`if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
node -e ${npmProbe} ${JSON.stringify(question)}
else echo ${missing} >&2; (exit 10); fi`),
        },
      ],
      expect: 'as asked',
      apply: within(applyOf(asked, question)),
      ...(state === 'latest' && { verify: 'apply' as const }),
      result: () => ({ name, state }),
    };
  },
} satisfies HostModule<typeof params>;

type Asked = Static<typeof params>;

function questionOf(asked: Asked): NpmQuestion {
  const { name, version, state = 'present', ci = false, global = false, registry } = asked;
  if (name !== undefined && !/^(@[a-z0-9-~][a-z0-9-._~]*\/)?[A-Za-z0-9~][A-Za-z0-9-._~]*$/.test(name))
    throw badArgs('npm', `"${name}" is not the name of a package`, 'its version or its file goes to version');
  if (version !== undefined && name === undefined) throw badArgs('npm', 'version needs name');
  if (version !== undefined && state === 'latest') throw badArgs('npm', 'version and state: latest exclude each other');
  if (ci && (name !== undefined || state !== 'present' || global))
    throw badArgs('npm', 'ci is about a whole project', 'leave out name, state and global');
  if (name === undefined && (state === 'absent' || global)) throw badArgs('npm', 'name is missing');
  const path = asked.path === undefined ? '/' : hostPath('npm', 'path', asked.path);
  if (!path.startsWith('/')) throw badArgs('npm', `path "${path}" is not absolute`);
  return {
    state,
    path,
    global,
    names: name === undefined ? [] : [{ name, ...(version !== undefined && { spec: version }) }],
    ci,
    production: asked.production ?? false,
    extra: registry === undefined ? [] : ['--registry', registry],
    // With both, the global packages are below the path.
    prefix: global && asked.path !== undefined ? ['--prefix', path] : [],
  };
}

function applyOf(asked: Asked, { names, path, global, extra, prefix, state }: NpmQuestion): Sh {
  const options = [
    '--no-audit',
    '--no-fund',
    '--no-progress',
    ...(global ? ['--global', ...prefix] : ['--prefix', path]),
    ...(asked.production ? ['--omit=dev'] : []),
    ...(asked.no_optional ? ['--omit=optional'] : []),
    ...(asked.ignore_scripts ? ['--ignore-scripts'] : []),
    ...extra,
  ];
  const words = names.map(({ name, spec }) =>
    spec !== undefined ? `${name}@${spec}` : state === 'latest' ? `${name}@latest` : name,
  );
  const bare = names.map(({ name }) => name);
  const verb = asked.ci
    ? 'ci'
    : state === 'absent'
      ? 'uninstall'
      : names.length === 0 && state === 'latest'
        ? 'update'
        : 'install';
  const run = sh`npm ${verb} ${options} -- ${state === 'absent' ? bare : words}`;
  return global ? run : sh`mkdir -p -- ${path} && (cd -- ${path} && ${run})`;
}
