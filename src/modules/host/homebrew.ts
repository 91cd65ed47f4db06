import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { afterFetch, allNew, listed, upToDate } from '../shared/packages.ts';
import { choice, flag, packageList, text, wordList } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'The formula or cask, or a list of them; all are handled in one go: `wget`, `postgresql@16`, `hashicorp/tap/terraform`.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing, `latest` also upgrades to the newest version, `absent` uninstalls.',
        'present',
      ),
    ),
    path: Type.Optional(
      text(
        'Folders to look for `brew` in, joined by colons, beside those of PATH.',
        '/opt/homebrew/bin:/usr/local/bin:/home/linuxbrew/.linuxbrew/bin',
      ),
    ),
    update_homebrew: Type.Optional(flag('Update Homebrew itself and its formulae first; not in check mode.')),
    upgrade_all: Type.Optional(flag('Upgrade all that is installed.')),
    install_options: Type.Optional(wordList('Options for `brew install`, without their dashes: `HEAD`.')),
  },
  { additionalProperties: false },
);

/** Formulae and casks of Homebrew. */
export const homebrew = {
  name: 'homebrew',
  on: 'host',
  summary:
    'Formulae and casks of Homebrew are installed, at their newest version, or not there. Not run on a real system.',
  params,
  result: { packages: 'The names of the formulae; empty for an upgrade.', state: 'The state that was asked for.' },
  examples: [
    { homebrew: { name: 'wget' } },
    { homebrew: { name: ['git', 'postgresql@16'], state: 'latest', update_homebrew: true } },
    { homebrew: { upgrade_all: true } },
    { homebrew: { name: 'telnet', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  exclusive: [['name', 'upgrade_all']],
  requireOne: [['name', 'upgrade_all']],
  resource(asked, { check }): Converge {
    checkArgs(homebrew, asked);
    const { state = 'present' } = asked;
    const names = formulae(asked.name);
    if (asked.name === undefined && !asked.upgrade_all)
      throw badArgs('homebrew', 'upgrade_all: false without a name is nothing to do');
    const work = asked.name === undefined ? everything(asked, check) : byName({ asked, names, check });
    const brew = finder(asked.path);
    return {
      kind: 'converge',
      probe: [
        {
          sh: sh`${brew}
if play_brew >/dev/null; then
${work.probe}
else echo 'no brew here; path says where to look' >&2; (exit 10)
fi`,
        },
      ],
      expect: work.expect,
      apply: joinSh([brew, work.apply]),
      ...((state === 'latest' || asked.name === undefined) && { verify: 'apply' as const }),
      result: () => ({ packages: names, state }),
    };
  },
} satisfies HostModule<typeof params>;

type Asked = Static<typeof params>;

interface Work {
  probe: Sh;
  expect: string;
  apply: Sh;
}

function byName({ asked, names, check }: { asked: Asked; names: string[]; check: boolean }): Work {
  const { state = 'present' } = asked;
  const brew = raw('"$(play_brew)"');
  if (names.length === 0) return { probe: raw(':'), expect: '', apply: raw(':') };
  const word = state === 'present' ? 'installed' : state;
  const lines = names.map((name) => sh`play_brew_line ${name} ${state}`);
  const update = asked.update_homebrew && !check ? sh`${brew} update -q` : undefined;
  const probe = joinSh([line, ...lines]);
  const options = listed(asked.install_options).map((option) => `--${option.replace(/^-+/, '')}`);
  const install = sh`${quiet} ${brew} install ${options} ${names}`;
  return {
    probe: state === 'latest' ? afterFetch(update, probe) : probe,
    expect: names.map((name) => `${name} ${word}`).join('\n'),
    apply:
      state === 'absent'
        ? sh`${gone(names)}
${quiet} "$(play_brew)" uninstall $play_brew_w`
        : state === 'latest'
          ? sh`${missing(names)}
if [ -n "$play_brew_w" ]; then ${quiet} "$(play_brew)" install ${options} $play_brew_w; fi && ${quiet} ${brew} upgrade ${names}`
          : update === undefined
            ? install
            : sh`${update} && ${install}`,
  };
}

function everything({ update_homebrew }: Asked, check: boolean): Work {
  const brew = raw('"$(play_brew)"');
  const update = update_homebrew && !check ? sh`${brew} update -q` : undefined;
  return {
    probe: afterFetch(update, upToDate(sh`${quiet} ${brew} outdated --verbose 2>/dev/null`)),
    expect: allNew,
    apply: sh`${quiet} ${brew} upgrade`,
  };
}

/** brew updates itself before it installs, which only \`update_homebrew\` is to do. */
const quiet = raw('HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_ENV_HINTS=1');

/** play_brew prints where brew is: a session without a login has no PATH to it. */
function finder(path = '/opt/homebrew/bin:/usr/local/bin:/home/linuxbrew/.linuxbrew/bin'): Sh {
  return sh`play_brew() {
(PATH=$PATH:${path}; command -v brew)
}`;
}

const line = raw(`play_brew_line() {
if ! "$(play_brew)" list --versions "$1" >/dev/null 2>&1; then echo "$1 absent"
elif [ "$2" != latest ]; then echo "$1 installed"
else
play_brew_n=$(HOMEBREW_NO_AUTO_UPDATE=1 "$(play_brew)" outdated --verbose "$1" 2>/dev/null)
echo "\${play_brew_n:-$1 latest}"
fi
}`);

/** play_brew_w: those of the names that are there. */
function gone(names: string[]): Sh {
  return sh`play_brew_w=
for play_brew_n in ${names}; do
if "$(play_brew)" list --versions "$play_brew_n" >/dev/null 2>&1; then play_brew_w="$play_brew_w $play_brew_n"; fi
done`;
}

/** play_brew_w: those of the names that are not there. */
function missing(names: string[]): Sh {
  return sh`play_brew_w=
for play_brew_n in ${names}; do
if ! "$(play_brew)" list --versions "$play_brew_n" >/dev/null 2>&1; then play_brew_w="$play_brew_w $play_brew_n"; fi
done`;
}

function formulae(name: string | string[] = []): string[] {
  return [...new Set(listed([name].flat().join(',')))].map((one) => {
    if (/^[A-Za-z0-9][A-Za-z0-9._+@/-]*$/.test(one)) return one;
    throw badArgs('homebrew', `"${one}" is not the name of a formula`);
  });
}
