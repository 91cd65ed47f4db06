import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { builtPlay } from './built.ts';
import { descendants, signal } from './processes.ts';
import { eventually } from './run.ts';
import { rigPrefix } from './sweep.ts';

/** How `play` is started. */
export interface PlayOptions {
  cwd: string;
  /** On top of a small environment of its own: PATH, a new HOME and XDG_STATE_HOME, a UTF-8 locale, 100 columns, no agent. */
  env?: Record<string, string>;
  /** What stands on standard input; nothing when not said. With `tty` it is typed at once. */
  stdin?: string;
  /** Ms after which it is killed and the test fails, with what was said until then; 30 s when not said. */
  timeout?: number;
  /** On a terminal: all it writes is in `stdout`, as the terminal gets it (CRLF, colours). */
  tty?: boolean;
}

/** How a run of `play` ended. `exit` is 128 plus the signal when it died of one. */
export interface Played {
  exit: number;
  stdout: string;
  stderr: string;
  ms: number;
}

/** A `play` that is at work. */
export interface Playing {
  pid: number;
  /** What it has written so far, both streams. */
  said(): string;
  /** Waits until it has written this. */
  says(text: string | RegExp): Promise<void>;
  type(text: string): void;
  kill(name: NodeJS.Signals): void;
  done: Promise<Played>;
}

/** Starts the real command line, `node bin/play.js ARGS`. */
async function startPlay(args: readonly string[], options: PlayOptions): Promise<Playing> {
  const program = await builtPlay();
  const own = await mkdtemp(join(tmpdir(), rigPrefix(process.pid)));
  const env = {
    PATH: process.env['PATH'],
    HOME: own,
    XDG_STATE_HOME: join(own, 'state'),
    USER: userInfo().username,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    COLUMNS: '100',
    LINES: '40',
    ...options.env,
  };
  const command = [process.execPath, program, ...args];
  const [file, rest] = options.tty ? ['script', onTerminal(command)] : [process.execPath, command.slice(1)];
  const from = performance.now();
  const child = spawn(file, rest, { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
  const text = (stream: 'stdout' | 'stderr'): string => Buffer.concat(chunks[stream]).toString('utf8');
  const said = (): string => text('stdout') + text('stderr');
  // It may end without having read its input.
  child.stdin.on('error', () => undefined);
  if (options.stdin !== undefined) child.stdin.write(options.stdin);
  // The end of input would be ^D on a terminal.
  if (!options.tty) child.stdin.end();

  const finish = async (): Promise<Played> => {
    const limit = options.timeout ?? 30_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, limit);
    try {
      const [code, name] = await once(child, 'close');
      const ms = performance.now() - from;
      if (late) throw new Error(`play ${args.join(' ')} did not end within ${limit} ms; it said:\n${said()}`);
      return { exit: code ?? 128 + signalNumber(name), stdout: text('stdout'), stderr: text('stderr'), ms };
    } finally {
      clearTimeout(timer);
      await rm(own, { recursive: true, force: true });
    }
  };
  const done = finish();
  // The test awaits it later, maybe after something else failed.
  done.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    said,
    says: (wanted) =>
      eventually(`"${wanted}" from play, which said:\n${said()}\nThat`, 20_000, () =>
        (typeof wanted === 'string' ? said().includes(wanted) : wanted.test(said())) ? true : undefined,
      ).then(() => undefined),
    type: (typed) => child.stdin.write(typed),
    kill: (name) => child.kill(name),
    done,
  };
}

/** Runs the real command line to its end. Never rejects because of how it ended, only when it does not end in time. */
export async function play(args: readonly string[], options: PlayOptions): Promise<Played> {
  return (await startPlay(args, options)).done;
}

/** A folder with playbooks and inventories, and a home of its own: what a user has. */
export interface Desk {
  dir: string;
  home: string;
  /** Writes a file of the folder and gives its path; a path from `~/` on goes to the home. */
  file(path: string, text: string): string;
  /** Runs there. Runs of one desk share their home and so what `play show` finds. */
  play(args: readonly string[], options?: Partial<PlayOptions>): Promise<Played>;
  start(args: readonly string[], options?: Partial<PlayOptions>): Promise<Playing>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes one, with these files; `await using` removes it. */
export async function createDesk(files: Record<string, string> = {}): Promise<Desk> {
  const top = await mkdtemp(join(tmpdir(), rigPrefix(process.pid)));
  const [dir, home] = [join(top, 'desk'), join(top, 'home')];
  for (const each of [dir, home]) mkdirSync(each);
  const file = (path: string, text: string): string => {
    const full = path.startsWith('~/') ? join(home, path.slice(2)) : join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  for (const [path, text] of Object.entries(files)) file(path, text);
  const here = (options: Partial<PlayOptions> = {}): PlayOptions => ({
    cwd: dir,
    ...options,
    env: { HOME: home, XDG_STATE_HOME: join(top, 'state'), ...options.env },
  });
  return {
    dir,
    home,
    file,
    play: (args, options) => play(args, here(options)),
    start: (args, options) => startPlay(args, here(options)),
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}

/** util-linux's `script` gives a command a terminal and passes its exit status on. */
function onTerminal(command: readonly string[]): string[] {
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['-qefc', line, '/dev/null'];
}

/** Also what it started: `script` would leave its command behind. */
function end(child: ChildProcess): void {
  const family = child.pid === undefined ? [] : descendants(child.pid);
  child.kill('SIGKILL');
  signal(family, 'SIGKILL');
}

function signalNumber(name: unknown): number {
  const numbers: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
  return numbers[String(name)] ?? 0;
}
