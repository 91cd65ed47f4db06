import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';
import { type Endpoint, type KnownHost, knownHostsLine, parseKnownHosts } from './known-hosts.ts';
import { createQueue } from './queue.ts';

/** The known_hosts files of a run: read when they have changed, only ever appended to. */
export interface TrustStore {
  /** Entries of all files, in their order. Throws ProblemError E_KNOWN_HOSTS for a file that cannot be read; a missing one is empty. */
  entries(files: readonly string[]): Promise<KnownHost[]>;
  /** Adds a key to a file as one O_APPEND write, so that no line of another writer is lost or torn. Throws ProblemError E_KNOWN_HOSTS. */
  add(file: string, endpoint: Endpoint, type: string, key: Buffer): Promise<void>;
}

interface Cached {
  /** Modification time and size: a file that differs is read again. */
  stamp: string;
  entries: KnownHost[];
}

/** Makes the store of one run. */
export function createTrustStore(): TrustStore {
  const cache = new Map<string, Cached>();
  const inTurn = createQueue();

  const read = async (file: string): Promise<KnownHost[]> => {
    try {
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs} ${size}`;
      const known = cache.get(file);
      if (known?.stamp === stamp) return known.entries;
      const entries = parseKnownHosts(await readFile(file, 'utf8'), file);
      cache.set(file, { stamp, entries });
      return entries;
    } catch (error) {
      if (isMissing(error)) return [];
      throw new ProblemError(problem('E_KNOWN_HOSTS', { file, doing: 'read', detail: String(error) }));
    }
  };
  return {
    entries: async (files) => (await Promise.all(files.map(read))).flat(),
    add: (file, endpoint, type, key) =>
      inTurn(async () => {
        try {
          await mkdir(dirname(file), { recursive: true, mode: 0o700 });
          await append(file, knownHostsLine(endpoint, type, key));
        } catch (error) {
          throw new ProblemError(problem('E_KNOWN_HOSTS', { file, doing: 'write', detail: String(error) }));
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
