import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Captured } from './captured.ts';
import { PacketError } from './packet-error.ts';

/** How a capture is written. */
export interface CaptureForm {
  format: 'pcap' | 'pcapng';
  linkType: number;
  snaplen: number;
  isNano: boolean;
}

/** The beginning of a capture file. */
export function captureHeader({ format, linkType, snaplen, isNano }: CaptureForm): Buffer {
  if (format === 'pcap') {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(isNano ? 0xa1b23c4d : 0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(snaplen, 16);
    header.writeUInt32LE(linkType, 20);
    return header;
  }
  const section = Buffer.alloc(28);
  section.writeUInt32LE(0x0a0d0d0a, 0);
  section.writeUInt32LE(28, 4);
  section.writeUInt32LE(0x1a2b3c4d, 8);
  section.writeUInt16LE(1, 12);
  section.fill(0xff, 16, 24);
  section.writeUInt32LE(28, 24);
  return Buffer.concat([section, interfaceBlock({ linkType, snaplen, isNano })]);
}

/** An interface of a pcapng file; with nanoseconds it says so (option 9). */
function interfaceBlock({ linkType, snaplen, isNano }: Omit<CaptureForm, 'format'>): Buffer {
  const options = isNano ? Buffer.from([9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]) : Buffer.alloc(0);
  const block = Buffer.alloc(20 + options.length);
  block.writeUInt32LE(1, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt16LE(linkType, 8);
  block.writeUInt32LE(snaplen, 12);
  options.copy(block, 16);
  block.writeUInt32LE(block.length, block.length - 4);
  return block;
}

/** One frame of a capture file. */
export function captureRecord(frame: Captured, { format, isNano }: CaptureForm): Buffer {
  const { data, seconds, nanos } = frame;
  const kept = data.length;
  if (format === 'pcap') {
    const record = Buffer.allocUnsafe(16 + kept);
    record.writeUInt32LE(seconds, 0);
    record.writeUInt32LE(isNano ? nanos : Math.floor(nanos / 1000), 4);
    record.writeUInt32LE(kept, 8);
    record.writeUInt32LE(frame.length, 12);
    data.copy(record, 16);
    return record;
  }
  const total = 32 + Math.ceil(kept / 4) * 4;
  const block = Buffer.alloc(total);
  const units = isNano
    ? BigInt(seconds) * 1_000_000_000n + BigInt(nanos)
    : BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1000));
  block.writeUInt32LE(6, 0);
  block.writeUInt32LE(total, 4);
  block.writeUInt32LE(Number(units >> 32n), 12);
  block.writeUInt32LE(Number(units & 0xffffffffn), 16);
  block.writeUInt32LE(kept, 20);
  block.writeUInt32LE(frame.length, 24);
  data.copy(block, 28);
  block.writeUInt32LE(total, total - 4);
  return block;
}

/** Writes a capture, all frames of which have the same link. */
export function captureWriter(path: string): {
  /** Throws PacketError for a frame of another link than those before it. */
  add(frame: Captured, form: () => CaptureForm): void;
  /** Resolves once there is room again. Throws what the file system said. */
  drained(): Promise<void>;
  finish(form: CaptureForm): Promise<void>;
  abandon(): void;
} {
  const out = createWriteStream(path, { mode: 0o644 });
  let failure: Error | undefined;
  out.on('error', (error) => {
    failure = error;
  });
  let form: CaptureForm | undefined;
  const begin = (chosen: CaptureForm): CaptureForm => {
    out.write(captureHeader(chosen));
    return chosen;
  };
  return {
    add(frame, choose) {
      form ??= begin(choose());
      if (frame.linkType !== form.linkType) {
        const links = `${form.linkType} and ${frame.linkType}`;
        throw new PacketError(`packets of different links (${links}) do not go into one file`);
      }
      out.write(captureRecord(frame, form));
    },
    async drained() {
      if (!failure && out.writableNeedDrain)
        await new Promise<void>((resolve) => out.once('drain', resolve).once('close', resolve));
      if (failure) throw failure;
    },
    async finish(chosen) {
      form ??= begin(chosen);
      out.end();
      await finished(out);
    },
    abandon: () => void out.destroy(),
  };
}
