import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileFilter } from '../../src/packets/filter.ts';
import { captureOf, mixedFrames } from './mixed.ts';

const frames = mixedFrames();
const folder = mkdtempSync(join(tmpdir(), 'play-filter-'));
const file = join(folder, 'mixed.pcap');
beforeAll(() => writeFileSync(file, captureOf(frames)));
afterAll(() => rmSync(folder, { recursive: true }));

const filters = `
ip
ip6
arp
tcp
udp
icmp
icmp6
not ip
tcp or udp
tcp and not port 80
host 10.0.0.1
src host 10.0.0.1
dst host 10.0.0.2
src 10.0.0.1 and dst 10.0.0.2
src or dst host 10.1.2.3
src and dst host 10.0.0.1
host 10.0.0.1 or 10.0.0.53
ip host 10.0.0.2
arp host 10.0.0.2
ip src 10.0.0.1
host 2001:db8::1
src host fe80::1
ip6 dst host ff02::1
dst net 224.0.0.0/4
net 192.168.1.0/24
net 192.168.1
net 192.168.0.0 mask 255.255.254.0
net 192.168.0.0/16 and not src net 192.168.2.0/24
net 10
ip6 net 2001:db8::/32
src net fe80::/10
port 80
port 80 or 443
tcp port 443
udp port 53
src port 1000
dst port http
tcp dst port 80 and src portrange 1000-1010
portrange 6000-6010
udp portrange 6001-6003 or tcp portrange 80-90
not port 53
!(tcp or udp)
(tcp or udp) and (src net 192.168.0.0/16 or host 10.0.0.1)
tcp && port 80 || icmp
icmp || tcp && port 80
ether host 02:00:00:00:00:01
ether src 02:00:00:00:00:0a
ether dst host ff:ff:ff:ff:ff:ff
ether broadcast
broadcast
ether multicast
ip multicast
ip6 multicast
ether proto 0x88cc
ether proto \\arp
ether proto \\ip and not ip proto \\tcp
ip proto 99
ip proto \\udp
ip6 proto 58
proto 17
vlan
vlan 42
vlan 7
vlan 7 and vlan 8
vlan and tcp
vlan and host 10.1.2.3
vlan 102 or tcp
not vlan
vlan and ip and udp port 53
less 60
greater 600
len > 100 and len <= 200
len = 54
tcp[tcpflags] & tcp-syn != 0
tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn
tcp[tcpflags] == tcp-syn
tcp[13] & 1 != 0
tcp[tcpflags] & (tcp-fin|tcp-rst|tcp-push) != 0
(tcp[12] >> 4) > 5
tcp[0:2] > 1010 and tcp[2:2] = 443
ip[8] < 10
ip[0] & 0xf != 5
ip[6:2] & 0x1fff != 0
ip[6] & 0x40 != 0
ip[2:2] - ((ip[0] & 0xf) << 2) > 100
icmp[icmptype] = icmp-echo
icmp[icmptype] == icmp-unreach and icmp[icmpcode] == 3
icmp[0] != 8
icmp6[icmp6type] = icmp6-echo
icmp6[0] == 135
udp[4:2] > 100
udp[100] = 0x78
tcp[100] = 0x78 or icmp
ether[0] & 1 = 1
ether[6:4] = 0x02000000
ip[16] >= 224
ip[12:4] = 0x0a000001
ip6[6] = 17
arp[6:2] = 2
tcp port 80 and (tcp[tcpflags] & tcp-fin != 0 or src host 192.168.0.0)
not (host 10.0.0.1 and not port 53)
`
  .trim()
  .split('\n');

describe('a filter lets through what tcpdump lets through', () => {
  test.each(filters)('%s', (filter) => {
    const { status, stdout, stderr } = spawnSync('tcpdump', ['-n', '-r', file, '-w', '-', '--', filter]);
    expect(status, String(stderr)).toBe(0);
    const fits = compileFilter(filter);
    const ours = frames.map((frame, i) => (fits(frame) ? i : -1)).filter((i) => i >= 0);
    const theirs = frames.map((_, i) => i).filter((i) => holds(stdout, i));
    expect(ours).toEqual(theirs);
    expect(captureOf(frames.filter(fits)).equals(stdout)).toBe(true);
  });

  test('a filter that is empty lets everything through', () => {
    expect(frames.every(compileFilter(' '))).toBe(true);
  });
});

/** Times tell the frames apart. */
function holds(capture: Buffer, at: number): boolean {
  const { seconds, nanos } = frames[at]!;
  const stamp = Buffer.alloc(8);
  stamp.writeUInt32LE(seconds, 0);
  stamp.writeUInt32LE(nanos / 1000, 4);
  return capture.includes(stamp, 24);
}

describe('a filter that cannot be read says why', () => {
  test.each([
    ['prot 80', '"prot" is not an address; names are not looked up here'],
    ['port', '"the end" is not expected there'],
    ['port 70000', '"70000" is not a port'],
    ['host example.com', '"example.com" is not an address; names are not looked up here'],
    ['net 10.0.0.1/8', '10.0.0.1/8 has bits behind its prefix'],
    ['tcp and', '"the end" is not expected there'],
    ['(tcp', '"the end" is not expected there'],
    ['tcp)', '")" is not expected there'],
    ['icmp port 7', 'icmp has no ports'],
    ['tcp[0:3] = 1', 'one, two or four bytes can be read at once'],
    ['ether host 10.0.0.1', '"10.0.0.1" is not a hardware address like 02:00:00:00:00:01'],
    ['tcp {', '"{" cannot be read'],
    ['-w /tmp/x', '"-" is not expected there'],
  ])('%s', (filter, words) => {
    expect(() => compileFilter(filter)).toThrow(`filter: ${words}`);
  });
});
