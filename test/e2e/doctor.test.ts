import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

/* What a user is told by `play doctor` about this machine: it prints, and never fails. */
let desk: Desk;
beforeAll(async () => {
  await builtPlay();
  desk = await createDesk();
});
afterAll(() => desk?.[Symbol.asyncDispose]());

/** A PATH with these programs and no others; `play doctor` looks in /usr/sbin too, where none of them is. */
function only(...names: string[]): { PATH: string; folder: string } {
  const folder = join(desk.dir, ['bin', ...names].join('-'));
  mkdirSync(folder, { recursive: true });
  for (const name of names) symlinkSync('/bin/sh', join(folder, name));
  return { PATH: folder, folder };
}

/** What stands below a tier: each thing by its first word, with why it is missing. */
function tier(stdout: string, title: string): string[] {
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => line.includes(title));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('    '));
  return lines.slice(start, end).map((line) => line.trim());
}

describe('play doctor', () => {
  test('tells the three tiers, which tasks belong to each, and where their programs are', async () => {
    const { PATH, folder } = only('ping', 'tcpdump', 'perl', 'openssl');
    const { exit, stdout, stderr } = await desk.play(['doctor'], { env: { PATH } });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(
      stdout,
    ).toBe(`✓ no rights needed  packet (built), pcap, port_check, port_scan, port_listen, socket, dns_query, get_certificate
    nothing but Node
✓ programs of the host  net_ping, capture; port_check, port_scan, socket, dns_query, get_certificate with from: target
    ping (${folder}/ping)
    tcpdump (${folder}/tcpdump)
    the right to capture
    perl or bash or nc (${folder}/perl)
    openssl (${folder}/openssl)
✓ raw packets  packet (sent, answered), arp_scan, traceroute
    perl (${folder}/perl)
    raw sockets

This is about the machine that play runs on; the second and third tier use the programs of each host.
`);
  });

  test('says of each program that is missing which task needs it, and how to get it', async () => {
    const { exit, stdout } = await desk.play(['doctor'], { env: { PATH: only('bash').PATH } });
    expect(exit).toBe(0);
    expect(tier(stdout, 'no rights needed')[0]).toMatch(/^✓ /);
    expect(tier(stdout, 'programs of the host')).toEqual([
      expect.stringMatching(/^✖ programs of the host/),
      'ping: not found; net_ping needs it: install iputils-ping or iputils',
      'tcpdump: not found; capture needs it: install tcpdump',
      'the right to capture',
      expect.stringMatching(/^perl or bash or nc \(.*\/bash\)$/),
      'openssl: not found; get_certificate with from: target needs it: install openssl',
    ]);
    expect(tier(stdout, 'raw packets')).toEqual([
      expect.stringMatching(/^✖ raw packets/),
      'perl: not found; they are sent by it: install perl',
      'raw sockets',
    ]);
  });

  test('marks in plain letters where there are no others', async () => {
    const { stdout } = await desk.play(['doctor'], { env: { PATH: only('perl').PATH, LANG: 'C', LC_ALL: 'C' } });
    expect(stdout.split('\n').filter((line) => /^(ok|--) /.test(line))).toHaveLength(3);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('notices that a root has been denied raw sockets, as in a container, and that another user has none', async () => {
    const told = async (...limit: string[]) => {
      const args = [...limit, process.execPath, await builtPlay(), 'doctor'];
      const { status, stdout, stderr } = spawnSync('setpriv', args, {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8' },
      });
      expect(status, stderr).toBe(0);
      return stdout;
    };
    // The program under test lies in a folder of root.
    const mayRead = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
    const denied = await told('--bounding-set=-net_raw');
    expect(tier(denied, 'raw packets').at(-1)).toBe(
      'raw sockets: this root has been denied them (CAP_NET_RAW); a container gets them with --cap-add NET_RAW',
    );
    const nobody = await told('--reuid=65534', '--regid=65534', '--clear-groups', ...mayRead);
    expect(tier(nobody, 'programs of the host')).toContain(
      'the right to capture: only root has them; run those tasks with become: true',
    );
    expect(tier(nobody, 'no rights needed')[0]).toMatch(/^✓ /);
  });

  test('knows its topics', async () => {
    const { exit, stderr } = await desk.play(['doctor', 'web1']);
    expect(exit).toBe(2);
    expect(stderr).toContain('Allowed choices are network, aws');
  });
});
