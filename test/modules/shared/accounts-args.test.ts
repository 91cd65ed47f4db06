import { describe, expect, it } from 'vitest';
import type { HostModule } from '../../../src/model/module.ts';
import { authorizedKey } from '../../../src/modules/host/authorized_key.ts';
import { cron } from '../../../src/modules/host/cron.ts';
import { group } from '../../../src/modules/host/group.ts';
import { knownHosts } from '../../../src/modules/host/known_hosts.ts';
import { pamLimits } from '../../../src/modules/host/pam_limits.ts';
import { sudoers } from '../../../src/modules/host/sudoers.ts';
import { systemdService } from '../../../src/modules/host/systemd_service.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { context } from '../live.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP+ge/MbqyQq2kO4aVv1BGK2qiLZCdcKoQvoZGRDSAn9';

async function said(module: unknown, params: object): Promise<unknown> {
  try {
    await (module as HostModule).resource(params, context());
    return 'nothing';
  } catch (error) {
    return error instanceof ProblemError ? error.problems.map((one) => sentence(one).message).join() : error;
  }
}

describe('mistakes in parameters', () => {
  it.each<[HostModule['name'], unknown, object, string]>([
    ['group', group, { name: '-x' }, 'group: name "-x" is not a name that accounts can have'],
    ['group', group, { name: 'a', non_unique: true }, 'group: non_unique is for gid, and there is none'],
    ['group', group, { name: 'a', gid: 1, state: 'absent' }, 'group: gid is for a group that is to be there'],
    ['a cut key', authorizedKey, { user: 'a', key: key.slice(0, -8) }, 'is not a public key'],
    [
      'a key of another type',
      authorizedKey,
      { user: 'a', key: key.replace('ed25519 ', 'rsa ') },
      'is not a public key',
    ],
    ['an address', authorizedKey, { user: 'a', key: 'https://x.y/z.keys' }, '"https://x.y/z.keys" is not a public key'],
    ['no key', authorizedKey, { user: 'a', key: '# nothing\n' }, 'authorized_key: key holds no key'],
    [
      'the only keys',
      authorizedKey,
      { user: 'a', key, state: 'absent', exclusive: true },
      'exclusive is for state: present',
    ],
    ['options of two lines', authorizedKey, { user: 'a', key, key_options: 'a\nb' }, 'key_options is one line'],
    ['a comment of two lines', authorizedKey, { user: 'a', key, comment: `x\n${key}` }, 'comment is one line'],
    ['no job', cron, { name: 'a' }, 'cron: job is missing'],
    ['a job of two lines', cron, { name: 'a', job: 'a\nb' }, 'cron: a job is one line'],
    ['a name of two lines', cron, { name: 'a\n* * * * * b', job: 'a' }, 'cron: name is one line'],
    ['no user', cron, { name: 'a', job: 'a', cron_file: 'x' }, 'cron: cron_file needs user'],
    [
      'the crontab',
      cron,
      { name: 'a', job: 'a', user: 'root', cron_file: '/etc/crontab' },
      'cron_file is not for /etc/crontab',
    ],
    ['a variable', cron, { name: 'a b', job: 'a', env: true }, 'cron: "a b" cannot be the name of a variable'],
    ['a place', cron, { name: 'a', job: 'a', insertafter: 'B' }, 'insertafter and insertbefore are for env: true'],
    ['no name', knownHosts, { name: 'a.b', key }, 'known_hosts: key is not a line of known_hosts'],
    ['another name', knownHosts, { name: 'a.b', key: `c.d ${key}` }, 'known_hosts: key is not about a.b'],
    ['another hash', knownHosts, { name: 'a.b', key: `|1|eA==|eA== ${key}` }, 'known_hosts: key is not about a.b'],
    ['no line', knownHosts, { name: 'a.b' }, 'known_hosts: key is missing'],
    [
      'a value',
      pamLimits,
      { domain: 'a', limit_type: '-', limit_item: 'as', value: 'x' },
      'pam_limits: "x" is no limit',
    ],
    [
      'a nice value',
      pamLimits,
      { domain: 'a', limit_type: '-', limit_item: 'nice', value: 20 },
      'nice goes from -20 to 19',
    ],
    ['a dot', sudoers, { name: 'a.b', user: 'a', commands: 'ALL' }, '"a.b" is not a name that sudo reads'],
    ['nobody', sudoers, { name: 'a', commands: 'ALL' }, 'sudoers: one of user, group is needed'],
    [
      'a user of two words',
      sudoers,
      { name: 'a', user: 'a b', commands: 'ALL' },
      'sudoers: user "a b" is not one word',
    ],
    ['a command of two lines', sudoers, { name: 'a', user: 'a', commands: 'x\nb ALL=ALL' }, 'a command is one line'],
    ['no unit', systemdService, { enabled: true }, 'systemd_service: name is missing'],
    [
      'masked and started',
      systemdService,
      { name: 'a', masked: true, state: 'started' },
      'a masked unit cannot be started',
    ],
    ['reexec', systemdService, { name: 'a', daemon_reexec: true }, 'systemd_service: daemon_reexec stands alone'],
  ])('%s', async (_, module, params, message) => {
    expect(await said(module, params)).toContain(message);
  });
});
