import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureParser } from '../../src/packets/capture-parser.ts';
import { compileFilter } from '../../src/packets/filter.ts';
import { flowTables } from '../../src/packets/flow-tables.ts';
import type { LayerName } from '../../src/packets/layer.ts';
import { PacketError } from '../../src/packets/packet-error.ts';
import { packetRow } from '../../src/packets/packet-row.ts';
import { buildPacket, firstLayer, parsePacket, readLayers } from '../../src/packets/stack.ts';
import { captureOf, mixedFrames } from './mixed.ts';

const ip4 = fc.ipV4();
const byte = (most: number) => fc.integer({ min: 0, max: most });
const bytes = fc.uint8Array({ maxLength: 64 }).map((all) => Buffer.from(all).toString('hex'));
const transports = fc.oneof(
  fc.record({ udp: fc.record({ sport: byte(65_535), dport: byte(65_535) }) }),
  fc.record({
    tcp: fc.record({
      sport: byte(65_535),
      dport: byte(65_535),
      seq: byte(4_294_967_295),
      flags: byte(511),
      window: byte(65_535),
    }),
  }),
  fc.record({ icmp: fc.record({ type: fc.constantFrom(0, 8, 13, 17), id: byte(65_535), seq: byte(65_535) }) }),
);
const packets = fc
  .tuple(fc.record({ src: ip4, dst: ip4, ttl: byte(255), tos: byte(255), id: byte(65_535) }), transports, bytes)
  .map(([ip, transport, hex]) => [{ ip }, transport, { raw: { hex } }]);

describe('packets', () => {
  test('that are built, read and built again are the same', () => {
    fc.assert(
      fc.property(packets, (layers) => {
        const built = buildPacket(readLayers(layers));
        expect(buildPacket(parsePacket(built, 'ip')).equals(built)).toBe(true);
      }),
    );
  });

  test('any bytes are read without an error, and give the same bytes again', () => {
    const firsts: LayerName[] = [
      'ether',
      'ip',
      'ipv6',
      'sll',
      'sll2',
      'loopback',
      'tcp',
      'udp',
      'icmp',
      'icmpv6',
      'arp',
      'dns',
      'dhcp',
      'vlan',
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...firsts), (all, first) => {
        const given = Buffer.from(all);
        expect(buildPacket(parsePacket(given, first)).toString('hex')).toBe(given.toString('hex'));
      }),
      { numRuns: 2000 },
    );
  });

  test('real ones with changed bytes give the same bytes again', () => {
    const frames = mixedFrames();
    fc.assert(
      fc.property(
        byte(frames.length - 1),
        fc.array(fc.tuple(byte(120), byte(255)), { maxLength: 4 }),
        byte(60),
        (at, changes, less) => {
          const data = Buffer.from(frames[at]!.data.subarray(0, Math.max(1, frames[at]!.data.length - less)));
          for (const [place, value] of changes) if (place < data.length) data[place] = value;
          expect(buildPacket(parsePacket(data, 'ether')).toString('hex')).toBe(data.toString('hex'));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('hostile input', () => {
  test('no capture makes the reader fail but with its own words', () => {
    const good = captureOf(mixedFrames().slice(0, 5), { format: 'pcapng' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(byte(good.length - 1), byte(255)), { maxLength: 6 }),
        byte(good.length),
        (changes, cut) => {
          const data = Buffer.from(good.subarray(0, cut));
          for (const [place, value] of changes) if (place < data.length) data[place] = value;
          try {
            const parser = captureParser(() => undefined);
            parser.end(parser.push(data).rest);
          } catch (error) {
            if (!(error instanceof PacketError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('no frame makes filters, tables or rows fail', () => {
    const filter = compileFilter(
      'tcp[tcpflags] & tcp-syn != 0 or vlan and host 10.0.0.1 or ip6[40] = 1 or port 53 or ether broadcast',
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 101, 113, 276, 999), (all, linkType) => {
        const data = Buffer.from(all);
        const frame = { seconds: 0, nanos: 0, data, length: data.length, linkType };
        filter(frame);
        const tables = flowTables();
        tables.add(frame);
        for (const name of ['flows', 'conversations', 'talkers', 'protocols'] as const) tables.rows(name);
        packetRow(frame);
        expect(firstLayer(999, data)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [[{ tcp: { dprot: 80 } }], 'tcp has no field "dprot"; did you mean dport?'],
    [[{ tcp: { dport: 70_000 } }], 'tcp.dport: 70000 does not fit: it is a number from 0 to 65535'],
    [[{ tcp: { flags: 'X' } }], 'tcp.flags: "X" is not made of F, S, R'],
    [[{ ip: { dst: '10.0.0.300' } }], 'ip.dst: "10.0.0.300" is not an address of IPv4'],
    [[{ ip: { dst: '::1' } }], 'ip.dst: "::1" is not an address of IPv4'],
    [[{ ether: { dst: '02:00' } }], 'ether.dst: "02:00" is not a hardware address'],
    [[{ icmp: { type: 'echo' } }], 'icmp.type: "echo" is not one of echo-reply'],
    [[{ raw: { hex: 'abc' } }], '"abc" is not made of pairs of hexadecimal digits'],
    [[{ raw: { hex: 12 } }], '12 has been read as a number: write the digits in quotes'],
    [[{ raw: { hex: 'ab', text: 'x' } }], 'raw has text or hex, not both'],
    [['tpc'], 'there is no layer "tpc"; did you mean tcp?'],
    [[{ ip: {}, tcp: {} }], 'is no layer: each has one name'],
    [[{ tcp: 80 }], 'tcp has fields, as in - tcp: {sport: …}'],
    [[{ tcp: { options: [{ mss: 'x' }] } }], 'tcp.options: x is not a number of 2 bytes'],
    [[{ dhcp: { options: [{ nope: 1 }] } }], 'dhcp.options: "nope" is none of'],
    [[{ dns: { qd: [{ type: 'A' }] } }], 'dns.qd: each entry has a name'],
  ])('%j is refused: %s', (layers, words) => {
    expect(() => buildPacket(readLayers(layers as never))).toThrow(words);
  });
});
