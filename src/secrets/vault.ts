import { readFileSync } from 'node:fs';
import { type SecretSource, UNOPENED } from '../model/secret-source.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { literalText } from '../util/literal-text.ts';
import { AgeError, decrypt, wantsPassphrase } from './age.ts';
import { type AskHidden, type Identities, type IdentityPlaces, notOpened, readIdentities } from './identities.ts';
import type { Secrets } from './registry.ts';

/** Everything encrypted that a run reads, opened once each. */
export interface Vault extends SecretSource {
  /** Something was asked for that is not opened yet. */
  isWaiting(): boolean;
  /** Opens all that was asked for so far; to be followed by reading it again. What cannot be opened is a problem, once. */
  open(): Promise<Problem[]>;
  /** Opens a file that is copied or a template; what is in it becomes a secret. Throws ProblemError. */
  bytes(file: Uint8Array, shown: string): Promise<Uint8Array>;
  /** Values and files that stay closed, because that was allowed. */
  closed(): { values: number; files: number };
  /** A file of variables could not be opened, so nobody knows which names it gives. */
  isBlind(): boolean;
  /** Things to tell about the identities. */
  warnings(): string[];
}

/** Reads what may hold something encrypted: what is asked for meanwhile is opened together, and then it is read again. */
export async function readOpened<T>(
  vault: Pick<Vault, 'isWaiting' | 'open'>,
  read: () => T | Promise<T>,
): Promise<{ result: T; problems: Problem[] }> {
  const problems: Problem[] = [];
  let result = await read();
  while (vault.isWaiting()) {
    problems.push(...(await vault.open()));
    result = await read();
  }
  return { result, problems };
}

/**
 * Makes it. `mayStayClosed`: without an identity nothing is asked for and nothing is a problem, for checks of files;
 * what is damaged is one all the same.
 */
export function createVault(options: {
  places: IdentityPlaces;
  secrets: Secrets;
  mayStayClosed: boolean;
  ask?: AskHidden | undefined;
}): Vault {
  const { secrets, mayStayClosed, ask } = options;
  const texts = new Map<string, string | undefined>();
  const waiting = new Map<string, { bytes: () => Buffer; what: string; at?: Span; isFile: boolean }>();
  let identities: Promise<Identities> | undefined;
  let warnings: string[] = [];
  const closed = { values: 0, files: 0 };
  let isBlind = false;
  /** The last one that was right: often there is one for all. */
  let passphrase: string | undefined;

  const keys = async (): Promise<Identities> => {
    identities ??= readIdentities(options.places, ask);
    const found = await identities;
    secrets.add(found.keys);
    warnings = found.warnings;
    return found;
  };

  const unlock = async (file: Uint8Array, what: string, at?: Span): Promise<Uint8Array> => {
    try {
      if (await wantsPassphrase(file)) {
        const known = passphrase === undefined ? undefined : await decrypt(file, { passphrase }).catch(() => undefined);
        if (known) return known;
        if (!ask) throw new ProblemError(problem('E_NO_TERMINAL', { question: `Passphrase for ${what}` }, at));
        const typed = await ask(`Passphrase for ${what}:`);
        const plain = await decrypt(file, { passphrase: typed });
        passphrase = typed;
        return plain;
      }
      return await decrypt(file, { identities: (await keys()).keys });
    } catch (error) {
      if (!(error instanceof AgeError)) throw error;
      throw new ProblemError(notOpened(error, what, (await keys().catch(() => undefined))?.places, at));
    }
  };

  const openOne = async (key: string, item: NonNullable<ReturnType<typeof waiting.get>>): Promise<Problem[]> => {
    const { bytes, what, at, isFile } = item;
    texts.set(key, undefined);
    try {
      const text = Buffer.from(await unlock(bytes(), what, at)).toString('utf8');
      texts.set(key, text);
      if (!isFile) secrets.add(text, what);
      return [];
    } catch (error) {
      isBlind ||= isFile;
      const problems = error instanceof ProblemError ? error.problems : [unreadable(error, what)];
      if (!mayStayClosed || !problems.every(isClosed)) return problems;
      closed[isFile ? 'files' : 'values'] += 1;
      return [];
    }
  };

  return {
    value(armored, at) {
      const known = texts.get(armored);
      if (known !== undefined) return literalText(known);
      const what = 'the value of !secret';
      if (!texts.has(armored)) waiting.set(armored, { bytes: () => Buffer.from(armored), what, at, isFile: false });
      return UNOPENED;
    },
    file({ path, shown }) {
      const key = `\0${path}`;
      if (!texts.has(key)) waiting.set(key, { bytes: () => readFileSync(path), what: shown, isFile: true });
      return texts.get(key);
    },
    conceal(value) {
      for (const text of textsIn(value)) {
        const pieces = text.split(/\{\{.*?\}\}/s);
        // What a tag gives is not the file's; what stands around it is, and is seen without the tag.
        const around = pieces.length > 1 ? pieces.filter((piece) => piece.trim().length >= 4) : [];
        secrets.add([text, ...around], 'a value of an encrypted file');
      }
    },
    isWaiting: () => waiting.size > 0,
    async open() {
      const items = [...waiting];
      waiting.clear();
      const problems: Problem[] = [];
      // One after another, so that a passphrase is asked for once.
      for (const [key, item] of items) problems.push(...(await openOne(key, item)));
      return problems;
    },
    async bytes(file, shown) {
      const plain = await unlock(file, shown);
      secrets.add(Buffer.from(plain).toString('utf8'), shown);
      return plain;
    },
    closed: () => closed,
    isBlind: () => isBlind,
    warnings: () => warnings,
  };
}

function textsIn(value: Value): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What a check without an identity leaves alone. */
function isClosed({ code, facts }: Problem): boolean {
  if (code === 'E_NO_TERMINAL') return true;
  return code === 'E_SECRET_OPEN' && (facts as { fault: string }).fault === 'no-identity';
}

function unreadable(error: unknown, path: string): Problem {
  return problem('E_SECRET_FILE', { path, fault: `cannot be read: ${fileReason(error)}` });
}
