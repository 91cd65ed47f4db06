import type { Captured, EachFrame } from './captured.ts';
import { PacketError } from './packet-error.ts';
import { pcapngBlocks } from './pcapng-blocks.ts';

/** What is known of a capture once all of it has been read. */
export interface CaptureEnd {
  format: 'pcap' | 'pcapng';
  linkType: number;
  /** Bytes that were kept of each frame at most. */
  snaplen: number;
  /** The times have nanoseconds. */
  isNano: boolean;
  /** The file ends in the middle of a frame. */
  isCut: boolean;
}

/** Reads what has come so far. Gives how many bytes are done with; -1: the reader wants no more. */
export type Consume = (bytes: Buffer, each: EachFrame) => number;

/** No frame is longer; a header that says so is none (as libpcap has it). */
const longest = 262_144 * 2;

/**
 * A reader of captures that come in pieces: pcap with micro- or nanoseconds in either byte order, pcapng. `push` gives the rest that is to come
 * again before the next piece. Throws PacketError.
 */
export function captureParser(
  each: EachFrame,
  begun?: (found: { snaplen: number; isNano: boolean }) => void,
): {
  push(bytes: Buffer): { rest: Buffer; isDone: boolean };
  end(rest: Buffer): CaptureEnd;
} {
  let consume: Consume | undefined;
  const known: CaptureEnd = { format: 'pcap', linkType: 1, snaplen: 262_144, isNano: false, isCut: false };
  return {
    push(bytes) {
      let from = 0;
      if (!consume) {
        if (bytes.length < 24) return { rest: bytes, isDone: false };
        const magic = bytes.readUInt32LE(0);
        if (magic === 0x0a0d0d0a) {
          known.format = 'pcapng';
          consume = pcapngBlocks(known);
        } else {
          consume = pcapRecords(bytes, known);
          from = 24;
          begun?.(known);
        }
      }
      const used = consume(bytes.subarray(from), each);
      return { rest: used < 0 ? Buffer.alloc(0) : bytes.subarray(from + used), isDone: used < 0 };
    },
    end(rest) {
      if (!consume) throw new PacketError(rest.length === 0 ? 'it is empty' : 'it is too short to be a capture');
      return { ...known, isCut: rest.length > 0 };
    },
  };
}

/** The records behind the header of a pcap file (draft-ietf-opsawg-pcap). */
function pcapRecords(header: Buffer, known: CaptureEnd): Consume {
  const magics = [0xa1b2c3d4, 0xa1b23c4d];
  const isLittle = magics.includes(header.readUInt32LE(0));
  const magic = isLittle ? header.readUInt32LE(0) : header.readUInt32BE(0);
  if (!magics.includes(magic)) throw new PacketError('it is neither pcap nor pcapng');
  const word = isLittle
    ? (bytes: Buffer, at: number) => bytes.readUInt32LE(at)
    : (bytes: Buffer, at: number) => bytes.readUInt32BE(at);
  known.isNano = magic === 0xa1b23c4d;
  known.snaplen = word(header, 16);
  known.linkType = word(header, 20) & 0x0fffffff;
  const { linkType } = known;
  const unit = known.isNano ? 1 : 1000;
  return (bytes, each) => {
    let at = 0;
    while (at + 16 <= bytes.length) {
      const kept = word(bytes, at + 8);
      if (kept > longest) throw new PacketError(`a frame says that it has ${kept} bytes`);
      const end = at + 16 + kept;
      if (end > bytes.length) break;
      const frame: Captured = {
        seconds: word(bytes, at),
        nanos: word(bytes, at + 4) * unit,
        data: bytes.subarray(at + 16, end),
        length: word(bytes, at + 12),
        linkType,
      };
      at = end;
      if (each(frame) === false) return -1;
    }
    return at;
  };
}
