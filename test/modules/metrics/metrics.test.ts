import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricGroups, metricsProgram } from '../../../src/modules/shared/metrics-program.ts';
import { readMetrics } from '../../../src/modules/shared/metrics-read.ts';
import { runIn, shells } from '../live.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'play-metrics-'));
  await writeFile(
    join(folder, 'mounts'),
    `/dev/sda1 / ext4 rw 0 0
nas:/dead /mnt/dead nfs4 rw 0 0
proc /proc proc rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/sdb1 /mnt/a\\040b ext4 rw 0 0
/dev/sda1 /etc/hosts ext4 rw 0 0
`,
  );
  // As GNU coreutils 9.1 answers; the second one hangs like a dead server.
  const df = `#!/bin/sh
for at; do :; done
case $at in /mnt/dead) exec sleep 60 ;; esac
echo "Filesystem     1024-blocks     Used Available Capacity Mounted on"
case $at in /mnt/*) echo "/dev/sdb1           2048     1024      1024      50% $at" ;; *) echo "/dev/sda1        1000000   250000    700000      27% $at" ;; esac
`;
  await writeFile(join(folder, 'df'), df, { mode: 0o755 });
});
afterAll(() => rm(folder, { recursive: true }));

const sizes = (size: number, used: number, available: number, percent: number) => ({ size, used, available, percent });

describe.each(Object.entries(shells))('metrics under %s', (_, shell) => {
  it('are those of this machine', async () => {
    const { stdout, stderr, rc } = await runIn(shell, metricsProgram(metricGroups, { interval: 1, timeout: 20 }).sh);
    expect({ stderr, rc }).toEqual({ stderr: '', rc: 0 });
    const found = readMetrics(stdout, metricGroups);
    expect(found).toMatchObject({
      cpu: { count: expect.any(Number), percent: expect.any(Number) },
      memory: { total: totalmem() },
      load: { one: expect.any(Number) },
      network: expect.arrayContaining([expect.objectContaining({ name: 'lo' })]),
      uptime: { seconds: expect.any(Number), boot_time: expect.any(Number) },
      late: [],
    });
  });

  it('are not held up by a file system that hangs', async () => {
    const program = metricsProgram(['disks', 'load'], { interval: 1, timeout: 4 });
    const text = program.sh.replaceAll('/proc/mounts', join(folder, 'mounts'));
    const began = Date.now();
    const { stdout } = await runIn(shell, text, { PATH: `${folder}:${process.env['PATH']}` });
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(readMetrics(stdout, ['disks', 'load'])).toMatchObject({
      disks: [
        { device: '/dev/sda1', mount: '/', fstype: 'ext4', ...sizes(1_024_000_000, 256_000_000, 716_800_000, 26.32) },
        { device: 'nas:/dead', mount: '/mnt/dead', fstype: 'nfs4', size: null, percent: null },
        { device: '/dev/sdb1', mount: '/mnt/a b', ...sizes(2_097_152, 1_048_576, 1_048_576, 50) },
      ],
      load: { one: expect.any(Number) },
      late: ['disks'],
    });
  });
});

describe('metrics', () => {
  it.each([
    ['Linux', '0.10 0.20 1.30 1/99 1234', { one: 0.1, five: 0.2, fifteen: 1.3 }],
    ['macOS', '12:00  up 2 days,  3:04, 2 users, load averages: 1.10 2.20 3.30', { one: 1.1, five: 2.2, fifteen: 3.3 }],
    [
      'FreeBSD in another language',
      ' 9:15AM  up 1:02, load averages: 1,10 2,20 3,30',
      { one: 1.1, five: 2.2, fifteen: 3.3 },
    ],
    ['busybox', ' 12:00:00 up 1 day,  load average: 0.00, 0.01, 0.05', { one: 0, five: 0.01, fifteen: 0.05 }],
    ['nothing', 'no such file', null],
  ])('read the load of %s', (_, text, load) => {
    expect(readMetrics(`== load\n${text}\n`, ['load'])).toMatchObject({ load, cpu: null });
  });

  it.each([
    ['Linux', '93784.52 180000.10\nbtime 1700000000', { seconds: 93_784, boot_time: 1_700_000_000 }],
    [
      'macOS',
      '{ sec = 1700000000, usec = 12 } Tue Nov 14 22:13:20 2023\n1700000100',
      { seconds: 100, boot_time: 1_700_000_000 },
    ],
  ])('read the time since the start of %s', (_, text, uptime) => {
    expect(readMetrics(`== uptime\n${text}\n`, ['uptime'])).toMatchObject({ uptime });
  });

  it.each([
    [
      'GNU',
      'ann      pts/0        2026-01-02 03:04 (192.0.2.7)',
      { name: 'ann', terminal: 'pts/0', host: '192.0.2.7' },
    ],
    [
      'busybox',
      'ann             pts/0           00:00   Jan  2 03:04:05  192.0.2.7',
      { name: 'ann', terminal: 'pts/0', host: '192.0.2.7' },
    ],
    ['macOS', 'ann              console  Jan  2 03:04 ', { name: 'ann', terminal: 'console', host: '' }],
  ])('read the users of %s', (_, text, user) => {
    const heading = 'USER            TTY             IDLE    TIME            HOST\n';
    expect(readMetrics(`== users\n${heading}${text}\n`, ['users'])).toMatchObject({ users: [user] });
  });

  it('read the df of macOS', () => {
    const text = `== disks
df 0 Filesystem     1024-blocks      Used Available Capacity  Mounted on
df 0 /dev/disk3s1s1   482797652  10111232 200000000     5%    /
df 0 /dev/disk3s5     482797652 270000000 200000000    58%    /System/Volumes/My Data
`;
    expect(readMetrics(text, ['disks'])).toMatchObject({
      disks: [
        { device: '/dev/disk3s1s1', mount: '/' },
        { mount: '/System/Volumes/My Data', percent: 57.45 },
      ],
    });
  });

  it('read memory, also of a kernel that does not say what is available', () => {
    const text =
      'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 250 kB\nSwapTotal: 200 kB\nSwapFree: 50 kB\n';
    expect(readMetrics(`== memory\n${text}== swap\n${text}`, ['memory', 'swap'])).toMatchObject({
      memory: { total: 1_024_000, available: 409_600, used: 614_400, percent: 60 },
      swap: { total: 204_800, used: 153_600, free: 51_200, percent: 75 },
    });
  });

  it('tell what happened in the interval', () => {
    const text = `== cpu before
cpu  100 0 100 800 0 0 0 0 0 0
cpu0 50 0 50 400 0 0 0 0 0 0
cpu1 50 0 50 400 0 0 0 0 0 0
intr 5
== disk_io before
   8       0 sda 10 0 100 5 20 0 200 6 0 1000 11
   7       0 loop0 10 0 100 5 20 0 200 6 0 10 11
== network before
Inter-|   Receive                                                |  Transmit
  eth0: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0
  eth1:4294967295 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
== cpu after
cpu  150 0 100 840 10 0 0 0 0 0
cpu0 100 0 50 400 0 0 0 0 0 0
cpu1 50 0 50 440 10 0 0 0 0 0
intr 5
== disk_io after
   8       0 sda 12 0 140 5 20 0 208 6 0 2000 11
== network after
  eth0: 3000 12 1 2 0 0 0 0 2500 22 3 4 0 0 0 0
  eth1:5 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
== interval 100.00 102.00
`;
    expect(readMetrics(text, ['cpu', 'disk_io', 'network'])).toMatchObject({
      cpu: { count: 2, percent: 50, per_cpu: [100, 0], user: 50, idle: 40, iowait: 10 },
      disk_io: [{ name: 'sda', reads: 12, read_bytes: 71_680, read_rate: 10_240, write_rate: 2048, busy_percent: 50 }],
      network: [
        { name: 'eth0', received_bytes: 3000, receive_rate: 1000, send_rate: 250, errors: 4, dropped: 6 },
        { name: 'eth1', receive_rate: 0 },
      ],
    });
  });

  it('read temperatures, below zero too', () => {
    expect(readMetrics('== sensors\n45500 coretemp Package id 0\n-5000 outside\n', ['sensors'])).toMatchObject({
      sensors: [
        { name: 'coretemp Package id 0', celsius: 45.5 },
        { name: 'outside', celsius: -5 },
      ],
    });
  });

  it('may be anything', () => {
    const title = fc.constantFrom(
      ...metricGroups.flatMap((group) => [`== ${group}`, `== ${group} before`, `== ${group} after`]),
    );
    const line = fc.oneof(
      fc.string(),
      title,
      fc.constantFrom(
        '== interval 1 0',
        '== interval . .',
        'cpu 1',
        'df 1 a 1 2 3 4% /',
        'mount 1 a b c',
        'eth0: 1',
        '8 0 sda',
        '__proto__: 1 kB',
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(JSON.stringify(readMetrics(lines.join('\n'), metricGroups))).not.toMatch(/NaN|Infinity/);
      }),
    );
  });
});
