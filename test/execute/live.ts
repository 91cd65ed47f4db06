import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createLink, type Link } from '../../src/execute/link.ts';
import type { SegmentEnd, SegmentHooks, SegmentStep, StepReport } from '../../src/execute/segment.ts';
import { makeNonces } from '../../src/execute/session.ts';
import type { Edit, EditResult, Resource } from '../../src/model/resource.ts';
import type { ConnectOptions, Target, Transport } from '../../src/model/transport.ts';
import { writeFile } from '../../src/modules/shared/write.ts';
import { sentence } from '../../src/problems/problem.ts';
import { type Nonces, runDirectory } from '../../src/program/bootstrap.ts';
import { createLocalTransport } from '../../src/transports/local.ts';
import { wholePrograms } from './whole.ts';

/** How one step ended, as a test reads it. */
export interface Told {
  status: string;
  rc: number;
  stdout: string;
  stderr: string;
  observed: string | undefined;
  after: string | undefined;
  /** Why it failed, where that is known without its output. */
  why: string | undefined;
  edit: StepReport['edit'];
  body: string | undefined;
  /** Standard output byte for byte. */
  bytes: Buffer;
}

/** What came of a segment. */
export interface Ran {
  end: SegmentEnd;
  /** In the order in which they ended. */
  order: number[];
  /** By place; undefined: never told. */
  steps: (Told | undefined)[];
  /** `began 0`, `ended 0` and so on, and output as it came. */
  log: string[];
  /** Output that belongs to no step. */
  stray: string;
}

/** A host with a session, as the executor has it. */
export interface LiveHost {
  link: Link;
  run(steps: readonly SegmentStep[], hooks?: Partial<SegmentHooks>): Promise<Ran>;
  /** The secrets of every session that was started, the first one first. */
  nonces: Nonces[];
  /** Whether the last session's directory is on this machine. */
  hasRunDirectory(): boolean;
  notes: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** For `describe.each` beside the shells: one of them, over a transport that takes its programs whole. */
export const inWholePrograms = ['sh in whole programs', '/bin/sh', true] as [
  name: string,
  path: string,
  whole?: boolean,
];

/** A host on this machine, with its session in a shell of choice; with `transport`, wherever that leads. */
export function liveHost(
  options: {
    shell?: string;
    /** Each program is sent whole and run once. */
    whole?: boolean;
    /** Of programs that are sent whole, where they must not be drawn. */
    nonces?: Nonces;
    env?: Record<string, string>;
    diff?: boolean;
    transport?: Transport;
    target?: Target;
    connect?: Partial<ConnectOptions>;
  } = {},
): LiveHost {
  const nonces: Nonces[] = [];
  const notes: string[] = [];
  let words: string[] = [];
  const env = options.env ?? { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const local = createLocalTransport({ env });
  const random = (size: number): Buffer => {
    const bytes = randomBytes(size);
    words.push(bytes.toString('hex'));
    const [marker, become, kill] = words;
    if (marker !== undefined && become !== undefined && kill !== undefined) {
      nonces.push({ marker, become, kill });
      words = [];
    }
    return bytes;
  };
  let shared = options.nonces;
  const link = createLink({
    target: options.target ?? {
      name: 'web1',
      transport: 'local',
      address: 'localhost',
      shell: options.shell ?? '/bin/sh',
    },
    transport: options.transport ?? (options.whole ? wholePrograms(local) : local),
    connect: { signal: new AbortController().signal, hostKeys: { files: [], acceptNew: false }, ...options.connect },
    diff: options.diff ?? false,
    now: () => performance.now(),
    random,
    nonces: () => (shared ??= makeNonces(random)),
    connecting: () => undefined,
    connected: () => undefined,
    note: (message) => notes.push(message),
  });
  return {
    link,
    nonces,
    notes,
    run: (steps, hooks) => runOn(link, steps, hooks),
    hasRunDirectory: () => existsSync(runDirectory(nonces.at(-1)!)),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

async function runOn(link: Link, steps: readonly SegmentStep[], hooks: Partial<SegmentHooks> = {}): Promise<Ran> {
  const ran: Ran = { end: { kind: 'done' }, order: [], steps: steps.map(() => undefined), log: [], stray: '' };
  ran.end = await link.run(steps, {
    intent: async (indexes) => {
      ran.log.push(`intent ${indexes.join(' ')}`);
      await hooks.intent?.(indexes);
    },
    began(index) {
      ran.log.push(`began ${index}`);
      hooks.began?.(index);
    },
    output(index, stream, chunk) {
      if (index === undefined) ran.stray += chunk.toString('latin1');
      else ran.log.push(`${stream} ${index}`);
      hooks.output?.(index, stream, chunk);
    },
    ended(index, report) {
      ran.order.push(index);
      ran.log.push(`ended ${index}`);
      ran.steps[index] = told(report);
      hooks.ended?.(index, report);
    },
  });
  return ran;
}

function told(report: StepReport): Told {
  return {
    status: report.status,
    rc: report.rc,
    stdout: report.stdout.bytes().toString('utf8'),
    stderr: report.stderr.bytes().toString('utf8'),
    observed: report.observed,
    after: report.after,
    why: report.problem ? `${report.problem.code}: ${sentence(report.problem).message}` : report.reason,
    edit: report.edit,
    body: report.body?.toString('utf8'),
    bytes: report.stdout.bytes(),
  };
}

/** How each step ended, for comparing many at once. */
export function statuses(ran: Ran): (string | undefined)[] {
  return ran.steps.map((step) => step?.status);
}

type Extra = Partial<Omit<SegmentStep, 'runnable'>>;

/** A step that is not ignored, has no time limit and is for real, unless said. */
export function step(runnable: Resource, extra: Extra = {}): SegmentStep {
  return { runnable, ignoreErrors: false, check: false, ...extra };
}

/** Text of the author's, as `shell:` gives it. */
export function text(
  text: string,
  extra: Extra & { stdin?: string; executable?: string; cwd?: string } = {},
): SegmentStep {
  const { stdin, executable, cwd, ...rest } = extra;
  const own = {
    ...(stdin !== undefined && { stdin }),
    ...(executable !== undefined && { executable }),
    ...(cwd !== undefined && { cwd }),
  };
  return step({ kind: 'action', run: { text, env: {}, ...own } }, rest);
}

/** A program and its arguments, as `command:` gives them. */
export function command(argv: string[], extra: Extra & { env?: Record<string, string> } = {}): SegmentStep {
  const { env = {}, ...rest } = extra;
  return step({ kind: 'action', run: { argv, env } }, rest);
}

/** A whole file, as `copy:` gives it. */
export function file(
  dest: string,
  content: string | Buffer,
  extra: Extra & { mode?: string; owner?: string; group?: string; validate?: string; backup?: boolean } = {},
): SegmentStep {
  const { mode, owner, group, validate, backup, ...rest } = extra;
  return step(
    writeFile({
      dest,
      bytes: typeof content === 'string' ? Buffer.from(content) : content,
      attributes: {
        ...(mode !== undefined && { mode }),
        ...(owner !== undefined && { owner }),
        ...(group !== undefined && { group }),
      },
      ...(validate !== undefined && { validate }),
      ...(backup !== undefined && { backup }),
    }),
    rest,
  );
}

/** An edit of a text, as `lineinfile:` gives it. */
export function edit(
  path: string,
  transform: (text: string | undefined) => EditResult | string | undefined,
  extra: Extra & Partial<Pick<Edit, 'attributes' | 'backup' | 'validate'>> = {},
): SegmentStep {
  const { attributes = {}, backup, validate, ...rest } = extra;
  return step(
    {
      kind: 'edit',
      path,
      attributes,
      transform(before) {
        const result = transform(before);
        return typeof result === 'object' ? result : { text: result };
      },
      ...(backup !== undefined && { backup }),
      ...(validate !== undefined && { validate }),
    },
    rest,
  );
}

/** Adds a line unless it is there. */
export function line(path: string, wanted: string, extra: Parameters<typeof edit>[2] = {}): SegmentStep {
  return edit(path, (text = '') => (text.split('\n').includes(wanted) ? text : `${text}${wanted}\n`), extra);
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
