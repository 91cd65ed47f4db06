import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCaptureJob } from '../../src/packets/capture-job.ts';
import { captureParser } from '../../src/packets/capture-parser.ts';
import type { Captured } from '../../src/packets/captured.ts';
import { captureOf, mixedFrames } from './mixed.ts';
import { runPython } from './scapy.ts';

const frames = mixedFrames();
const folder = mkdtempSync(join(tmpdir(), 'play-captures-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
}

/** Reads bytes in pieces of some size. */
function readIn(bytes: Buffer, size: number): { frames: Captured[]; isCut: boolean } {
  const found: Captured[] = [];
  const parser = captureParser((frame) => {
    found.push({ ...frame, data: Buffer.from(frame.data) });
    return undefined;
  });
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += size)
    ({ rest } = parser.push(Buffer.concat([rest, bytes.subarray(at, at + size)])));
  return { frames: found, isCut: parser.end(rest).isCut };
}

/** What scapy finds in a file: `[time in nanoseconds, length on the wire, bytes]` of each packet. */
function inScapy(file: string): [string, number, string][] {
  return JSON.parse(
    runPython(`
import json, sys
from scapy.utils import RawPcapReader, RawPcapNgReader, PcapReader
out = []
for p in PcapReader(${JSON.stringify(file)}):
    out.append([str(int(p.time * 1000000000)), p.wirelen, bytes(p.original).hex()])
json.dump(out, sys.stdout)`),
  );
}

const plain = ({ seconds, nanos, length, data }: Captured): [string, number, string] => [
  String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos)),
  length,
  data.toString('hex'),
];

describe('a capture that is written', () => {
  test('as pcap is that of tcpdump, byte for byte', () => {
    writeFileSync(path('a.pcap'), captureOf(frames));
    run('tcpdump', ['-r', path('a.pcap'), '-w', path('b.pcap')]);
    expect(readFileSync(path('a.pcap')).equals(readFileSync(path('b.pcap')))).toBe(true);
  });

  test('as pcap is that of scapy, byte for byte', () => {
    writeFileSync(path('a.pcap'), captureOf(frames, { snaplen: 65_535 }));
    runPython(
      `from scapy.utils import rdpcap, wrpcap; wrpcap(${JSON.stringify(path('c.pcap'))}, rdpcap(${JSON.stringify(path('a.pcap'))}))`,
    );
    expect(readFileSync(path('a.pcap')).equals(readFileSync(path('c.pcap')))).toBe(true);
  });

  test('with nanoseconds is that of tcpdump, byte for byte', () => {
    const exact = frames.map((frame, i) => ({ ...frame, nanos: frame.nanos + i }));
    writeFileSync(path('n.pcap'), captureOf(exact, { isNano: true }));
    run('tcpdump', ['--nano', '-r', path('n.pcap'), '-w', path('m.pcap')]);
    expect(readFileSync(path('n.pcap')).equals(readFileSync(path('m.pcap')))).toBe(true);
  });

  test.each([false, true])('as pcapng (nanoseconds: %s) is read by tshark and by scapy', (isNano) => {
    writeFileSync(path('a.pcapng'), captureOf(frames, { format: 'pcapng', isNano }));
    const told = run('tshark', ['-r', path('a.pcapng'), '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len']);
    const lines = frames.map((f) => `${f.seconds}.${String(f.nanos).padStart(9, '0')}\t${f.length}`);
    expect(told.trim().split('\n')).toEqual(lines);
    expect(inScapy(path('a.pcapng')).map(([, ...rest]) => rest)).toEqual(frames.map(plain).map(([, ...rest]) => rest));
  });
});

describe('a capture that is read', () => {
  test.each([7, 100, 4096, 1_000_000])('in pieces of %s bytes gives every packet', (size) => {
    for (const format of ['pcap', 'pcapng'] as const) {
      const read = readIn(captureOf(frames, { format }), size);
      expect(read.isCut).toBe(false);
      expect(read.frames.map(plain)).toEqual(frames.map(plain));
    }
  });

  test('may have the other byte order', () => {
    const little = captureOf(frames.slice(0, 3));
    const big = Buffer.from(little);
    const swap = (at: number, size: number): void => void big.subarray(at, at + size).reverse();
    for (const at of [0, 8, 12, 16, 20]) swap(at, 4);
    for (const at of [4, 6]) swap(at, 2);
    let at = 24;
    while (at < little.length) {
      const kept = little.readUInt32LE(at + 8);
      for (let i = 0; i < 16; i += 4) swap(at + i, 4);
      at += 16 + kept;
    }
    expect(readIn(big, 1000).frames.map(plain)).toEqual(frames.slice(0, 3).map(plain));
  });

  test('of tshark, pcapng with its blocks and options, gives what tshark shows', () => {
    writeFileSync(path('t.pcap'), captureOf(frames));
    run('tshark', ['-r', path('t.pcap'), '-w', path('t.pcapng'), '-F', 'pcapng']);
    expect(readIn(readFileSync(path('t.pcapng')), 999).frames.map(plain)).toEqual(frames.map(plain));
  });

  test('that ends in the middle of a packet gives those before it, and says so', () => {
    const whole = captureOf(frames);
    const read = readIn(whole.subarray(0, whole.length - 3), 500);
    expect(read.isCut).toBe(true);
    expect(read.frames).toHaveLength(frames.length - 1);
  });

  test.each([
    ['it is empty', Buffer.alloc(0)],
    ['it is too short to be a capture', Buffer.from('short')],
    ['it is neither pcap nor pcapng', Buffer.alloc(64, 'x')],
    ['a frame says that it has 4294967295 bytes', Buffer.concat([captureOf([]), Buffer.alloc(16, 0xff)])],
    [
      'a block says that it has 4294967295 bytes',
      Buffer.concat([captureOf([], { format: 'pcapng' }), Buffer.alloc(16, 0xff)]),
    ],
  ])('is none: %s', (words, bytes) => {
    expect(() => readIn(bytes, 1000)).toThrow(words);
  });
});

describe('the tables of a capture', () => {
  test('of conversations and protocols are those of tshark', async () => {
    const file = path('s.pcap');
    writeFileSync(file, captureOf(frames));
    const { conversations, protocols, count } = await runCaptureJob({
      src: file,
      tables: ['conversations', 'protocols'],
      limit: 0,
    });
    expect(count).toBe(frames.length);
    const ours = (conversations as { src: string; dst: string; packets: number; bytes: number }[])
      .map(({ src, dst, packets, bytes }) => [[src, dst].sort().join(' '), packets, bytes])
      .sort();
    const theirs = ['ip', 'ipv6'].flatMap((kind) =>
      run('tshark', ['-q', '-n', '-z', `conv,${kind}`, '-r', file])
        .split('\n')
        .filter((line) => line.includes('<->'))
        .map((line) => {
          const [a = '', , b = '', ...cells] = line.trim().split(/\s+/);
          const numbers = cells.filter((cell) => /^\d/.test(cell)).map((cell) => Number(cell.replace(/,/g, '')));
          return [[a, b].sort().join(' '), numbers[4], numbers[5]];
        }),
    );
    // A packet in a packet counts for both of its pairs there, and for the outer one here.
    const inner = new Set(['172.16.0.1 172.16.0.2']);
    const outer = theirs.filter(([pair]) => !inner.has(String(pair)) && ours.some(([own]) => own === pair)).sort();
    expect(outer.length).toBeGreaterThan(40);
    const nested = new Set(['10.0.0.1 10.0.0.2', '2001:db8::1 2001:db8::2']);
    const single = (rows: unknown[][]) => rows.filter(([pair]) => !nested.has(String(pair)));
    expect(single(ours)).toEqual(single(outer));
    const tcp = run('tshark', ['-r', file, '-Y', 'tcp && !icmp && !icmpv6', '-T', 'fields', '-e', 'frame.len']);
    const row = (protocols as { protocol: string; packets: number }[]).find((one) => one.protocol === 'tcp');
    // One TCP segment is in a packet of IPv6 in one of IPv4, which counts as `ipv6` here.
    expect(row?.packets).toBe(tcp.trim().split('\n').length - 1);
  });

  test('of flows say who began', async () => {
    const { flows } = await runCaptureJob({
      frames,
      tables: ['flows'],
      filter: 'tcp dst port 443 and src host 10.0.0.1',
      limit: 0,
    });
    for (const flow of flows as { src: string; dport: number; packets: number; packets_sent: number }[]) {
      expect(flow).toMatchObject({ src: '10.0.0.1', dport: 443, packets_received: 0 });
      expect(flow.packets_sent).toBe(flow.packets);
    }
  });
});
