import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Header, HttpFault, type Part, type Payload } from './message.ts';

/** A payload as it goes over the wire: read anew for each attempt, and never wholly in memory where it is a file. */
export interface Encoded {
  headers: Header[];
  /** In bytes. */
  size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** Makes bytes of a payload. Throws HttpFault when a file of it is not there. */
export async function encode(payload: Payload): Promise<Encoded> {
  if (payload.kind === 'text') return pieces([Buffer.from(payload.text)]);
  if (payload.kind === 'file') return pieces([await fileOf(payload.path)]);
  const boundary = `play-${randomBytes(16).toString('hex')}`;
  const all: Piece[] = [];
  for (const part of payload.parts) {
    all.push(Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`));
    all.push('text' in part.content ? Buffer.from(part.content.text) : await fileOf(part.content.file));
    all.push(Buffer.from('\r\n'));
  }
  all.push(Buffer.from(`--${boundary}--\r\n`));
  const { headers, ...rest } = pieces(all);
  return { ...rest, headers: [...headers, ['Content-Type', `multipart/form-data; boundary=${boundary}`]] };
}

type Piece = Buffer | { path: string; size: number };

function pieces(all: readonly Piece[]): Encoded {
  const size = all.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0);
  return {
    headers: [['Content-Length', String(size)]],
    size,
    async *open() {
      for (const piece of all) {
        if (Buffer.isBuffer(piece)) yield piece;
        // One that grows meanwhile must not be longer than was announced.
        else if (piece.size > 0) yield* createReadStream(piece.path, { end: piece.size - 1 });
      }
    },
  };
}

async function fileOf(path: string): Promise<Piece> {
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new HttpFault(`${path} is no file`);
    return { path, size: about.size };
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    throw new HttpFault(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Names are written as browsers do (WHATWG HTML, multipart/form-data encoding): quotes and line breaks as %22, %0D, %0A. */
function headOf({ name, content, filename, type }: Part): string {
  const quoted = (text: string): string =>
    `"${text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}"`;
  const file = filename ?? ('file' in content ? basename(content.file) : undefined);
  const kind = type ?? ('file' in content ? 'application/octet-stream' : undefined);
  return `Content-Disposition: form-data; name=${quoted(name)}${file === undefined ? '' : `; filename=${quoted(file)}`}${
    kind === undefined ? '' : `\r\nContent-Type: ${kind}`
  }`;
}
