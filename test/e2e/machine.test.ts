import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Played, play } from '../rig/cli.ts';
import { type Machine, startMachine } from '../rig/machine.ts';

/*
 * What only a machine that boots can show: units and timers of systemd, its firewall, mounts that come back, and a restart. All else about
 * these modules is in their cases.
 */
// Packages come over the network, and the machine is restarted.
vi.setConfig({ testTimeout: 420_000 });
let machine: Machine;
beforeAll(async () => {
  machine = await startMachine();
  const all = { hosts: { box: { address: machine.address, user: 'root', key: machine.key } } };
  writeFileSync(join(machine.dir, 'hosts.json'), JSON.stringify({ all }));
  writeFileSync(join(machine.dir, 'machine.yml'), book);
}, 600_000);
afterAll(() => machine?.stop(), 60_000);

const book = `
hosts: all
tasks:
  - name: packages
    package: { name: [firewalld, locales, tzdata], update_cache: true }
  - hostname: { name: box.example.org }
  - timezone: { name: Europe/Lisbon }
  - locale_gen: { name: pt_PT.UTF-8 }
  - name: unit of the clock
    copy:
      dest: /etc/systemd/system/clock.service
      content: |
        [Service]
        ExecStart=/bin/sh -c 'date >/run/clock; sleep infinity'
        [Install]
        WantedBy=multi-user.target
  - name: clock runs
    systemd_service: { name: clock, state: started, enabled: true, daemon_reload: true }
  - name: clock is up
    wait_for: { unit: clock, timeout: 20 }
  - name: clock has written
    wait_for: { path: /run/clock, timeout: 20 }
  - name: timer of the cleaner
    copy:
      dest: /etc/systemd/system/cleaner.{{item.kind}}
      content: "{{item.text}}"
    loop:
      - { kind: service, text: "[Service]\\nType=oneshot\\nExecStart=/bin/true\\n" }
      - { kind: timer, text: "[Timer]\\nOnCalendar=daily\\n[Install]\\nWantedBy=timers.target\\n" }
    loop_control: { label: '{{item.kind}}' }
  - name: cleaner is planned
    systemd_service: { name: cleaner.timer, state: started, enabled: true, daemon_reload: true }
  - name: never again
    systemd_service: { name: apt-daily.timer, state: stopped, masked: true }
  - name: scratch space
    mount: { path: /srv/scratch, src: tmpfs, fstype: tmpfs, opts: 'size=1m,mode=0750', state: mounted }
  - name: firewall runs
    service: { name: firewalld, state: started, enabled: true }
  - name: the web is let in
    firewalld: { service: http, permanent: true, immediate: true, state: enabled }
  - name: a port is, too
    firewalld: { port: 8443/tcp, permanent: true, immediate: true, state: enabled }
`;

const converge = (...args: string[]): Promise<Played> =>
  play(['machine.yml', '-i', 'hosts.json', '--known-hosts', machine.knownHosts, '-o', 'lines', ...args], {
    cwd: machine.dir,
    timeout: 400_000,
  });
const there = async (command: string): Promise<string> => {
  const { stdout, stderr } = await machine.ssh('root', command);
  return (stdout + stderr).trim();
};
const changed = (stdout: string): string[] =>
  [...stdout.matchAll(/^\S+ box changed +(.+?)(?: \(\S+s\))?$/gm)].map(([, task]) => task as string);

/** What the machine is like now, as its own programs say. */
const state = async (): Promise<string> =>
  there(
    [
      'hostnamectl hostname',
      'timedatectl show -p Timezone --value',
      'locale -a | grep pt_PT',
      'systemctl is-active clock cleaner.timer firewalld',
      'systemctl is-enabled clock cleaner.timer firewalld apt-daily.timer',
      'findmnt -rno FSTYPE,OPTIONS /srv/scratch | cut -d , -f 1,3; stat -c %a /srv/scratch',
      'firewall-cmd --list-services; firewall-cmd --list-ports',
      'firewall-cmd --permanent --list-services; firewall-cmd --permanent --list-ports',
    ].join('; '),
  );
let made = '';

test('units, timers, mounts and the firewall of a machine with systemd', async () => {
  const { exit, stdout } = await converge();
  expect(exit, stdout).toBe(0);
  made = await state();
  expect(made.split('\n')).toEqual([
    'box.example.org',
    'Europe/Lisbon',
    'pt_PT.utf8',
    ...['active', 'active', 'active'],
    ...['enabled', 'enabled', 'enabled', 'masked'],
    'tmpfs rw,size=1024k',
    '750',
    ...['dhcpv6-client http ssh', '8443/tcp', 'dhcpv6-client http ssh', '8443/tcp'],
  ]);
});

test('a second run finds nothing to do', async () => {
  const { exit, stdout } = await converge();
  expect(exit).toBe(0);
  expect(changed(stdout)).toEqual([]);
});

test('what was changed behind its back is put right, and nothing else', async () => {
  await there(
    'systemctl stop cleaner.timer; systemctl unmask apt-daily.timer; umount /srv/scratch; firewall-cmd --remove-port 8443/tcp',
  );
  const { exit, stdout } = await converge();
  expect(exit).toBe(0);
  expect(changed(stdout)).toEqual(['cleaner is planned', 'never again', 'scratch space', 'a port is, too']);
  expect(await state()).toBe(made);
});

test('a restart is waited for, and what was set is still so afterwards', async () => {
  writeFileSync(
    join(machine.dir, 'restart.yml'),
    `
hosts: all
tasks:
  - command: cat /proc/sys/kernel/random/boot_id
    register: before
  - reboot: { reboot_timeout: 120, test_command: systemctl is-system-running --wait }
    register: restarted
  - command: cat /proc/sys/kernel/random/boot_id
    register: after
  - assert: { that: [restarted.rebooted, before.stdout != after.stdout] }
`,
  );
  const again = await play(['restart.yml', '-i', 'hosts.json', '--known-hosts', machine.knownHosts, '-o', 'lines'], {
    cwd: machine.dir,
    timeout: 200_000,
  });
  expect(again.exit, again.stdout).toBe(0);
  expect(again.stdout).toMatch(/back after \d+ s/);
  expect(await state()).toBe(made);
  const { exit, stdout } = await converge();
  expect(exit).toBe(0);
  expect(changed(stdout)).toEqual([]);
});
