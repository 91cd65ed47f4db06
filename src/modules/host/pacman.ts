import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import {
  afterFetch,
  allNew,
  packageNames,
  packageWord,
  upToDate,
  wantedLine,
  withProgram,
} from '../shared/packages.ts';
import { choice, flag, packageList } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'The package, or a list of them; all are handled in one go. The name of a group stands for its packages, a name that a package provides for that; `nginx=1.24.0` asks for a version.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing, `latest` also upgrades to the newest version of the databases, `absent` removes.',
        'present',
      ),
    ),
    update_cache: Type.Optional(
      flag(
        'Fetch the databases first: for `present` only when something is missing, else each time; not in check mode. Arch wants this together with `upgrade`.',
      ),
    ),
    upgrade: Type.Optional(flag('Upgrade all packages.')),
    force: Type.Optional(
      flag('With `update_cache`: fetch the databases even when they seem new. With `absent`: remove what others need.'),
    ),
    remove_nosave: Type.Optional(flag('With `absent`: remove settings that were edited too.')),
    recurse: Type.Optional(flag('With `absent`: remove dependencies that nothing needs any more.')),
  },
  { additionalProperties: false },
);

/** Packages of Arch and its relatives. */
export const pacman = {
  name: 'pacman',
  on: 'host',
  summary:
    'Packages of Arch and its relatives are installed, at their newest version, or not there. Not run on a real system.',
  params,
  result: { packages: 'The names of the packages; empty for an upgrade.', state: 'The state that was asked for.' },
  examples: [
    { pacman: { name: 'nginx' } },
    { pacman: { name: ['git', 'base-devel'], update_cache: true } },
    { pacman: { upgrade: true, update_cache: true } },
    { pacman: { name: 'vi', state: 'absent', recurse: true, remove_nosave: true } },
  ],
  idempotent: true,
  shorthand: 'name',
  exclusive: [['name', 'upgrade']],
  requireOne: [['name', 'upgrade']],
  resource(asked, { check }): Converge {
    checkArgs(pacman, asked);
    const { name, state = 'present' } = asked;
    const names = name === undefined ? [] : packageNames('pacman', name);
    const refresh = asked.update_cache && !check ? raw(asked.force ? 'pacman -Syy' : 'pacman -Sy') : undefined;
    if (name === undefined && !asked.upgrade) throw badArgs('pacman', 'upgrade: false without a name is nothing to do');
    const work = name === undefined ? upgrade(refresh) : byName({ asked, names, state, refresh });
    return {
      kind: 'converge',
      ...work,
      probe: [{ sh: withProgram('pacman', work.probe) }],
      ...((state === 'latest' || name === undefined) && { verify: 'apply' as const }),
      result: () => ({ packages: names.map((entry) => entry.name), state }),
    };
  },
} satisfies HostModule<typeof params>;

interface Work {
  probe: Sh;
  expect: string;
  apply: Sh;
}

interface Named {
  asked: Static<typeof params>;
  names: ReturnType<typeof packageNames>;
  state: 'present' | 'latest' | 'absent';
  refresh: Sh | undefined;
}

function byName({ asked, names, state, refresh }: Named): Work {
  if (names.length === 0) return { probe: raw(':'), expect: '', apply: raw(':') };
  const lines = names.map((entry) => {
    const word = packageWord(entry);
    const wanted = wantedLine(entry, state);
    if (state === 'absent') return sh`play_pkg_gone ${entry.name}`;
    return sh`play_pkg_line ${word} ${entry.name} ${wanted}`;
  });
  const probe = joinSh([state === 'absent' ? goneLine : state === 'latest' ? latestLine : presentLine, ...lines]);
  const install = sh`pacman -S --noconfirm --noprogressbar --needed -- ${names.map(packageWord)}`;
  return {
    probe: state === 'latest' ? afterFetch(refresh, probe) : probe,
    expect: names.map((entry) => wantedLine(entry, state)).join('\n'),
    apply:
      state === 'absent'
        ? removal(asked, names)
        : refresh !== undefined && state === 'present'
          ? sh`${refresh} >/dev/null && ${install}`
          : install,
  };
}

/** pacman refuses to remove anything when one of the names is not there. */
function removal({ force, remove_nosave, recurse }: Named['asked'], names: Named['names']): Sh {
  const how = raw(`-R${force ? 'dd' : ''}${remove_nosave ? 'n' : ''}${recurse ? 's' : ''}`);
  return sh`play_pkg_w=
for play_pkg_x in ${names.map((entry) => entry.name)}; do
for play_pkg_y in $(pacman -Sgq "$play_pkg_x" 2>/dev/null || echo "$play_pkg_x"); do
if pacman -Qq "$play_pkg_y" >/dev/null 2>&1; then play_pkg_w="$play_pkg_w $play_pkg_y"; fi
done
done
pacman ${how} --noconfirm --noprogressbar -- $play_pkg_w`;
}

function upgrade(refresh: Sh | undefined): Work {
  return {
    probe: afterFetch(refresh, upToDate(raw('pacman -Qu 2>/dev/null || :'), raw("sed '/\\[ignored]$/d'"))),
    expect: allNew,
    apply: raw('pacman -Su --noconfirm --noprogressbar'),
  };
}

/** `-T` prints what of its words is not satisfied; the members of a group take its place. */
const presentLine = raw(`play_pkg_line() {
play_pkg_g=$(pacman -Sgq "$1" 2>/dev/null) || play_pkg_g=$1
play_pkg_m=
while read -r play_pkg_x; do
if [ -n "$(pacman -T "$play_pkg_x" 2>/dev/null)" ]; then play_pkg_m="$play_pkg_m $play_pkg_x"; fi
done <<PLAY
$play_pkg_g
PLAY
if [ -z "$play_pkg_m" ]; then echo "$3"
elif [ "$play_pkg_m" != " $1" ]; then echo "$2 is without$play_pkg_m"
else echo "$2 $(pacman -Q "$2" 2>/dev/null | sed 's/^[^ ]* //' | grep . || echo absent)"; fi
}`);

const latestLine = raw(`${presentLine.sh}
play_pkg_present() {
${presentLine.sh.split('\n').slice(1).join('\n')}
play_pkg_line() {
play_pkg_s=$(play_pkg_present "$@")
if [ "$play_pkg_s" != "$3" ]; then echo "$play_pkg_s"
else
play_pkg_u=
for play_pkg_x in $(pacman -Sgq "$1" 2>/dev/null || echo "$2"); do
play_pkg_u=$play_pkg_u$(pacman -Qu "$play_pkg_x" 2>/dev/null)
done
echo "\${play_pkg_u:-$3}"
fi
}`);

const goneLine = raw(`play_pkg_gone() {
for play_pkg_x in $(pacman -Sgq "$1" 2>/dev/null || echo "$1"); do
if pacman -Qq "$play_pkg_x" >/dev/null 2>&1; then echo "$1 installed"; return; fi
done
echo "$1 absent"
}`);
