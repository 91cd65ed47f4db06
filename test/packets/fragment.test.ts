import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { fragmentsOf } from '../../src/packets/fragment.ts';
import { readLayers } from '../../src/packets/stack.ts';
import { captureOf } from './mixed.ts';
import { runPython } from './scapy.ts';

/** A packet, how large its pieces are, and the expression of scapy that gives the same ones. */
type Sample = [name: string, layers: Value[], size: number, scapy: string];

const ip = { ip: { src: '10.0.0.1', dst: '10.0.0.2', id: 7 } };
const ip6 = { ipv6: { src: '2001:db8::1', dst: '2001:db8::2' } };
const many = (n: number): string => '0123456789'.repeat(n);
const samples: Sample[] = [
  [
    'a datagram',
    [ip, { udp: { sport: 9, dport: 9 } }, { raw: many(300) }],
    1480,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/UDP(sport=9, dport=9)/(b"0123456789"*300), fragsize=1480)',
  ],
  [
    'a ping',
    [ip, { icmp: { id: 1, seq: 2 } }, { raw: many(100) }],
    104,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/ICMP(id=1, seq=2)/(b"0123456789"*100), fragsize=104)',
  ],
  [
    'a size that is no multiple of eight',
    [ip, { udp: {} }, { raw: many(10) }],
    33,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/UDP()/(b"0123456789"*10), fragsize=33)',
  ],
  [
    'the smallest pieces',
    [ip, { udp: {} }, { raw: many(3) }],
    8,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/UDP()/(b"0123456789"*3), fragsize=8)',
  ],
  [
    'a packet that fits',
    [ip, { udp: {} }, { raw: 'short' }],
    64,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/UDP()/b"short", fragsize=64)',
  ],
  [
    'one that fits exactly',
    [ip, { udp: {} }, { raw: 'x'.repeat(24) }],
    16,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/UDP()/(b"x"*24), fragsize=16)',
  ],
  [
    'TCP in Ethernet with a VLAN',
    [
      { ether: { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' } },
      { vlan: { vlan: 5 } },
      ip,
      { tcp: { flags: 'PA' } },
      { raw: many(9) },
    ],
    40,
    'fragment(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")/Dot1Q(vlan=5)/IP(src="10.0.0.1", dst="10.0.0.2", id=7)/TCP(flags="PA")/(b"0123456789"*9), fragsize=40)',
  ],
  [
    'options of IP, which each piece has',
    [{ ip: { src: '10.0.0.1', dst: '224.0.0.1', options: '94040000' } }, { udp: {} }, { raw: many(5) }],
    24,
    'fragment(IP(src="10.0.0.1", dst="224.0.0.1", options=[IPOption_Router_Alert()])/UDP()/(b"0123456789"*5), fragsize=24)',
  ],
  [
    'a fragment once more',
    [{ ip: { src: '10.0.0.1', dst: '10.0.0.2', id: 7, flags: 'MF', frag: 10, proto: 17 } }, { raw: many(4) }],
    16,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7, flags="MF", frag=10, proto=17)/Raw(b"0123456789"*4), fragsize=16)',
  ],
  [
    'a packet in a packet: the outer one',
    [ip, { ip: { src: '172.16.0.1', dst: '172.16.0.2' } }, { udp: {} }, { raw: many(4) }],
    32,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", id=7)/IP(src="172.16.0.1", dst="172.16.0.2")/UDP()/(b"0123456789"*4), fragsize=32)',
  ],
  [
    'a wrong sum on purpose, which pieces cannot keep',
    [{ ip: { src: '10.0.0.1', dst: '10.0.0.2', chksum: 1 } }, { udp: {} }, { raw: many(4) }],
    32,
    'fragment(IP(src="10.0.0.1", dst="10.0.0.2", chksum=1)/UDP()/(b"0123456789"*4), fragsize=32)',
  ],
  [
    'IPv6',
    [ip6, { ipv6_fragment: { id: 99 } }, { udp: { sport: 9, dport: 9 } }, { raw: many(300) }],
    1232,
    'fragment6(IPv6(src="2001:db8::1", dst="2001:db8::2")/IPv6ExtHdrFragment(id=99)/UDP(sport=9, dport=9)/(b"0123456789"*300), 1280)',
  ],
  [
    'a ping of IPv6',
    [ip6, { ipv6_fragment: { id: 5 } }, { icmpv6: { id: 7, seq: 8 } }, { raw: many(300) }],
    1448,
    'fragment6(IPv6(src="2001:db8::1", dst="2001:db8::2")/IPv6ExtHdrFragment(id=5)/ICMPv6EchoRequest(id=7, seq=8, data=b"0123456789"*300), 1496)',
  ],
];

const theirs = JSON.parse(
  runPython(
    `
import json, sys
from scapy.all import *
json.dump([[bytes(p).hex() for p in eval(text)] for text in json.load(sys.stdin)], sys.stdout)`,
    JSON.stringify(samples.map(([, , , text]) => text)),
  ),
) as string[][];

test.each(samples.map((sample, i) => [...sample, theirs[i]!] as const))(
  '%s is cut as scapy cuts it',
  (_, layers, size, __, made) => {
    expect(fragmentsOf(readLayers(layers), size).map((each) => each.toString('hex'))).toEqual(made);
  },
);

test('tshark puts the pieces together again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'play-fragments-'));
  try {
    const ether = { ether: { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' } };
    const frames = [ip, ip6].flatMap((network) => {
      const header = network === ip6 ? [{ ipv6_fragment: { id: 3 } }] : [];
      const layers = [ether, network, ...header, { udp: { sport: 5000, dport: 5001 } }, { raw: many(250) }];
      return fragmentsOf(readLayers(layers), 1000);
    });
    const file = join(folder, 'pieces.pcap');
    const captured = frames.map((data, i) => ({ seconds: i, nanos: 0, data, length: data.length, linkType: 1 }));
    writeFileSync(file, captureOf(captured));
    const fields = ['-e', 'frame.number', '-e', 'udp.length', '-e', 'udp.checksum.status', '-e', 'data.len'];
    const args = ['-r', file, '-Y', 'udp', '-o', 'udp.check_checksum:TRUE', '-T', 'fields', ...fields];
    const { stdout } = spawnSync('tshark', args, { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(['3\t2508\t1\t2500', '6\t2508\t1\t2500']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [[{ ether: {} }, { arp: {} }], 'only IP can be cut into fragments, and there is no ip layer'],
  [[{ ipv6: {} }, 'udp'], 'IPv6 is cut where its fragment header stands: put - ipv6_fragment: {id: 1} behind ipv6'],
])('%j cannot be cut', (layers, words) => {
  expect(() => fragmentsOf(readLayers(layers), 100)).toThrow(words);
});
