import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { type ApkOptions, apkApply, apkProbe, apkUpgrade } from '../shared/apk.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { allNew, listed, packageNames, wantedLine, withProgram } from '../shared/packages.ts';
import { choice, flag, packageList, wordList } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'The package, or a list of them; all are handled in one go. `nginx=1.24.0-r1` asks for a version, `nginx=1.24*` for any that starts so.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing, `latest` also upgrades to the newest version of the indexes, `absent` removes.',
        'present',
      ),
    ),
    update_cache: Type.Optional(
      flag(
        'Fetch the indexes of the repositories first: for `present` only when something is missing, else each time; not in check mode.',
      ),
    ),
    upgrade: Type.Optional(flag('Upgrade all packages.')),
    available: Type.Optional(
      flag('With `upgrade`: go over to what the repositories hold, even where that is an older version.'),
    ),
    repository: Type.Optional(wordList('Addresses of repositories to use beside those of the host.')),
    no_cache: Type.Optional(flag('Use fresh indexes and keep nothing in the cache.')),
  },
  { additionalProperties: false },
);

/** Packages of Alpine and its relatives. */
export const apk = {
  name: 'apk',
  on: 'host',
  summary:
    'Packages of Alpine and its relatives are installed, at their newest version, or not there. Not run on a real system.',
  params,
  result: { packages: 'The names of the packages; empty for an upgrade.', state: 'The state that was asked for.' },
  examples: [
    { apk: { name: 'nginx' } },
    { apk: { name: ['git', 'postgresql15=15.*'], update_cache: true } },
    { apk: { upgrade: true, update_cache: true } },
    { apk: { name: 'telnet', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  exclusive: [['name', 'upgrade']],
  requireOne: [['name', 'upgrade']],
  resource(asked, { check }): Converge {
    checkArgs(apk, asked);
    const { name, state = 'present', available = false, no_cache = false } = asked;
    const options: ApkOptions = { repositories: listed(asked.repository), noCache: no_cache };
    const refresh = asked.update_cache === true && !check;
    if (name === undefined) {
      if (!asked.upgrade) throw badArgs('apk', 'upgrade: false without a name is nothing to do');
      const { probe, apply } = apkUpgrade({ ...options, refresh, available });
      return {
        kind: 'converge',
        probe: [{ sh: withProgram('apk', probe) }],
        expect: allNew,
        apply,
        verify: 'apply',
        result: () => ({ packages: [], state }),
      };
    }
    if (available) throw badArgs('apk', 'available goes with upgrade');
    const names = packageNames('apk', name);
    const work = { ...options, names, state, refresh };
    return {
      kind: 'converge',
      probe: [{ sh: names.length > 0 ? withProgram('apk', apkProbe(work)) : raw(':') }],
      expect: names.map((entry) => wantedLine(entry, state)).join('\n'),
      apply: names.length > 0 ? apkApply(work) : sh`:`,
      ...(state === 'latest' && { verify: 'apply' as const }),
      result: () => ({ packages: names.map((entry) => entry.name), state }),
    };
  },
} satisfies HostModule<typeof params>;
