import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  await builtPlay();
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
  const { status, stdout, stderr } = await playInLab([`${name}.yml`, ...args]);
  expect(status, stdout + stderr).toBe(0);
}

async function playInLab(args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const play = await builtPlay();
  const command = ['netns', 'exec', names.a, process.execPath, play, ...args];
  const env = { PATH: process.env['PATH'], HOME: desk.home, LANG: 'C.UTF-8', COLUMNS: '200' };
  return spawnSync('ip', command, { cwd: desk.dir, env, encoding: 'utf8' });
}

test.each(labs)('%s, over wires', { timeout: 120_000 }, (name) => inLab(name));

/* The same on a host behind a real sshd, whose /bin/sh is another one and that has few tools. */
const shells = findShells();
afterAll(() => shells.remove());

/** The host as `localhost` of hosts.yml: sshd in the first network, with another /bin/sh and this PATH for all who log in. */
async function behindSshd(shell: string, path: string): Promise<Rig> {
  // Another user has to get there.
  chmodSync(shells.dir, 0o755);
  const program = shells.shells.find(([name]) => name === shell)?.[1] ?? '';
  const rig = await startSshd({
    within: [
      ...['ip', 'netns', 'exec', names.a, 'unshare', '-m', 'sh', '-c'],
      ...[`mount --bind ${program} /bin/sh && exec "$@"`, 'sh'],
    ],
    settings: { SetEnv: `PATH=${path}` },
    accounts: { app: { sudo: `Defaults:%s secure_path="${path}"\n%s ALL=(ALL:ALL) NOPASSWD: ALL` } },
  });
  desk.file('~/.ssh/known_hosts', rig.knownHosts());
  const vars = {
    ...{ ansible_host: rig.addresses[0], ansible_port: rig.port, ansible_user: rig.user },
    ...{ ansible_ssh_private_key_file: rig.key, ansible_become: true },
  };
  desk.file('hosts.yml', JSON.stringify({ all: { hosts: { localhost: vars } } }));
  return rig;
}

/** Tools of busybox, and those of the tasks; perl with the modules that Debian always has, and no others. */
function fewTools(): string {
  const path = shells.pathOf('ash', ['perl', 'tcpdump', 'sudo']);
  writeFileSync(join(shells.dir, 'perl_base.pm'), 'package perl_base; BEGIN { @INC = grep { /perl-base$/ } @INC } 1;');
  rmSync(join(path, 'perl'));
  const only = `#!/bin/sh\nPERL5LIB=${shells.dir} PERL5OPT=-Mperl_base exec /usr/bin/perl "$@"\n`;
  writeFileSync(join(path, 'perl'), only, { mode: 0o755 });
  return path;
}

describe.each([
  ['dash and all tools', 'dash', () => process.env['PATH'] ?? ''],
  ['mksh and all tools', 'mksh', () => process.env['PATH'] ?? ''],
  ['busybox, and only its tools and those that the tasks name', 'ash', fewTools],
])('behind sshd, with %s', (_, shell, path) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await behindSshd(shell, path());
  });
  afterAll(() => rig?.stop());

  test.each(labs)('%s', { timeout: 120_000 }, (name) => inLab(name, ['-i', 'hosts.yml']));
});

/** What a task on that host says that fails there. */
async function failing(task: string): Promise<string> {
  desk.file('one.yml', `- hosts: localhost\n  tasks:\n    - ${task}\n`);
  const { status, stdout } = await playInLab(['one.yml', '-i', 'hosts.yml']);
  expect(status, stdout).toBe(3);
  return stdout.replace(/\s+/g, ' ');
}

describe('a host that lacks something says what, and what to do', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await behindSshd('ash', shells.pathOf('ash', ['sudo']));
  });
  afterAll(() => rig?.stop());

  test.each([
    [
      'packet: { layers: [{ ip: { dst: 127.0.0.1 } }, icmp], state: sent }',
      'sending packets needs perl on the host, and it has none',
    ],
    ['traceroute: { dest: 127.0.0.1 }', 'sending packets needs perl on the host, and it has none'],
    [
      'arp_scan: { hosts: 10.77.1.254, interface: a0, allow: [10.77.1.254] }',
      'sending packets needs perl on the host, and it has none',
    ],
    [
      'capture: { count: 1, timeout: 1 }',
      'there is no tcpdump on the host; install it, for example with package: { name: tcpdump }',
    ],
    [
      'get_certificate: { port: 443, from: target }',
      'looking at certificates needs openssl on the host, and it has none',
    ],
    [
      'socket: { port: 53, protocol: udp, send: x, from: target }',
      'datagrams need perl or bash on the host; what it has speaks only TCP',
    ],
  ])('%s', { timeout: 60_000 }, async (task, words) => {
    expect(await failing(task)).toContain(words);
  });
});

describe('a user that is not root', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await behindSshd('dash', process.env['PATH'] ?? '');
  });
  afterAll(() => rig?.stop());

  test.each([
    ['packet: { layers: [{ ip: { dst: 127.0.0.1 } }, icmp], state: sent }', 'raw sockets need root: become: true'],
    ['traceroute: { dest: 127.0.0.1 }', 'raw sockets need root: become: true'],
    ['arp_scan: { hosts: 10.77.1.254, interface: a0, allow: [10.77.1.254] }', 'raw sockets need root: become: true'],
    ['capture: { interface: a0, count: 1, timeout: 1 }', 'capturing needs root: become: true'],
    ['capture: { interface: a0, count: 1, timeout: 1, state: started }', 'capturing needs root: become: true'],
  ])('is told so: %s', { timeout: 60_000 }, async (task, words) => {
    expect(await failing(`${task}\n      become: false`)).toContain(words);
  });
});
