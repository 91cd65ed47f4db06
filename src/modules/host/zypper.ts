import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { afterFetch, allNew, packageNames, packageWord, upToDate, withProgram } from '../shared/packages.ts';
import { choice, flag, packageList } from '../shared/params.ts';
import { rpmGoneLine, rpmInstalled, rpmLatestLine, rpmLine } from '../shared/rpm.ts';

const params = Type.Object(
  {
    name: packageList(
      'The package, or a list of them; all are handled in one go. `nginx=1.24.0` asks for a version. `*` with `state: latest` or `dist-upgrade` is all that is installed.',
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent', 'dist-upgrade'],
        '`present` installs what is missing, `latest` also upgrades to the newest version of the repositories, `absent` removes, `dist-upgrade` goes over to what the repositories hold, for `*` only.',
        'present',
      ),
    ),
    update_cache: Type.Optional(flag('Refresh the repositories before installing or upgrading; not in check mode.')),
    disable_recommends: Type.Optional(flag('Leave out what is only recommended.', true)),
    disable_gpg_check: Type.Optional(flag('Do not check signatures.')),
    oldpackage: Type.Optional(flag('Install a version that is asked for even when a newer one is there.')),
    allow_vendor_change: Type.Optional(flag('With `dist-upgrade`: packages may come from another vendor than now.')),
    clean_deps: Type.Optional(flag('With `state: absent`: remove dependencies that nothing needs any more.')),
  },
  { additionalProperties: false },
);

/** Packages of SUSE and its relatives. */
export const zypper = {
  name: 'zypper',
  on: 'host',
  summary:
    'Packages of SUSE and its relatives are installed, at their newest version, or not there. Not run on a real system.',
  params,
  result: { packages: 'The names of the packages.', state: 'The state that was asked for.' },
  examples: [
    { zypper: { name: 'nginx' } },
    { zypper: { name: ['git', 'redis=7.2.4'], update_cache: true } },
    { zypper: { name: '*', state: 'latest' } },
    { zypper: { name: 'telnet', state: 'absent', clean_deps: true } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(asked, { check }): Converge {
    const { name, state = 'present', disable_recommends = true } = asked;
    const command = sh`zypper --non-interactive${raw(asked.disable_gpg_check ? ' --no-gpg-checks' : '')}`;
    const extra = raw(`${disable_recommends ? ' --no-recommends' : ''}${asked.oldpackage ? ' --oldpackage' : ''}`);
    const refresh = asked.update_cache && !check ? sh`${command} -q refresh` : undefined;
    const result = (packages: string[]) => ({ result: () => ({ packages, state }) });
    if (name === '*' || state === 'dist-upgrade') {
      if (name !== '*') throw badArgs('zypper', 'state: dist-upgrade is about all packages', "name: '*'");
      if (state === 'absent' || state === 'present') throw badArgs('zypper', `state: ${state} needs names of packages`);
      const vendor = raw(asked.allow_vendor_change ? ' --allow-vendor-change' : '');
      const verb = state === 'latest' ? raw('update') : sh`dist-upgrade${vendor}`;
      const list = sh`${command} -q list-updates${raw(state === 'latest' ? '' : ' --all')}`;
      return {
        kind: 'converge',
        probe: [{ sh: withProgram('zypper', afterFetch(refresh, upToDate(list, raw(updated)))) }],
        expect: allNew,
        apply: good(sh`${command} ${verb}`),
        verify: 'apply',
        ...result([]),
      };
    }
    const names = packageNames('zypper', name);
    const plain = names.map((entry) => entry.name);
    const specs = names.map((entry) => (entry.version === undefined ? entry.name : `${entry.name}-${entry.version}`));
    const words = names.map(packageWord);
    if (names.length === 0) return { kind: 'converge', probe: [{ sh: raw(':') }], expect: '', apply: raw(':') };
    if (state === 'absent') {
      return {
        kind: 'converge',
        probe: [{ sh: withProgram('zypper', joinSh(plain.map(rpmGoneLine))) }],
        expect: plain.map((one) => `${one} absent`).join('\n'),
        apply: sh`${rpmInstalled(plain)}
${good(sh`${command} remove${raw(asked.clean_deps ? ' --clean-deps' : '')} $play_pkg_w`)}`,
        ...result(plain),
      };
    }
    if (state === 'latest') {
      const probe = sh`if play_pkg_u=$(${command} -q list-updates); then
play_pkg_u=$(printf '%s\\n' "$play_pkg_u" | ${raw(updated)})
${joinSh(plain.map(rpmLatestLine))}
else (exit 1)
fi`;
      return {
        kind: 'converge',
        probe: [{ sh: withProgram('zypper', afterFetch(refresh, probe)) }],
        expect: plain.map((one) => `${one} latest`).join('\n'),
        // `install` upgrades what is there.
        apply: good(sh`${command} install${extra} ${words}`),
        verify: 'apply',
        ...result(plain),
      };
    }
    const install = good(sh`${command} install${extra} ${words}`);
    return {
      kind: 'converge',
      probe: [{ sh: withProgram('zypper', joinSh(specs.map(rpmLine))) }],
      expect: specs.map((spec) => `${spec} installed`).join('\n'),
      apply: refresh === undefined ? install : sh`${refresh} && ${install}`,
      ...result(plain),
    };
  },
} satisfies HostModule<typeof params>;

/** Names in zypper's table `S | Repository | Name | Current Version | …`. */
const updated = `awk -F ' *[|] *' 'NF > 4 && $3 != "Name" { print $3 }'`;

/** 102 and 103 say that it is done, and that a restart of the system or of zypper is advised. */
function good(command: Sh): Sh {
  return sh`{ ${command} || case $? in (102|103) ;; (*) false ;; esac; }`;
}
