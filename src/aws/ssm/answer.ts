/** What a script of ours has answered, from between `play-ssm ID` and `play-end`. */
export type Answer =
  /** It will not run this, for a reason and a detail; nothing has run. */
  | { kind: 'no'; reason: string; detail: string }
  | Ran
  /** A part of what is kept. */
  | { kind: 'part'; bytes: Buffer }
  /** What is kept has been put into the bucket, and is gone from the instance. */
  | { kind: 'put' }
  | { kind: 'unput'; detail: string }
  /** A piece of the input is there, or everything is gone. */
  | { kind: 'done' };

/** A command has run. */
export interface Ran {
  kind: 'ran';
  status: number;
  /** Stored bytes of standard output and error. */
  out: number;
  err: number;
  isZipped: boolean;
  /** Something that the command has started still held its output. */
  isHeld: boolean;
  /** There was more output than is kept. */
  isCut: boolean;
  /** The key of this answer, sealed. */
  sealed?: Buffer;
  /** Both streams, one after the other; undefined: they are kept on the instance. */
  bytes?: Buffer;
}

/** Reads an answer to the script with this id; undefined when it is not there, or not whole. */
export function readAnswer(id: string, said: string): Answer | undefined {
  const begin = `\nplay-ssm ${id} `;
  const text = `\n${said}`;
  const from = text.indexOf(begin);
  const to = text.indexOf('\nplay-end', from + 1);
  if (from < 0 || to < 0) return undefined;
  const [head = '', ...lines] = text.slice(from + begin.length, to).split('\n');
  const [kind, ...words] = head.split(' ');
  switch (kind) {
    case 'ran':
      return ran(words, lines);
    case 'no': {
      const [reason = '', ...rest] = words;
      return { kind, reason, detail: rest.join(' ').trim() };
    }
    case 'part':
      return { kind, bytes: Buffer.from(lines[0] ?? '', 'base64') };
    case 'put':
      return { kind };
    case 'unput':
      return { kind, detail: words.join(' ').trim() };
    case 'done':
      return { kind };
    default:
      return undefined;
  }
}

function ran([status, out, err, how, held, cut]: readonly string[], lines: readonly string[]): Ran {
  const sealed = how?.endsWith('x') ? lines[0] : undefined;
  const bytes = lines[sealed === undefined ? 0 : 1];
  return {
    kind: 'ran',
    status: Number(status),
    out: Number(out),
    err: Number(err),
    isZipped: how?.startsWith('z') ?? false,
    isHeld: held === '1',
    isCut: cut === 'cut',
    ...(sealed !== undefined && { sealed: Buffer.from(sealed, 'base64') }),
    ...(bytes !== undefined && { bytes: Buffer.from(bytes, 'base64') }),
  };
}
