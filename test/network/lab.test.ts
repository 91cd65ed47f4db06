import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findShells } from '../modules/rig/shells.ts';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

/* Two networks with a machine between them, as namespaces: what the tasks send really goes over wires. Needs root. */

const names = { a: `play-a-${process.pid}`, r: `play-r-${process.pid}`, b: `play-b-${process.pid}` };

const setup = `set -e
for n in a r b; do eval "ip netns add \\$$n"; eval "ip -n \\$$n link set lo up"; done
ip link add a0 netns $a address 02:77:00:00:00:01 type veth peer name r0 netns $r address 02:77:00:00:00:fe
ip link add b0 netns $b type veth peer name r1 netns $r
ip netns exec $r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
ip netns exec $b sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
ip -n $a addr add 10.77.1.1/24 dev a0; ip -n $a addr add fd77:1::1/64 dev a0 nodad
ip -n $r addr add 10.77.1.254/24 dev r0; ip -n $r addr add fd77:1::fe/64 dev r0 nodad
ip -n $r addr add 10.77.2.254/24 dev r1; ip -n $r addr add fd77:2::fe/64 dev r1 nodad
ip -n $b addr add 10.77.2.1/24 dev b0; ip -n $b addr add fd77:2::1/64 dev b0 nodad
ip -n $a link set a0 up; ip -n $r link set r0 up; ip -n $r link set r1 up; ip -n $b link set b0 up
ip -n $a route add default via 10.77.1.254; ip -n $a route add default via fd77:1::fe
ip -n $b route add default via 10.77.2.254; ip -n $b route add default via fd77:2::fe`;

function sh(text: string): void {
  const assigned = Object.entries(names).map(([key, name]) => `${key}=${name}\n`);
  const { status, stderr } = spawnSync('sh', ['-c', assigned.join('') + text], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
  sh(setup);
});
afterAll(async () => {
  for (const name of Object.values(names)) spawnSync('ip', ['netns', 'del', name]);
  await desk[Symbol.asyncDispose]();
});

/** The playbooks of modules that need a network; each asserts itself what it finds. */
const modules = join(import.meta.dirname, '../modules');
const labs = readdirSync(modules).filter((name) => existsSync(join(modules, name, 'lab.yml')));

/** Runs a lab in its first network, on this machine or on the hosts of an inventory. */
async function inLab(name: string, args: string[] = []): Promise<void> {
  copyFileSync(join(modules, name, 'lab.yml'), join(desk.dir, `${name}.yml`));
  const play = await builtPlay();
  const command = ['netns', 'exec', names.a, process.execPath, play, `${name}.yml`, ...args];
  const env = { PATH: process.env['PATH'], HOME: desk.home, LANG: 'C.UTF-8', COLUMNS: '200' };
  const { status, stdout, stderr } = spawnSync('ip', command, { cwd: desk.dir, env, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
}

test.each(labs)('%s, over wires', { timeout: 120_000 }, (name) => inLab(name));

/* The same on a host behind a real sshd, whose /bin/sh is another one and that has few tools. */
const shells = findShells();
afterAll(() => shells.remove());

describe.each([
  ['dash and all tools', 'dash', process.env['PATH'] ?? ''],
  ['mksh and all tools', 'mksh', process.env['PATH'] ?? ''],
  [
    'busybox, and only its tools and those that the tasks name',
    'ash',
    shells.pathOf('ash', ['perl', 'tcpdump', 'sudo']),
  ],
])('behind sshd, with %s', (_, shell, path) => {
  let rig: Rig;
  beforeAll(async () => {
    // Another user has to get there.
    chmodSync(shells.dir, 0o755);
    const program = shells.shells.find(([name]) => name === shell)?.[1] ?? '';
    rig = await startSshd({
      within: [
        'ip',
        'netns',
        'exec',
        names.a,
        'unshare',
        '-m',
        'sh',
        '-c',
        `mount --bind ${program} /bin/sh && exec "$@"`,
        'sh',
      ],
      settings: { SetEnv: `PATH=${path}` },
      accounts: { app: { sudo: `Defaults:%s secure_path="${path}"\n%s ALL=(ALL:ALL) NOPASSWD: ALL` } },
    });
    desk.file('~/.ssh/known_hosts', rig.knownHosts());
    const vars = {
      ansible_host: rig.addresses[0],
      ansible_port: rig.port,
      ansible_user: rig.user,
      ansible_ssh_private_key_file: rig.key,
    };
    desk.file('hosts.yml', JSON.stringify({ all: { hosts: { localhost: { ansible_become: true, ...vars } } } }));
  });
  afterAll(() => rig?.stop());

  test.each(labs)('%s', { timeout: 120_000 }, (name) => inLab(name, ['-i', 'hosts.yml']));
});
