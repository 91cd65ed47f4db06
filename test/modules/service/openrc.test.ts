import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { service } from '../../../src/modules/host/service.ts';
import { act, converge, shells } from '../live.ts';
import { type Namespace, openNamespace } from '../namespace.ts';

/*
 * OpenRC itself, as Debian packs it, in a namespace of mounts. Its services are of two kinds: a daemon that OpenRC supervises, and one with a status of
 * its own that can say what else there is.
 */
const files = '/opt/play-tests/openrc';
const daemon = `#!/sbin/openrc-run
supervisor=supervise-daemon
command=/bin/sleep
command_args=61000
pidfile=/run/web.pid
extra_started_commands=reload
reload() { echo reloaded >>/run/log; }
`;
const scripted = `#!/sbin/openrc-run
extra_started_commands=reload
start() { echo start >>/run/log; rm -f /run/crashed; }
stop() { echo stop >>/run/log; }
reload() { echo reload >>/run/log; }
status() {
  if service_started && [ -e /run/crashed ]; then eerror crashed; return 32; fi
  if service_started && [ -e /run/gone ]; then return 3; fi
  default_status
}
`;
const refusing = `#!/sbin/openrc-run
start() { eerror 'the port is taken'; return 1; }
`;

// The two shells that differ most: each takes ten seconds.
describe.each(['busybox', 'zsh'])('service with OpenRC under %s', (label) => {
  const shell = shells[label] ?? [];
  let place: Namespace;
  const env = {
    // A second of the host is short here.
    PATH: `/run/bin:${process.env['PATH']}:/usr/sbin`,
    LD_LIBRARY_PATH: `${files}/lib/x86_64-linux-gnu:${files}/usr/lib/x86_64-linux-gnu`,
  };
  type Params = Parameters<typeof service.resource>[0];
  const ends = async (params: Params) => {
    const { status, before, stderr } = await converge(place.shell(shell), service.resource(params), env);
    return `${status}: ${(status === 'failed' ? stderr : before || stderr).trim().replaceAll('\n', ' ')}`;
  };
  const does = async (params: Params) => (await act(place.shell(shell), service.resource(params), env)).rc;
  const rc = (text: string): string =>
    place.run(`export PATH=${env.PATH} LD_LIBRARY_PATH=${env.LD_LIBRARY_PATH}; ${text}`);
  const log = (): string => place.run('cat /run/log 2>/dev/null; rm -f /run/log').replaceAll('\n', ' ');

  beforeAll(() => {
    if (!existsSync(files)) throw new Error('there is no OpenRC here: run scripts/setup-tests.sh');
    place = openNamespace();
    place.run(`rm -rf /etc/init.d /etc/runlevels && cp -a ${files}/etc/. /etc/ && mkdir -p /etc/conf.d && mkdir /etc/insserv.conf.d && : >/etc/insserv.conf
mount -t tmpfs play /run
mount -t overlay play -o lowerdir=${files}/lib:/usr/lib /usr/lib
mount -t overlay play -o lowerdir=${files}/sbin:/usr/sbin /usr/sbin
cd /run && mkdir openrc && cd openrc && mkdir starting started stopping inactive wasinactive failed hotplugged daemons options exclusive scheduled tmp init.d
echo default >softlevel
mkdir /run/bin && printf '#!/bin/sh\nexec /bin/sleep 0.1\n' >/run/bin/sleep && chmod 755 /run/bin/sleep`);
    for (const [name, text] of Object.entries({ web: daemon, job: scripted, refuses: refusing }))
      place.run(`cat >/etc/init.d/${name} <<'END'\n${text}END\nchmod 755 /etc/init.d/${name}`);
  });
  afterAll(() => {
    rc('rc-service -q web stop || :');
    place.close();
  });

  it('starts and stops a daemon, once', async () => {
    expect(await ends({ name: 'web', state: 'started' })).toBe('changed: stopped');
    expect(await ends({ name: 'web.service', state: 'started' })).toBe('ok: started');
    expect(rc('rc-service web status 2>&1')).toContain('started');
    expect(await does({ name: 'web', state: 'reloaded' })).toBe(0);
    expect(log()).toBe('reloaded');
    expect(await does({ name: 'web', state: 'restarted' })).toBe(0);
    expect(await ends({ name: 'web', state: 'stopped' })).toBe('changed: started');
    expect(await ends({ name: 'web', state: 'stopped' })).toBe('ok: stopped');
  });

  it('enables in one runlevel and leaves the others', async () => {
    const levels = (): string => rc("rc-update show | sed -n 's/^ *job *| *//p'").trim().replace(/ +/g, ' ');
    expect(await ends({ name: 'job', enabled: true })).toBe('changed: disabled');
    expect(await ends({ name: 'job', enabled: true })).toBe('ok: enabled');
    expect(await ends({ name: 'job', enabled: true, runlevel: 'boot' })).toBe('changed: disabled');
    expect(levels()).toBe('boot default');
    expect(await ends({ name: 'job', enabled: false })).toBe('changed: enabled');
    expect(levels()).toBe('boot');
    expect(await ends({ name: 'job', enabled: false })).toBe('ok: disabled');
    expect(await ends({ name: 'job', enabled: false, runlevel: 'boot' })).toBe('changed: enabled');
    expect(levels()).toBe('');
    expect(await ends({ name: 'job', enabled: true, runlevel: 'nosuch' })).toMatch(
      /^failed: .*`nosuch' is not a valid runlevel/,
    );
  });

  it('starts and enables in one go, and only what is missing', async () => {
    expect(await ends({ name: 'job', state: 'started', enabled: true })).toBe('changed: stopped disabled');
    expect(await ends({ name: 'job', state: 'started', enabled: false })).toBe('changed: started enabled');
    expect(log()).toBe('start');
  });

  it('forgets a crash before it starts, restarts or stops', async () => {
    const crash = () => place.run('touch /run/crashed');
    crash();
    expect(await ends({ name: 'job', state: 'started' })).toBe('changed: crashed');
    expect(log()).toBe('start');
    crash();
    expect(await does({ name: 'job', state: 'restarted' })).toBe(0);
    crash();
    expect(await ends({ name: 'job', state: 'stopped' })).toBe('changed: crashed');
    expect(await does({ name: 'job', state: 'reloaded' })).toBe(0);
    expect(log()).toBe('start start');
    expect(await does({ name: 'job', state: 'reloaded' })).toBe(0);
    expect(await does({ name: 'job', state: 'restarted' })).toBe(0);
    expect(log()).toBe('reload stop start');
  });

  it('says why a service does not start, or that there is none', async () => {
    expect(await ends({ name: 'refuses', state: 'started' })).toMatch(/^failed: .*the port is taken.*failed to start/);
    expect(await ends({ name: 'nowhere', state: 'started' })).toBe(
      'cannot tell: there is no service nowhere: no systemd here, none of OpenRC and no /etc/init.d script of this name',
    );
    expect(await does({ name: 'nowhere', state: 'restarted' })).toBe(1);
  });
});
