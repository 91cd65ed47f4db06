import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/model/resource.ts';
import { service } from '../../../src/modules/host/service.ts';
import { act, converge, golden, runIn, shells } from '../live.ts';

type Params = Parameters<typeof service.resource>[0];

describe('service', () => {
  it.each<[string, Params]>([
    ['started-enabled', { name: 'nginx', state: 'started', enabled: true }],
    ['stopped', { name: 'nginx.service', state: 'stopped' }],
    ['disabled', { name: 'nginx', enabled: false }],
    ['restarted', { name: 'nginx', state: 'restarted' }],
    ['reloaded', { name: 'app@1', state: 'reloaded' }],
  ])('compiles %s', async (name, params) => {
    await expect(golden(name, service.resource(params))).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

/** The same program with the folders of systemd and of init scripts in a temporary one. */
function moved<R extends Resource>(resource: R, root: string): R {
  const text = JSON.stringify(resource).replaceAll(/(?<=[ "])\/(run|etc|lib|usr\/lib)\//g, `${root}/$1/`);
  return JSON.parse(text) as R;
}

describe.each(Object.entries(shells))('service with systemd under %s', (_, shell) => {
  let root: string;
  let env: Record<string, string>;
  const unit = (name: string, settings: Record<string, string> = {}) => {
    const all = {
      LoadState: 'loaded',
      ActiveState: 'inactive',
      Type: 'simple',
      Result: 'success',
      UnitFileState: 'disabled',
      MainPID: '0',
      NeedDaemonReload: 'no',
      ...settings,
    };
    return writeFile(
      join(root, 'units', name),
      Object.entries(all)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
  };
  const log = async () => (existsSync(join(root, 'units/log')) ? readFile(join(root, 'units/log'), 'utf8') : '');
  const ends = async (params: Params) => {
    const { status, before, stderr } = await converge(shell, moved(service.resource(params), root), env);
    return `${status}: ${(before || stderr).trim().replaceAll('\n', ' ')}`;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'play-service-'));
    for (const folder of ['run/systemd/system', 'etc/systemd/system', 'units', 'bin'])
      await mkdir(join(root, folder), { recursive: true });
    await copyFile(join(import.meta.dirname, 'systemctl.sh'), join(root, 'bin/systemctl'));
    await chmod(join(root, 'bin/systemctl'), 0o755);
    // A second of the host is short here.
    await writeFile(join(root, 'bin/sleep'), '#!/bin/sh\nexec /bin/sleep 0.02\n', { mode: 0o755 });
    env = { PATH: `${root}/bin:${process.env['PATH']}`, PLAY_UNITS: join(root, 'units') };
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('starts and enables what is not, once', async () => {
    await unit('web');
    expect(await ends({ name: 'web', state: 'started', enabled: true })).toBe('changed: stopped disabled');
    expect(await log()).toBe('enable web\nstart web\n');
    expect(await ends({ name: 'web', state: 'started', enabled: true })).toBe('ok: started enabled');
    expect(await ends({ name: 'web.service', state: 'stopped', enabled: false })).toBe('changed: started enabled');
    expect(await ends({ name: 'web', state: 'stopped', enabled: false })).toBe('ok: stopped disabled');
  });

  it('does not believe a start that does not last', async () => {
    await unit('short', { dies: 'now' });
    const died = await converge(shell, moved(service.resource({ name: 'short', state: 'started' }), root), env);
    expect(died).toMatchObject({
      status: 'failed',
      stderr: 'short did not stay up: it is failed (exit-code)\nstatus of short\n',
    });
    await unit('refuses', { dies: 'fail' });
    const refused = await converge(shell, moved(service.resource({ name: 'refuses', state: 'started' }), root), env);
    expect(refused).toMatchObject({ status: 'failed', stderr: 'Job for refuses failed.\nstatus of refuses\n' });
  });

  it('runs a oneshot unit, and lets static units be', async () => {
    await unit('job', { Type: 'oneshot', UnitFileState: 'static' });
    expect(await ends({ name: 'job', state: 'started' })).toBe('changed: stopped');
    expect(await ends({ name: 'job', enabled: true })).toBe('ok: enabled');
    expect(await ends({ name: 'job', enabled: false })).toBe('ok: disabled');
    expect(await ends({ name: 'job', state: 'stopped' })).toBe('ok: stopped');
  });

  it('reads unit files that are new or have changed', async () => {
    await unit('web', { NeedDaemonReload: 'yes' });
    expect(await ends({ name: 'web', state: 'started' })).toBe('changed: stopped');
    expect(await log()).toBe('daemon-reload\nstart web\n');
    await writeFile(join(root, 'etc/systemd/system/fresh.service'), '');
    expect(await ends({ name: 'fresh', enabled: false })).toBe('ok: disabled');
    expect(await ends({ name: 'nowhere', state: 'stopped' })).toBe('cannot tell: there is no service nowhere');
  });

  it('restarts and reloads each time, and starts what is stopped', async () => {
    await unit('web', { ActiveState: 'active' });
    const does = async (params: Params) => (await act(shell, moved(service.resource(params), root), env)).rc;
    expect(await does({ name: 'web', state: 'restarted' })).toBe(0);
    expect(await does({ name: 'web', state: 'reloaded' })).toBe(0);
    await unit('web');
    expect(await does({ name: 'web', state: 'reloaded' })).toBe(0);
    expect(await log()).toBe('restart web\nreload web\nstart web\n');
    expect(await does({ name: 'nowhere', state: 'restarted' })).toBe(1);
  });
});

const canEnable = process.getuid?.() === 0 && existsSync('/etc/init.d') && !existsSync('/run/systemd/system');

describe.runIf(canEnable).each(Object.entries(shells))('service with an init script under %s', (label, shell) => {
  const name = `playtest-${process.pid}-${label}`;
  const script = `/etc/init.d/${name}`;
  const state = `${tmpdir()}/${name}`;
  const ends = async (params: Omit<Params, 'name'>) => {
    const { status, before, stderr } = await converge(shell, service.resource({ name, ...params }));
    return `${status}: ${(status === 'failed' ? stderr : before).trim().replaceAll('\n', ' ')}`;
  };

  it('starts, restarts, stops, enables and disables', async () => {
    await writeFile(
      script,
      `#!/bin/sh
### BEGIN INIT INFO
# Provides: ${name}
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: a test
### END INIT INFO
case $1 in
  start) (sleep 0.2; touch ${state}) >/dev/null 2>&1 & ;;
  stop) rm -f ${state} ;;
  restart) rm -f ${state}; echo restarted; touch ${state} ;;
  reload) echo reloaded ;;
  status) [ -e ${state} ] || exit 3 ;;
esac
`,
      { mode: 0o755 },
    );
    try {
      expect(await ends({ state: 'started', enabled: true })).toBe('changed: stopped disabled');
      expect(await ends({ state: 'started', enabled: true })).toBe('ok: started enabled');
      expect(await act(shell, service.resource({ name, state: 'restarted' }))).toMatchObject({
        rc: 0,
        stdout: 'restarted\n',
      });
      expect(await act(shell, service.resource({ name, state: 'reloaded' }))).toMatchObject({
        rc: 0,
        stdout: 'reloaded\n',
      });
      expect(await ends({ state: 'stopped' })).toBe('changed: started');
      expect(await ends({ enabled: false })).toBe('changed: enabled');
      expect(await ends({ state: 'stopped', enabled: false })).toBe('ok: stopped disabled');
    } finally {
      await rm(script, { force: true });
      await rm(state, { force: true });
      await runIn(['dash'], `update-rc.d ${name} remove`);
    }
    expect(await ends({ state: 'started' })).toMatch(/^cannot tell: /);
  });
});
