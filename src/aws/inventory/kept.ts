import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ProblemError, problem } from '../../problems/problem.ts';
import { fileReason } from '../../util/errno.ts';
import type { AwsEnv } from '../access.ts';
import { askRegions } from './ask.ts';
import type { AskAws, AwsAnswer, AwsInstance, AwsQuestion } from './question.ts';

/** The surroundings in which AWS is asked. */
export interface AskingOptions {
  env: AwsEnv;
  home: string;
  /** Ms since 1970. */
  now(): number;
  /** Whether what was kept does not count, however new it is. */
  flush: boolean;
  /** Asks AWS itself; for tests. */
  ask?: (question: AwsQuestion, env: AwsEnv) => Promise<AwsAnswer>;
}

/** An answer on disk. */
interface Kept {
  /** Ms since 1970. */
  at: number;
  instances: AwsInstance[];
}

/** Asks AWS through answers that are kept below `$XDG_CACHE_HOME/play/inventory`, readable by this user only. Throws ProblemError when one cannot be written. */
export function createAskAws({ env, home, now, flush, ask = askRegions }: AskingOptions): AskAws {
  return async (question, cacheSeconds) => {
    if (cacheSeconds === undefined) return ask(question, env);
    const folder = join(cacheFolder(env, home), 'inventory');
    const path = join(folder, `${nameOf(question, { env, home })}.json`);
    const kept = read(path);
    const age = kept ? (now() - kept.at) / 1000 : -1;
    // A clock that was set back makes an answer from the future, of which nobody knows how old it is.
    if (kept && !flush && age >= 0 && age < cacheSeconds) return { instances: kept.instances };
    const answer = await ask(question, env);
    if ('faults' in answer) return { ...answer, ...(kept && age >= 0 && { keptFor: Math.round(age) }) };
    write(folder, path, { at: now(), instances: answer.instances });
    return answer;
  };
}

/** `$XDG_CACHE_HOME/play`; a relative path is ignored, as the specification asks. */
function cacheFolder(env: AwsEnv, home: string): string {
  const cache = env['XDG_CACHE_HOME'];
  return join(cache && isAbsolute(cache) ? cache : join(home, '.cache'), 'play');
}

/** Names that say whom AWS takes the caller for, or which AWS is asked. */
const deciding =
  /^AWS_(?:ACCESS_KEY_ID|PROFILE|DEFAULT_PROFILE|REGION|DEFAULT_REGION|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|ENDPOINT_URL.*|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CONTAINER_CREDENTIALS_.*_URI)$/;

/** One name for each question, account and place: whatever could give another answer is in it. */
function nameOf(question: AwsQuestion, { env, home }: Pick<AskingOptions, 'env' | 'home'>): string {
  const files = [
    env['AWS_CONFIG_FILE'] || join(home, '.aws', 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials'),
  ];
  const identity = Object.entries(env).filter(([name]) => deciding.test(name));
  const parts = [question, identity.sort(([a], [b]) => (a < b ? -1 : 1)), files.map(textOf)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What cannot be read as an answer counts as none. */
function read(path: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
    return typeof kept.at === 'number' && Array.isArray(kept.instances) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function write(folder: string, path: string, kept: Kept): void {
  // Beside it and renamed: another run never reads half of it.
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    throw new ProblemError(problem('E_AWS_INVENTORY_CACHE', { path: folder, reason: fileReason(error) }));
  }
}
