import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { choice, flag, packageList, shellWords, text } from '../shared/params.ts';
import { type PipQuestion, pipProbe } from '../shared/pip-probe.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'What to install, one or a list: `django`, `django>=4.2,<5`, a folder or a package file of the host, or an address as `git+https://…@v1`.',
      ),
    ),
    requirements: Type.Optional(text('A requirements file of the host.')),
    version: Type.Optional(text('The version of the one `name`.')),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent', 'forcereinstall'],
        '`present` installs what is missing or of another version, `latest` also upgrades, `absent` uninstalls, `forcereinstall` installs each time.',
        'present',
      ),
    ),
    virtualenv: Type.Optional(
      text('A virtual environment to install into, made when it is missing; alone, just that.'),
    ),
    virtualenv_python: Type.Optional(text('The Python that a new virtual environment gets.', 'python3')),
    virtualenv_command: Type.Optional(
      shellWords('The command that makes one, `virtualenv` for example; `python3 -m venv` when not said.'),
    ),
    virtualenv_site_packages: Type.Optional(flag('A new virtual environment sees the packages of the system.')),
    executable: Type.Optional(
      text(
        'The pip to use outside of a virtual environment, `pip3.11` or `/opt/app/bin/pip`; its Python is looked for beside it.',
      ),
    ),
    editable: Type.Optional(flag('Install folders so that changes in them count at once.')),
    extra_args: Type.Optional(shellWords('Further arguments of `pip install`: `--no-index --find-links /srv/wheels`.')),
    chdir: Type.Optional(text('Folder that relative paths are in.')),
  },
  { additionalProperties: false },
);

/** Python packages, by pip. */
export const pip = {
  name: 'pip',
  on: 'host',
  summary: 'Python packages are installed, at their newest version, or not there.',
  params,
  result: {
    name: 'What was asked for, as a list.',
    requirements: 'The requirements file; empty when there is none.',
    virtualenv: 'The virtual environment; empty when there is none.',
    version: 'The version that was asked for; empty when none was.',
  },
  examples: [
    { pip: { name: 'gunicorn', virtualenv: '/srv/shop/venv' } },
    {
      pip: {
        requirements: '/srv/shop/requirements.txt',
        virtualenv: '/srv/shop/venv',
        virtualenv_python: 'python3.11',
      },
    },
    { pip: { name: ['django>=4.2,<5', 'psycopg[binary]'], extra_args: '--index-url https://pypi.example.com/simple' } },
    { pip: { name: 'docker', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  shellText: { extra_args: 'words', virtualenv_command: 'words' },
  exclusive: [
    ['name', 'requirements'],
    ['executable', 'virtualenv'],
  ],
  requireOne: [['name', 'requirements', 'virtualenv']],
  resource(asked): Resource {
    checkArgs(pip, asked);
    const { state = 'present', requirements = '', version, virtualenv } = asked;
    const names = wanted(asked);
    const result = () => ({ name: names, requirements, virtualenv: virtualenv ?? '', version: version ?? '' });
    const python = pythonOf(asked);
    const make = virtualenv === undefined ? raw(':') : creation(virtualenv, asked);
    const run = inFolder(asked.chdir, joinSh([make, installation(asked, names, python)], ' && '));
    if (state === 'forcereinstall') return { kind: 'action', run, result };
    const question: PipQuestion = {
      state,
      names,
      requirements,
      editable: asked.editable ?? false,
      extra: asked.extra_args ?? [],
    };
    // An environment alone needs no pip.
    const look =
      names.length === 0 && requirements === ''
        ? raw("echo 'as asked'")
        : sh`${python} -c ${pipProbe} ${JSON.stringify(question)}`;
    // A new environment is empty: nothing has to be removed from one that is not there.
    const blank = raw(state === 'absent' ? "echo 'as asked'" : "echo 'no virtual environment'");
    const probe =
      virtualenv === undefined
        ? sh`if command -v ${python} >/dev/null 2>&1; then ${look}; else echo no ${python} here >&2; (exit 10); fi`
        : sh`if [ -x ${python} ]; then ${look}; else ${blank}; fi`;
    return {
      kind: 'converge',
      probe: [{ sh: inFolder(asked.chdir, probe) }],
      expect: 'as asked',
      apply: run,
      ...(state === 'latest' && { verify: 'apply' as const }),
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Asked = Static<typeof params>;

function wanted({ name = [], version, state }: Asked): string[] {
  const names = [name].flat().map((word) => word.trim());
  for (const word of names)
    if (word.startsWith('-')) throw badArgs('pip', `"${word}" would be an option of pip`, 'options go to extra_args');
  if (version === undefined) return names.filter((word) => word !== '');
  if (state === 'latest') throw badArgs('pip', 'version and state: latest exclude each other');
  if (names.length !== 1) throw badArgs('pip', 'version goes with one name', 'write name==version in the list');
  return [`${names[0]}==${version}`];
}

/** The Python whose packages are meant: of the environment, beside the given pip, or the system's. */
function pythonOf({ virtualenv, executable }: Asked): string {
  if (virtualenv !== undefined) return `${hostPath('pip', 'virtualenv', virtualenv)}/bin/python`;
  if (executable === undefined) return 'python3';
  const parts = /^(.*\/)?pip([0-9.]*)$/.exec(executable);
  if (!parts)
    throw badArgs('pip', `executable "${executable}" is not the name of a pip`, 'as pip3.11 or /opt/bin/pip3');
  return `${parts[1] ?? ''}python${parts[2] || '3'}`;
}

function creation(virtualenv: string, asked: Asked): Sh {
  const { virtualenv_python: base, virtualenv_command: command, virtualenv_site_packages: sees } = asked;
  const path = hostPath('pip', 'virtualenv', virtualenv);
  const words = [
    ...(command ?? [base ?? 'python3', '-m', 'venv']),
    ...(command !== undefined && base !== undefined ? ['-p', base] : []),
    ...(sees ? ['--system-site-packages'] : []),
  ];
  return sh`{ [ -x ${`${path}/bin/python`} ] || ${words} -- ${path} >&2; }`;
}

function installation(asked: Asked, names: string[], python: string): Sh {
  const { state, requirements, editable, extra_args = [] } = asked;
  const quiet = ['--disable-pip-version-check', '--no-input'];
  if (names.length === 0 && requirements === undefined) return raw(':');
  const what = [...(requirements === undefined ? [] : ['-r', requirements]), ...names];
  if (state === 'absent') return sh`${python} -m pip ${quiet} uninstall -y ${what.map(bare)}`;
  const how = state === 'latest' ? ['--upgrade'] : state === 'forcereinstall' ? ['--force-reinstall'] : [];
  const words = editable ? what.flatMap((word) => (names.includes(word) ? ['-e', word] : [word])) : what;
  return sh`${python} -m pip ${quiet} install ${how} ${extra_args} ${words}`;
}

/** `uninstall` takes no versions. */
function bare(word: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[.*?\])?\s*[<>=!~;]/.test(word)
    ? (word.split(/[[<>=!~;\s]/)[0] ?? word)
    : word;
}

function inFolder(folder: string | undefined, text: Sh): Sh {
  if (folder === undefined) return text;
  const path = hostPath('pip', 'chdir', folder);
  return sh`(if [ -d ${path} ]; then cd -- ${path} && ${text}; else echo ${`there is no folder ${folder}`} >&2; exit 10; fi)`;
}
