import type { Fields, Value } from '../model/value.ts';
import type { Captured } from './captured.ts';
import { compileFilter } from './filter.ts';
import { flowTables, type TableName } from './flow-tables.ts';
import { packetRow } from './packet-row.ts';
import { readCapture } from './read-capture.ts';
import { type CaptureForm, captureWriter } from './write-capture.ts';

/** What is to be known of a capture. */
export interface CaptureJob {
  /** A file … */
  src?: string;
  /** … or frames. */
  frames?: Captured[];
  filter?: string;
  /** At most so many of those that fit. */
  count?: number;
  /** Where those that fit are written. */
  dest?: { path: string; format: 'pcap' | 'pcapng' };
  tables: readonly (TableName | 'packets')[];
  /** At most so many rows of `packets`. */
  limit: number;
}

/** Reads a capture once, and makes all that is asked for of it meanwhile. Throws PacketError, and what the file system says. */
export async function runCaptureJob(job: CaptureJob): Promise<Fields> {
  const { src, frames, filter = '', count = Number.POSITIVE_INFINITY, dest, limit } = job;
  const fits = compileFilter(filter);
  const tables = job.tables.some((name) => name !== 'packets') ? flowTables() : undefined;
  const rows: Fields[] = [];
  const seen = { count: 0, bytes: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  let form: CaptureForm = { format: dest?.format ?? 'pcap', linkType: 1, snaplen: 262_144, isNano: false };
  const writer = dest && captureWriter(dest.path);
  const each = (frame: Captured): boolean | undefined => {
    if (seen.count >= count) return false;
    if (filter !== '' && !fits(frame)) return undefined;
    seen.count += 1;
    seen.bytes += frame.length;
    const time = frame.seconds + frame.nanos / 1e9;
    if (time < seen.first) seen.first = time;
    if (time > seen.last) seen.last = time;
    tables?.add(frame);
    if (rows.length < limit && job.tables.includes('packets')) rows.push(packetRow(frame));
    writer?.add(frame, () => ({ ...form, linkType: frame.linkType }));
    return undefined;
  };
  try {
    let isCut = false;
    if (src !== undefined) {
      const between = writer && (() => writer.drained());
      const begun = (found: Partial<CaptureForm>): void => {
        form = { ...form, ...found };
      };
      ({ isCut } = await readCapture({ path: src, each, begun, ...(between && { between }) }));
    } else for (const frame of frames ?? []) each(frame);
    await writer?.finish(form);
    const hasAny = seen.count > 0;
    return {
      count: seen.count,
      bytes: seen.bytes,
      first: hasAny ? seen.first : null,
      last: hasAny ? seen.last : null,
      duration: hasAny ? Number((seen.last - seen.first).toFixed(9)) : 0,
      cut: isCut,
      ...Object.fromEntries(
        job.tables.map((name): [string, Value] => [name, name === 'packets' ? rows : (tables?.rows(name) ?? [])]),
      ),
    };
  } catch (error) {
    writer?.abandon();
    throw error;
  }
}
