import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { checkArgs } from '../shared/args.ts';
import { allNew, listed, upToDate, withProgram } from '../shared/packages.ts';
import { choice, flag, packageList, wordList } from '../shared/params.ts';
import { rpmGoneLine, rpmLatestLine, rpmLine, rpmSpecs } from '../shared/rpm.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'The package, or a list of them; all are handled in one go. Also `nginx-1.24.0`, `nginx-1.2*`, something that a package provides (`/usr/bin/nginx`), or a package file ending in `.rpm`. `*` with `state: latest` is all that is installed.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing, `latest` also upgrades to the newest version of the repositories, `absent` removes.',
        'present',
      ),
    ),
    enablerepo: Type.Optional(wordList('Repositories to use that are switched off.')),
    disablerepo: Type.Optional(wordList('Repositories not to use.')),
    exclude: Type.Optional(wordList('Packages to leave out, when all are upgraded or others are installed.')),
    update_cache: Type.Optional(
      flag(
        'Ask the repositories anew before installing or upgrading, however young what is known is; not in check mode.',
      ),
    ),
    security: Type.Optional(flag('With `state: latest`: only what fixes a weakness.')),
    bugfix: Type.Optional(flag('With `state: latest`: only what fixes a mistake.')),
    autoremove: Type.Optional(
      flag('Alone: remove dependencies that nothing needs. With `state: absent`: those of the removed packages too.'),
    ),
    allowerasing: Type.Optional(flag('Remove packages that are in the way.')),
    allow_downgrade: Type.Optional(flag('Install a version that is asked for even when a newer one is there.')),
    nobest: Type.Optional(flag('Take an older version where the newest cannot be installed.')),
    install_weak_deps: Type.Optional(flag('Install what is only recommended too.', true)),
    disable_gpg_check: Type.Optional(flag('Do not check signatures of packages.')),
  },
  { additionalProperties: false },
);

type Asked = Static<typeof params>;

/** Packages of Fedora, RHEL and their relatives. */
export const dnf = {
  name: 'dnf',
  on: 'host',
  summary:
    'Packages of Fedora and its relatives are installed, at their newest version, or not there. Not run on a real system.',
  params,
  result: { packages: 'The names of the packages.', state: 'The state that was asked for.' },
  examples: [
    { dnf: { name: 'nginx' } },
    { dnf: { name: ['git', 'postgresql-server-15.*'], enablerepo: 'crb', install_weak_deps: false } },
    { dnf: { name: '*', state: 'latest', security: true } },
    { dnf: { name: 'telnet-server', state: 'absent', autoremove: true } },
  ],
  idempotent: true,
  shorthand: 'name',
  requireOne: [['name', 'autoremove']],
  resource(asked, { check }): Converge {
    checkArgs(dnf, asked);
    const { state = 'present' } = asked;
    const refresh = raw(asked.update_cache && !check ? ' --refresh' : '');
    const command = sh`dnf -y ${optionsOf(asked)}${refresh}`;
    const everything = asked.name === '*' && state === 'latest';
    const names = everything || asked.name === undefined ? [] : rpmSpecs('dnf', asked.name);
    const work =
      asked.name === undefined
        ? unneeded(command)
        : everything
          ? upgrade(command, asked)
          : byName(command, { names, asked, state });
    return {
      kind: 'converge',
      ...work,
      probe: [{ sh: withProgram('dnf', work.probe) }],
      ...(state === 'latest' && { verify: 'apply' as const }),
      result: () => ({ packages: names, state }),
    };
  },
} satisfies HostModule<typeof params>;

interface Work {
  probe: Sh;
  expect: string;
  apply: Sh;
}

function byName(command: Sh, { names, asked, state }: { names: string[]; asked: Asked; state: string }): Work {
  const nothing = raw(':');
  if (names.length === 0) return { probe: nothing, expect: '', apply: nothing };
  if (state === 'absent') {
    return {
      probe: joinSh(names.map(rpmGoneLine)),
      expect: names.map((name) => `${name} absent`).join('\n'),
      apply: sh`${command}${raw(asked.autoremove ? '' : ' --noautoremove')} remove ${names}`,
    };
  }
  if (state === 'latest') {
    const list = sh`${command} -q ${advisories(asked)}check-update ${names}`;
    // The list's first column is NAME.ARCH; its status is 100 when there is something.
    const probe = sh`play_pkg_u=$(LC_ALL=C ${list}) || [ $? = 100 ] || play_pkg_u=failed
if [ "$play_pkg_u" = failed ]; then (exit 1); else
play_pkg_u=$(printf '%s\\n' "$play_pkg_u" | sed -n 's/^\\([^ ]*\\)\\.[^. ]*  *[^ ][^ ]*  *[^ ].*/\\1/p')
${joinSh(names.map(rpmLatestLine))}
fi`;
    return {
      probe,
      expect: names.map((name) => `${name} latest`).join('\n'),
      apply: sh`${command} install ${names} && ${command} ${advisories(asked)}upgrade ${names}`,
    };
  }
  const install = sh`${command} install ${names}`;
  const versions = names.some((name) => /-\d/.test(name)) && !asked.allow_downgrade;
  return {
    probe: joinSh(names.map(rpmLine)),
    expect: names.map((name) => `${name} installed`).join('\n'),
    apply: versions ? notBack(command, { names, install }) : install,
  };
}

/** dnf goes back to an older version without asking, which is only done when it may. */
function notBack(command: Sh, { names, install }: { names: string[]; install: Sh }): Sh {
  return sh`case $(LC_ALL=C ${command} --assumeno install ${names} 2>/dev/null) in
(*Downgrading:*) echo 'a newer version is there; allow_downgrade: true goes back' >&2; false ;;
(*) ${install} ;;
esac`;
}

function upgrade(command: Sh, asked: Asked): Work {
  return {
    // Its status is 100 when there is something.
    probe: upToDate(
      sh`LC_ALL=C ${command} -q ${advisories(asked)}check-update || [ $? = 100 ]`,
      raw("sed -n '/^Obsoleting/,$d;/./p'"),
    ),
    expect: allNew,
    apply: sh`${command} ${advisories(asked)}upgrade`,
  };
}

function unneeded(command: Sh): Work {
  return {
    probe: upToDate(sh`${command} -q repoquery --unneeded`, raw("sed 's/./not needed: &/'")),
    expect: allNew,
    apply: sh`${command} autoremove`,
  };
}

function advisories({ security, bugfix }: Asked): Sh {
  return raw(`${security ? '--security ' : ''}${bugfix ? '--bugfix ' : ''}`);
}

function optionsOf(asked: Asked): string[] {
  return [
    ...listed(asked.enablerepo).map((repo) => `--enablerepo=${repo}`),
    ...listed(asked.disablerepo).map((repo) => `--disablerepo=${repo}`),
    ...listed(asked.exclude).map((name) => `--exclude=${name}`),
    ...(asked.allowerasing ? ['--allowerasing'] : []),
    ...(asked.nobest ? ['--nobest'] : []),
    ...(asked.disable_gpg_check ? ['--nogpgcheck'] : []),
    ...(asked.install_weak_deps === undefined ? [] : [`--setopt=install_weak_deps=${asked.install_weak_deps}`]),
  ];
}
