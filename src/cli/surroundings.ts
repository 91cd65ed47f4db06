import { homedir, userInfo } from 'node:os';
import process from 'node:process';
import type { ColorSupportLevel } from 'chalk';

/** Everything of the process that the rest of play is told about. */
export interface Surroundings {
  argv: string[];
  env: Record<string, string | undefined>;
  cwd: string;
  home: string;
  /** The login name; asked for only when it is needed. */
  user(): string;
  uid: number | undefined;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Whether a person can be asked: standard input and standard error are a terminal. */
  interactive(): boolean;
  /** The live view makes sense: standard output is a terminal that can move its cursor, and this is not CI. */
  live: boolean;
  unicode: boolean;
  color: ColorSupportLevel;
  width(): number;
  height(): number;
  now(): number;
  random(bytes: number): Buffer;
}

/** Reads the process once. NO_COLOR, FORCE_COLOR, CI, TERM=dumb, COLUMNS and LC_ALL/LC_CTYPE/LANG are honoured. */
export function surroundings(): Surroundings {
  const { env, stdout, stderr } = process;
  const dumb = env['TERM'] === 'dumb';
  const ci = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'C.UTF-8';
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    home: env['HOME'] || homedir(),
    user: () => whoami(env),
    uid: process.getuid?.(),
    stdout,
    stderr,
    // Only when asked: opening standard input takes 4 ms.
    interactive: () => Boolean(process.stdin.isTTY && stderr.isTTY),
    live: Boolean(stdout.isTTY) && !dumb && !ci,
    unicode: /utf-?8/i.test(locale),
    color: colorLevel(env, Boolean(stdout.isTTY) && !dumb),
    width: () => Number(env['COLUMNS']) || stdout.columns || 80,
    height: () => Number(env['LINES']) || stdout.rows || 24,
    now: () => Date.now(),
    // The global one, because node:crypto takes 4 ms to load and a start rarely needs it.
    random: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))),
  };
}

/** https://no-color.org and https://force-color.org: a value that is not empty counts. */
function colorLevel(env: Record<string, string | undefined>, terminal: boolean): ColorSupportLevel {
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] === '0' ? 0 : 1;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return 0;
  return terminal ? 1 : 0;
}

/** A user id without an entry in the user database is no reason to stop. */
function whoami(env: Record<string, string | undefined>): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? 'unknown';
  }
}

/** The environment without names that have no value. */
export function plainEnv(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
