import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import * as node from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactGroup } from '../../../src/model/fact.ts';
import type { Fields, Value } from '../../../src/model/value.ts';
import { arch } from '../../../src/modules/facts/arch.ts';
import { cpus } from '../../../src/modules/facts/cpus.ts';
import { defaultIpv4 } from '../../../src/modules/facts/default-ipv4.ts';
import { disks } from '../../../src/modules/facts/disks.ts';
import { hostname } from '../../../src/modules/facts/hostname.ts';
import { facts as all } from '../../../src/modules/facts/index.gen.ts';
import { interfaces } from '../../../src/modules/facts/interfaces.ts';
import { kernel } from '../../../src/modules/facts/kernel.ts';
import { memory } from '../../../src/modules/facts/memory.ts';
import { os } from '../../../src/modules/facts/os.ts';
import { pkgMgr } from '../../../src/modules/facts/pkg-mgr.ts';
import { serviceMgr } from '../../../src/modules/facts/service-mgr.ts';
import { uptime } from '../../../src/modules/facts/uptime.ts';
import { virtualization } from '../../../src/modules/facts/virtualization.ts';
import { runIn, shells } from '../live.ts';

const groups: FactGroup[] = [
  arch,
  cpus,
  defaultIpv4,
  disks,
  hostname,
  interfaces,
  kernel,
  memory,
  os,
  pkgMgr,
  serviceMgr,
  uptime,
  virtualization,
];

/** A PATH with nothing but busybox. */
let busybox = '';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(node.tmpdir(), 'play-facts-'));
  busybox = join(folder, 'bin');
  await runIn(
    ['dash'],
    `mkdir ${busybox}; ln -s "$(command -v busybox)" ${busybox}/busybox; ${busybox}/busybox --install -s ${busybox}`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const userlands = Object.entries(shells).map(([name, shell]) => [name, shell, false] as const);

describe.each([...userlands, ['busybox, with its own tools only', ['busybox', 'ash'], true] as const])(
  'facts under %s',
  (_, shell, alone) => {
    const ask = async (group: FactGroup): Promise<Value> => {
      const { rc, stdout, stderr } = await runIn(shell, group.program.sh, {
        LC_ALL: 'C',
        ...(alone && { PATH: busybox }),
      });
      expect({ rc, stderr }).toEqual({ rc: 0, stderr: '' });
      return group.parse(stdout);
    };

    it('tell what this machine is', async () => {
      expect(await ask(kernel)).toBe(node.release());
      expect(await ask(arch)).toBe(node.machine());
      expect(await ask(hostname)).toBe(node.hostname());
      expect(await ask(memory)).toMatchObject({ total: node.totalmem(), available: expect.any(Number) });
      const id = /^ID=(\w+)/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
      expect(await ask(os)).toMatchObject({ id, family: expect.stringMatching(/./), name: expect.stringMatching(/./) });
      const { seconds, boot_time } = (await ask(uptime)) as { seconds: number; boot_time: number };
      expect(Math.abs(seconds - node.uptime())).toBeLessThan(60);
      expect(Math.abs(boot_time + seconds - Date.now() / 1000)).toBeLessThan(60);
      const { address } = (await ask(defaultIpv4)) as { address: string };
      const own = Object.values(node.networkInterfaces()).flatMap((list) => list?.map((one) => one.address) ?? []);
      expect(['', ...own]).toContain(address);
      expect(await ask(pkgMgr)).toMatch(/^[a-z0-9]*$/);
      expect(await ask(serviceMgr)).toMatch(/^[a-z0-9]*$/);
      expect(await ask(virtualization)).toMatchObject({ container: expect.any(Boolean) });
      expect(await ask(cpus)).toMatchObject({ count: expect.any(Number), model: node.cpus()[0]?.model.trim() });
    });

    it('tell its disks and interfaces', async () => {
      const list = await ask(disks);
      expect(list).toContainEqual(
        expect.objectContaining({ size: expect.any(Number), fstype: expect.stringMatching(/./) }),
      );
      const found = (await ask(interfaces)) as { name: string; addresses: string[] }[];
      expect(found.find(({ name }) => name === 'lo')).toMatchObject({
        mac: '',
        up: true,
        addresses: expect.arrayContaining(['127.0.0.1']),
      });
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(node.networkInterfaces())));
    });
  },
);

describe('the example of each group', () => {
  /** A value with its type in place of everything it holds; of lists only the first item. */
  const shape = (value: Value): unknown => {
    if (Array.isArray(value)) return value.slice(0, 1).map(shape);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shape(each)]));
  };
  it.each(all)('$name has what this machine gives, and the page says what it means', async ({ name, ...group }) => {
    const given = group.parse((await runIn(['dash'], group.program.sh, { LC_ALL: 'C' })).stdout);
    const item = Array.isArray(group.example) ? group.example[0] : group.example;
    const names = typeof item === 'object' && item !== null ? Object.keys(item).map((key) => `${name}.${key}`) : [];
    const told = Object.keys(group.fields).filter((field) => field.includes('.'));
    expect(told.sort()).toEqual(names.sort());
    // A machine without sessions or sensors has nothing to compare with.
    if (Array.isArray(given) && given.length === 0) return;
    expect(shape(Array.isArray(given) ? given[0]! : given)).toEqual(shape(item ?? null));
  });
});

describe('facts.disks', () => {
  it('asks df about local devices only, whatever is in the names', async () => {
    const mounts = join(folder, 'mounts');
    await writeFile(
      mounts,
      [
        '/dev/sda1 / ext4 rw 0 0',
        'server:/home /home nfs4 rw 0 0',
        '//server/share /mnt/share cifs rw 0 0',
        '/etc/auto.home /auto autofs rw 0 0',
        'proc /proc proc rw 0 0',
        'tank/data /tank zfs rw 0 0',
        '/dev/sdb1 /mnt/a\\040b\\134%s ext4 rw 0 0',
        '/dev/loop0 /snap/x squashfs ro 0 0',
        'tmpfs /run tmpfs rw 0 0',
      ].join('\n'),
    );
    const bin = join(folder, 'df-only');
    await runIn(['dash'], `mkdir ${bin}; for t in cat sed; do ln -s "$(command -v $t)" ${bin}/$t; done`);
    await symlink('/usr/bin/printf', join(bin, 'printf'));
    const df = `#!/bin/sh\nfor a; do printf 'asked %s\\n/dev/x 4 3 1 75%% %s\\n' "$a" "$a"; done\n`;
    await writeFile(join(bin, 'df'), df, { mode: 0o755 });
    const program = disks.program.sh.replaceAll('/proc/mounts', mounts);
    for (const shell of Object.values(shells)) {
      const { stdout } = await runIn(shell, program, { PATH: bin });
      expect(stdout.split('\n').filter((line) => line.startsWith('asked /'))).toEqual([
        'asked /',
        'asked /tank',
        'asked /mnt/a b\\%s',
      ]);
      // As if each were a device of its own: the type is found whatever is in the name.
      const table = stdout.split('\n').map((line, i) => line.replace('/dev/x', `/dev/x${i}`));
      const types = (disks.parse(table.join('\n')) as Fields[]).map(({ mount, fstype }) => [mount, fstype]);
      expect(types).toEqual([
        ['/', 'ext4'],
        ['/tank', 'zfs'],
        ['/mnt/a b\\%s', 'ext4'],
      ]);
    }
  });

  it('lists a device once', () => {
    const text = `mount /dev/vda1 / ext4
mount /dev/vda1 /etc/hosts ext4
mount /dev/vdb /mnt/my\\040disk xfs
Filesystem     1024-blocks    Used Available Capacity Mounted on
/dev/vda1          1000000  250000    700000      27% /
/dev/vda1          1000000  250000    700000      27% /etc/hosts
/dev/vdb              2048    1024      1024      50% /mnt/my disk
`;
    expect(disks.parse(text)).toEqual([
      {
        device: '/dev/vda1',
        mount: '/',
        fstype: 'ext4',
        size: 1_024_000_000,
        used: 256_000_000,
        available: 716_800_000,
      },
      {
        device: '/dev/vdb',
        mount: '/mnt/my disk',
        fstype: 'xfs',
        size: 2_097_152,
        used: 1_048_576,
        available: 1_048_576,
      },
    ]);
  });
});

describe('facts.os', () => {
  it.each([
    [
      'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\nVERSION_CODENAME=jammy\n',
      {
        family: 'debian',
        id: 'ubuntu',
        name: 'Ubuntu 22.04.4 LTS',
        version: '22.04',
        version_major: 22,
        codename: 'jammy',
        like: ['debian'],
      },
    ],
    [
      `ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION="9.3 (Blue Onyx)"\nVERSION_ID="9.3"\nPRETTY_NAME='It\\'s "Rocky" \\$9'\n`,
      {
        family: 'redhat',
        id: 'rocky',
        name: `It's "Rocky" $9`,
        version: '9.3',
        version_major: 9,
        codename: 'blue onyx',
        like: ['rhel', 'centos', 'fedora'],
      },
    ],
    [
      'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\nuname=Linux 6.6\n',
      {
        family: 'alpine',
        id: 'alpine',
        name: 'Alpine Linux v3.19',
        version: '3.19.1',
        version_major: 3,
        codename: '',
        like: [],
      },
    ],
    [
      'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"\nPRETTY_NAME="openSUSE Leap 15.5"\n',
      {
        family: 'suse',
        id: 'opensuse-leap',
        name: 'openSUSE Leap 15.5',
        version: '15.5',
        version_major: 15,
        codename: '',
        like: ['suse', 'opensuse'],
      },
    ],
    [
      'ID=arch\nPRETTY_NAME="Arch Linux"\nuname=Linux 6.9\n',
      { family: 'arch', id: 'arch', name: 'Arch Linux', version: '', version_major: 0, codename: '', like: [] },
    ],
    [
      'uname=Darwin 23.1.0\nsw_vers=14.1\n',
      { family: 'darwin', id: 'macos', name: 'macOS 14.1', version: '14.1', version_major: 14, codename: '', like: [] },
    ],
    [
      'uname=FreeBSD 14.0-RELEASE\n',
      {
        family: 'freebsd',
        id: 'freebsd',
        name: 'FreeBSD 14.0-RELEASE',
        version: '14.0-RELEASE',
        version_major: 14,
        codename: '',
        like: [],
      },
    ],
  ])('reads %j', (text, expected) => {
    expect(os.parse(text)).toEqual(expected);
  });
});

describe('facts.uptime', () => {
  it.each([
    ['93784.52 180000.10\nbtime 1700000000\n', { seconds: 93_784, boot_time: 1_700_000_000 }],
    [
      '{ sec = 1700000000, usec = 12 } Tue Nov 14 22:13:20 2023\n1700000100\n',
      { seconds: 100, boot_time: 1_700_000_000 },
    ],
  ])('reads %j', (text, expected) => {
    expect(uptime.parse(text)).toEqual(expected);
  });
});

describe('facts.default_ipv4', () => {
  const eth0 = { address: '10.0.0.5', interface: 'eth0', gateway: '10.0.0.1' };
  it.each([
    ['iproute2', '192.0.2.1 via 10.0.0.1 dev eth0 src 10.0.0.5 uid 0 \n    cache \n', eth0],
    ['busybox', '192.0.2.1 via 10.0.0.1 dev eth0  src 10.0.0.5 \n', eth0],
    [
      'a tunnel',
      '192.0.2.1 dev wg0 table 51820 src 10.9.0.2 uid 0\n',
      { address: '10.9.0.2', interface: 'wg0', gateway: '' },
    ],
    [
      'the kernel',
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\neth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n',
      { ...eth0, address: '' },
    ],
    [
      'macOS',
      '   route to: default\ndestination: default\n       mask: default\n    gateway: 10.0.0.1\n  interface: en0\nen0: flags=8863<UP> mtu 1500\n\tether aa:bb:cc:dd:ee:ff\n\tinet6 fe80::1%en0 prefixlen 64\n\tinet 10.0.0.5 netmask 0xffffff00 broadcast 10.0.0.255\n',
      { ...eth0, interface: 'en0' },
    ],
    ['no way out', '', { address: '', interface: '', gateway: '' }],
  ])('reads %s', (_, text, expected) => {
    expect(defaultIpv4.parse(text)).toEqual(expected);
  });
});

describe('facts.virtualization', () => {
  it.each([
    ['container docker\nmachine QEMU Standard PC\nflag\n', { type: 'docker', container: true }],
    ['machine QEMU Standard PC (Q35 + ICH9, 2009)\nflag\n', { type: 'qemu', container: false }],
    ['machine Amazon EC2 t3.micro\nflag\n', { type: 'amazon', container: false }],
    ['machine VMware, Inc. VMware Virtual Platform\n', { type: 'vmware', container: false }],
    ['machine\nhypervisor xen\n', { type: 'xen', container: false }],
    ['machine\nflag\n', { type: 'other', container: false }],
    ['machine LENOVO 20XW\n', { type: '', container: false }],
  ])('reads %j', (text, expected) => {
    expect(virtualization.parse(text)).toEqual(expected);
  });
});

describe('facts.interfaces', () => {
  it('reads ip, and the ifconfig of three systems', () => {
    const link = 'link eth0 0x1003 1500 52:54:00:12:34:56\nlink lo 0x9 65536 00:00:00:00:00:00\n';
    const eth0 = { name: 'eth0', mac: '52:54:00:12:34:56', mtu: 1500, up: true, addresses: ['10.0.0.5', 'fe80::1'] };
    const lo = { name: 'lo', mac: '', mtu: 65_536, up: true, addresses: ['127.0.0.1'] };
    const ip = `2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever
2: eth0    inet6 fe80::1/64 scope link
1: lo    inet 127.0.0.1/8 scope host lo
`;
    expect(interfaces.parse(link + ip)).toEqual([eth0, lo]);
    const old = `eth0      Link encap:Ethernet  HWaddr 52:54:00:12:34:56
          inet addr:10.0.0.5  Bcast:10.0.0.255  Mask:255.255.255.0
          inet6 addr: fe80::1/64 Scope:Link
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1

lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
          UP LOOPBACK RUNNING  MTU:65536  Metric:1
`;
    expect(interfaces.parse(old)).toEqual([eth0, lo]);
    const recent = `eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255
        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>
        ether 52:54:00:12:34:56  txqueuelen 1000  (Ethernet)
lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
`;
    expect(interfaces.parse(recent)).toEqual([eth0, lo]);
    expect(interfaces.parse(recent.replace('<UP,', '<'))).toMatchObject([{ up: false }, { up: true }]);
  });
});

describe.each(groups.map((group) => [group.name, group] as const))('facts.%s', (name, group) => {
  it('describes exactly what it gives', async () => {
    const { stdout } = await runIn(['dash'], group.program.sh);
    const value = group.parse(stdout);
    const one = Array.isArray(value) ? value[0] : value;
    const names = typeof one === 'object' && one !== null ? Object.keys(one).map((key) => `${name}.${key}`) : [name];
    expect(Object.keys(group.fields).filter((field) => field !== name || !Array.isArray(value))).toEqual(names);
  });

  it('never throws, whatever a host prints', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'ID=x',
        'ID="',
        'MemTotal: 99999999999999999999 kB',
        'mount a b c',
        '/dev/x 1 2 3 4% /',
        'link a 0xzz 1',
        '1: a inet 1/2',
        '__proto__=1',
        'link __proto__ 0x1 1',
        'constructor=',
        'ID=constructor',
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(() => JSON.stringify(group.parse(lines.join('\n')))).not.toThrow();
      }),
    );
  });
});
