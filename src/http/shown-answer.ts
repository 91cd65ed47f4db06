import { type Header, HttpFault } from './message.ts';

/** An answer as a program on the host has printed it. */
export interface ShownAnswer {
  status: number;
  reason: string;
  headers: Header[];
  /** Where it came from. */
  address?: string;
  body: Buffer;
}

/** Reads what `curl -i` prints: heads of answers that come before the real one (RFC 9110, section 15.2), the head, the body, and our last line. */
export function shownAnswer(bytes: Buffer, nonce: string): ShownAnswer {
  const end = bytes.lastIndexOf(`\n${nonce} `);
  const [, address = ''] = end < 0 ? [] : bytes.toString('utf8', end).trim().split(' ');
  let rest = end < 0 ? bytes : bytes.subarray(0, end);
  for (;;) {
    const head = headEnd(rest);
    if (!head) throw new HttpFault('what curl printed is no answer of a server');
    const { status, reason, headers } = readHead(rest.toString('latin1', 0, head.end));
    rest = rest.subarray(head.next);
    if (status < 100 || status > 199 || status === 101)
      return { status, reason, headers, body: rest, ...(address !== '' && { address }) };
  }
}

/** Reads what `wget -S -O -` prints, the head among other lines on stderr. */
export function wgetAnswer(bytes: Buffer, said: string): ShownAnswer {
  const lines = said.split('\n').map((line) => line.trim());
  const first = lines.findLastIndex((line) => /^HTTP\/[\d.]+ \d{3}/.test(line));
  if (first < 0) throw new HttpFault(lines.filter((line) => line !== '').at(-1) ?? 'wget printed no answer');
  const end = lines.findIndex((line, i) => i > first && !/^[A-Za-z0-9-]+:/.test(line));
  return { ...readHead(lines.slice(first, end < 0 ? undefined : end).join('\r\n')), body: bytes };
}

function headEnd(bytes: Buffer): { end: number; next: number } | undefined {
  for (const mark of ['\r\n\r\n', '\n\n']) {
    const end = bytes.indexOf(mark);
    if (end >= 0) return { end, next: end + mark.length };
  }
  return undefined;
}

function readHead(text: string): Omit<ShownAnswer, 'body'> {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [, status = '0', reason = ''] = /^HTTP\/[\d.]+ (\d{3}) ?(.*)$/.exec(first) ?? [];
  const headers = lines.flatMap((line): Header[] => {
    const cut = line.indexOf(':');
    return cut < 1 ? [] : [[line.slice(0, cut).trim(), line.slice(cut + 1).trim()]];
  });
  return { status: Number(status), reason: reason.trim(), headers };
}
