import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';
import {
  type Endpoint,
  type KnownHost,
  type KnownHosts,
  knownHosts,
  knownHostsLine,
  parseKnownHosts,
} from './known-hosts.ts';
import { createQueue } from './queue.ts';

/** The known_hosts files of a run: read when they have changed, only ever appended to. */
export interface TrustStore {
  /** What is on file, in the order of the files. Throws ProblemError E_KNOWN_HOSTS for one that cannot be read; a missing one is empty. */
  read(files: readonly string[]): Promise<KnownHosts>;
  /** Adds a key to a file as one O_APPEND write, so that no line of another writer is lost or torn. Throws ProblemError E_KNOWN_HOSTS. */
  add(file: string, endpoint: Endpoint, type: string, key: Buffer): Promise<void>;
}

interface Cached<T> {
  /** Changes whenever a file does. */
  stamp: string;
  content: T;
}

/** Milliseconds for which what was read is taken as it is: a hundred hosts at once need not ask a hundred times. */
const fresh = 500;

/** Makes the store of one run. */
export function createTrustStore(): TrustStore {
  const parsed = new Map<string, Cached<KnownHost[]>>();
  const indexed = new Map<string, Cached<KnownHosts>>();
  let recent = new Map<string, { since: number; known: Promise<KnownHosts> }>();
  const inTurn = createQueue();

  const parse = async (file: string): Promise<Cached<KnownHost[]>> => {
    try {
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs} ${size}`;
      const known = parsed.get(file);
      if (known?.stamp === stamp) return known;
      const read = { stamp, content: parseKnownHosts(await readFile(file, 'utf8'), file) };
      parsed.set(file, read);
      return read;
    } catch (error) {
      if (isMissing(error)) return { stamp: 'missing', content: [] };
      throw new ProblemError(
        problem('E_KNOWN_HOSTS', {
          file,
          doing: 'read',
          detail: error instanceof Error ? error.message : String(error),
        }),
      );
    }
  };
  const index = async (id: string, files: readonly string[]): Promise<KnownHosts> => {
    const read = await Promise.all(files.map(parse));
    const stamp = read.map((one) => one.stamp).join();
    const known = indexed.get(id);
    if (known?.stamp === stamp) return known.content;
    const content = knownHosts(read.flatMap((one) => one.content));
    indexed.set(id, { stamp, content });
    return content;
  };
  return {
    read(files) {
      const id = JSON.stringify(files);
      const last = recent.get(id);
      if (last && performance.now() - last.since < fresh) return last.known;
      const known = index(id, files);
      recent.set(id, { since: performance.now(), known });
      return known;
    },
    add: (file, endpoint, type, key) =>
      inTurn(async () => {
        try {
          await mkdir(dirname(file), { recursive: true, mode: 0o700 });
          await append(file, knownHostsLine(endpoint, type, key));
          recent = new Map();
        } catch (error) {
          throw new ProblemError(
            problem('E_KNOWN_HOSTS', {
              file,
              doing: 'write',
              detail: error instanceof Error ? error.message : String(error),
            }),
          );
        }
      }),
  };
}

async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // Someone's last line may lack its newline; an empty line does no harm.
    const whole = size > 0 && last[0] !== 0x0a ? `\n${line}` : line;
    await handle.write(whole);
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
