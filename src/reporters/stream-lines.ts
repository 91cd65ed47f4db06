import { unfinishedBytes } from '../util/utf8.ts';

/** Cuts the output of running steps into lines, in bounded memory. */
export interface StreamLines {
  /** The lines that this chunk completes, without their ends. */
  push(key: string, chunk: Buffer): Buffer[];
  /** What came after the last newline; the stream is forgotten. */
  end(key: string): Buffer[];
}

/** A line without an end is cut here, so that output without newlines does not pile up. */
const LONGEST = 8 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** One splitter for any number of streams; a key names one of them. Bytes are cut at newlines only, so characters stay whole. */
export function streamLines(): StreamLines {
  const rests = new Map<string, Buffer>();
  return {
    push(key, chunk) {
      const rest = rests.get(key);
      const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        lines.push(bytes.subarray(start, bytes[end - 1] === RETURN && end > start ? end - 1 : end));
        start = end + 1;
      }
      while (bytes.length - start >= LONGEST) {
        const line = bytes.subarray(start, start + LONGEST);
        lines.push(line.subarray(0, LONGEST - unfinishedBytes(line)));
        start += LONGEST - unfinishedBytes(line);
      }
      if (start < bytes.length) rests.set(key, Buffer.from(bytes.subarray(start)));
      else rests.delete(key);
      return lines;
    },
    end(key) {
      const rest = rests.get(key);
      rests.delete(key);
      return rest ? [rest] : [];
    },
  };
}
