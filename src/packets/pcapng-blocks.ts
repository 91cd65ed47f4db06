import type { CaptureEnd, Consume } from './capture-parser.ts';
import type { EachFrame } from './captured.ts';
import { PacketError } from './packet-error.ts';

/** An interface of a section: its link, and how its times are to be read. */
interface Source {
  linkType: number;
  snaplen: number;
  /** Units of a second. */
  perSecond: bigint;
  /** Seconds to add. */
  offset: number;
}

const longestBlock = 16 * 1024 * 1024;

/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng): sections, interfaces, packets; others are passed over. */
export function pcapngBlocks(known: CaptureEnd): Consume {
  let isLittle = true;
  let sources: Source[] = [];
  const word = (bytes: Buffer, at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const half = (bytes: Buffer, at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));

  const source = (bytes: Buffer, body: number, end: number): Source => {
    const found = { linkType: half(bytes, body), snaplen: word(bytes, body + 4), perSecond: 1_000_000n, offset: 0 };
    let at = body + 8;
    while (at + 4 <= end) {
      const [code, length] = [half(bytes, at), half(bytes, at + 2)];
      if (code === 0) break;
      if (code === 9) {
        const unit = bytes[at + 4]!;
        found.perSecond = (unit & 0x80 ? 2n : 10n) ** BigInt(unit & 0x7f);
      }
      if (code === 14) {
        const [first, second] = [word(bytes, at + 4), word(bytes, at + 8)];
        const [high, low] = isLittle ? [second, first] : [first, second];
        found.offset = (high | 0) * 2 ** 32 + low;
      }
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return found;
  };

  const packet = (bytes: Buffer, options: { body: number; end: number; type: number }, each: EachFrame) => {
    const { body, end, type } = options;
    const isSimple = type === 3;
    const from = sources[isSimple ? 0 : type === 6 ? word(bytes, body) : half(bytes, body)];
    if (!from) throw new PacketError('a packet names an interface that the file does not have');
    const { linkType } = from;
    if (isSimple) {
      const length = word(bytes, body);
      const kept = Math.min(length, from.snaplen || length, end - body - 4);
      return each({ seconds: 0, nanos: 0, data: bytes.subarray(body + 4, body + 4 + kept), length, linkType });
    }
    const kept = word(bytes, body + 12);
    if (body + 20 + kept > end) throw new PacketError('a packet is longer than its block');
    const { seconds, nanos } = timeOf(word(bytes, body + 4), word(bytes, body + 8), from);
    const data = bytes.subarray(body + 20, body + 20 + kept);
    return each({ seconds, nanos, data, length: word(bytes, body + 16), linkType });
  };

  return (bytes, each) => {
    let at = 0;
    while (at + 12 <= bytes.length) {
      const isSection = bytes.readUInt32LE(at) === 0x0a0d0d0a;
      if (isSection) {
        const magic = bytes.readUInt32LE(at + 8);
        if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) throw new PacketError('a section has no byte order');
        isLittle = magic === 0x1a2b3c4d;
        sources = [];
      }
      const length = word(bytes, at + 4);
      if (length < 12 || length % 4 !== 0 || length > longestBlock)
        throw new PacketError(`a block says that it has ${length} bytes`);
      if (at + length > bytes.length) break;
      const type = word(bytes, at);
      const [body, end] = [at + 8, at + length - 4];
      if (type === 1) {
        sources.push(source(bytes, body, end));
        known.linkType = sources[0]!.linkType;
        known.snaplen = sources[0]!.snaplen || 262_144;
        known.isNano ||= sources.at(-1)!.perSecond > 1_000_000n;
      }
      at += length;
      if ((type === 6 || type === 3 || type === 2) && packet(bytes, { body, end, type }, each) === false) return -1;
    }
    return at;
  };
}

function timeOf(high: number, low: number, { perSecond, offset }: Source): { seconds: number; nanos: number } {
  if (perSecond === 1_000_000n) {
    // Microseconds since 1970 are exact as a number until the year 2255.
    const micros = high * 2 ** 32 + low;
    const seconds = Math.floor(micros / 1e6);
    return { seconds: seconds + offset, nanos: (micros - seconds * 1e6) * 1000 };
  }
  const units = (BigInt(high) << 32n) + BigInt(low);
  const nanos = ((units % perSecond) * 1_000_000_000n) / perSecond;
  return { seconds: Number(units / perSecond) + offset, nanos: Number(nanos) };
}
