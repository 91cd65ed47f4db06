import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw } from '../../program/sh.ts';
import { apkApply, apkProbe } from '../shared/apk.ts';
import { aptApply, aptProbe, type PackageWork } from '../shared/apt.ts';
import { packageNames, wantedLine } from '../shared/packages.ts';
import { flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Union([text('A package.'), Type.Array(text('A package.'))], {
      description:
        'The package, or a list of them; all are handled in one go. `name=1.2.3` asks for a version, `name=1.2*` for any that starts so.',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent'], {
        description:
          '`present` (when not said) installs what is missing, `latest` also upgrades to the newest version the lists know, `absent` removes; settings stay.',
      }),
    ),
    update_cache: Type.Optional(
      flag(
        'Fetch the lists of packages first: for `present` only when something is missing, for `latest` each time; not in check mode.',
      ),
    ),
    use: Type.Optional(
      Type.Enum(['auto', 'apt', 'apk'], {
        description: 'The package manager; `auto` (when not said) takes the one that the host has.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Packages of the system's own package manager. */
const packageModule = {
  name: 'package',
  on: 'host',
  summary: 'Packages are installed, at their newest version, or not there.',
  params,
  result: { packages: 'The names of the packages.', state: 'The state that was asked for.' },
  examples: [
    { package: { name: 'nginx' } },
    { package: { name: ['git', 'curl'], state: 'latest', update_cache: true } },
    { package: { name: 'postgresql-15=15.*' } },
    { package: { name: 'telnet', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name, state = 'present', update_cache = false, use = 'auto' }, { check }): Converge {
    const names = packageNames('package', name);
    const work: PackageWork = { names, state, refresh: update_cache && !check };
    return {
      kind: 'converge',
      probe: [{ sh: names.length > 0 ? chosen(use, { apt: aptProbe(work), apk: apkProbe(work) }) : raw(':') }],
      expect: names.map((entry) => wantedLine(entry, state)).join('\n'),
      apply: names.length > 0 ? chosen(use, { apt: aptApply(work), apk: apkApply(work) }) : raw(':'),
      // What is newest was looked up before: asking again would take seconds, and apt has said whether it worked.
      ...(state === 'latest' && { verify: 'apply' as const }),
      result: () => ({ packages: names.map((entry) => entry.name), state }),
    };
  },
} satisfies HostModule<typeof params>;

// `package` is a reserved word: it can be the name of an export, not of a constant.
export { packageModule as package };

type Use = NonNullable<Static<typeof params>['use']>;

/** The text for one package manager, or for whichever is there. */
function chosen(use: Use, { apt, apk }: { apt: Sh; apk: Sh }): Sh {
  const missing =
    raw(`else echo "no ${use === 'auto' ? 'apt-get and no apk' : use === 'apt' ? 'apt-get' : 'apk'} here" >&2; (exit 10)
fi`);
  const branches = [
    ...(use === 'apk' ? [] : [raw('if command -v apt-get >/dev/null 2>&1; then'), apt]),
    ...(use === 'apt' ? [] : [raw(`${use === 'apk' ? 'if' : 'elif'} command -v apk >/dev/null 2>&1; then`), apk]),
  ];
  return joinSh([...branches, missing]);
}
