import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { raw } from '../../program/sh.ts';
import { type AptOptions, type AptWork, aptApply, aptProbe } from '../shared/apt.ts';
import { autoremoveWork, cacheWork, debWork, upgradeWork } from '../shared/apt-system.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { packageNames, wantedLine, withProgram } from '../shared/packages.ts';
import { choice, flag, packageList, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      packageList(
        'The package, or a list of them; all are handled in one go. `nginx=1.24.0-1` asks for a version, `nginx=1.24*` for any that starts so. `*` with `state: latest` is `upgrade: safe`.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'latest', 'absent'],
        '`present` installs what is missing, `latest` also upgrades to the newest version the lists know, `absent` removes; settings stay, unless `purge`.',
        'present',
      ),
    ),
    update_cache: Type.Optional(
      flag(
        'Fetch the lists of packages first: for `state: present` only when something is missing, else each time; not in check mode. Alone, it is always a change, unless `cache_valid_time` says that they are new enough.',
      ),
    ),
    cache_valid_time: Type.Optional(
      Type.Integer({
        description: 'Do not fetch lists that are younger than so many seconds. Means `update_cache: true`.',
        minimum: 0,
      }),
    ),
    upgrade: Type.Optional(
      choice(
        ['no', 'yes', 'safe', 'full', 'dist'],
        'Upgrade all packages: `safe` (the same as `yes`) removes none, `dist` (the same as `full`) may.',
        'no',
      ),
    ),
    deb: Type.Optional(
      text('A package file on the host; what it depends on is installed too. Fetch one from elsewhere first.'),
    ),
    autoremove: Type.Optional(
      flag('Remove dependencies that nothing needs any more: after what else is done, or as a task of its own.'),
    ),
    purge: Type.Optional(flag('Remove the settings of packages that are removed, also of those removed before.')),
    install_recommends: Type.Optional(
      Type.Boolean({ description: 'Whether to install recommended packages too; as apt is configured when not said.' }),
    ),
    default_release: Type.Optional(
      text('The suite whose versions are preferred, as `bookworm-backports`; it has to be among the sources.'),
    ),
    allow_downgrade: Type.Optional(flag('Install a version that is asked for even when a newer one is there.')),
    dpkg_options: Type.Optional(
      text('Options of dpkg without their dashes, joined by commas.', 'force-confdef,force-confold'),
    ),
    lock_timeout: Type.Optional(
      Type.Integer({
        description: 'Seconds to wait while another process has the package database.',
        minimum: 0,
        default: 60,
      }),
    ),
  },
  { additionalProperties: false },
);

/** Packages of Debian, Ubuntu and their relatives. */
export const apt = {
  name: 'apt',
  on: 'host',
  summary: 'Packages of Debian and its relatives are installed, at their newest version, or not there.',
  params,
  result: {
    packages: 'The names of the packages; empty when the task is about all of them.',
    state: 'The state that was asked for.',
  },
  examples: [
    { apt: { name: 'nginx', update_cache: true, cache_valid_time: 3600 } },
    { apt: { name: ['git', 'postgresql-15=15.*'], install_recommends: false } },
    { apt: { upgrade: 'dist', update_cache: true, autoremove: true } },
    { apt: { deb: '/srv/packages/agent_1.2_amd64.deb' } },
    { apt: { name: 'telnetd', state: 'absent', purge: true, autoremove: true } },
  ],
  idempotent: true,
  shorthand: 'name',
  exclusive: [['name', 'deb', 'upgrade']],
  requireOne: [['name', 'deb', 'upgrade', 'autoremove', 'update_cache', 'cache_valid_time']],
  resource(params, { check }): Converge {
    checkArgs(apt, params);
    const { name, state = 'present', cache_valid_time, update_cache = cache_valid_time !== undefined } = params;
    const options = optionsOf(params);
    const refresh = update_cache && !check;
    const upgrade = params.upgrade ?? (name === '*' && state === 'latest' ? 'safe' : 'no');
    if (upgrade !== 'no') {
      return resourceFor(
        upgradeWork({ ...options, refresh, removes: upgrade === 'dist' || upgrade === 'full' }),
        state,
      );
    }
    if (params.deb !== undefined) {
      if (state !== 'present')
        throw badArgs('apt', `deb goes with state: present only`, 'a package is removed by name');
      return resourceFor(debWork({ ...options, refresh, deb: params.deb }), state);
    }
    if (name !== undefined) return resourceFor(namedWork({ ...options, name, state, refresh }), state);
    return resourceFor(params.autoremove ? autoremoveWork({ ...options, refresh }) : cacheWork(options), state);
  },
} satisfies HostModule<typeof params>;

function optionsOf(asked: Static<typeof params>): AptOptions {
  const { cache_valid_time, install_recommends, default_release, allow_downgrade, purge, autoremove } = asked;
  return {
    lockTimeout: asked.lock_timeout ?? 60,
    ...(cache_valid_time !== undefined && { cacheValid: cache_valid_time }),
    ...(install_recommends !== undefined && { recommends: install_recommends }),
    ...(default_release !== undefined && { release: default_release }),
    ...(allow_downgrade !== undefined && { downgrade: allow_downgrade }),
    ...(purge !== undefined && { purge }),
    ...(autoremove !== undefined && { autoremove }),
    ...(asked.dpkg_options !== undefined && { dpkg: asked.dpkg_options.split(',').map((option) => option.trim()) }),
  };
}

/** Packages by name; none at all is nothing to do. */
function namedWork(wanted: Omit<AptWork, 'names'> & { name: string | string[] }) {
  const { name, state } = wanted;
  const names = packageNames('apt', name);
  const work = { ...wanted, names };
  return {
    probe: names.length > 0 ? aptProbe(work) : raw(':'),
    expect: names.map((entry) => wantedLine(entry, state)).join('\n'),
    apply: names.length > 0 ? aptApply(work) : raw(':'),
    // What is newest was looked up before: asking again would take seconds, and apt has said whether it worked.
    trust: state === 'latest',
    packages: names.map((entry) => entry.name),
  };
}

interface Work {
  probe: Sh;
  expect: string;
  apply: Sh;
  /** apt's exit status tells that it worked. */
  trust?: boolean;
  packages?: string[];
}

function resourceFor({ probe, expect, apply, trust, packages = [] }: Work, state: string): Converge {
  return {
    kind: 'converge',
    probe: [{ sh: withProgram('apt-get', probe) }],
    expect,
    apply,
    ...(trust && { verify: 'apply' as const }),
    result: () => ({ packages, state }),
  };
}
