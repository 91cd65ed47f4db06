import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SecretUse } from '../../model/transport.ts';
import { type Problem, ProblemError, problem } from '../../problems/problem.ts';
import { type Hollow, hollow } from './gaps.ts';
import type { Objects } from './objects.ts';
import { longestScript, pieceScript, type RunScript, runScript } from './script.ts';
import type { Seal } from './seal.ts';

/** What a host is to run, and what may be used to bring it there. */
export interface Program {
  command: string;
  input: Buffer;
  /** Of both: the same for all that are alike. */
  digest: string;
  /** Without gzip: the instance has none. */
  isPlain: boolean;
  /** Beside others of the same text on the same instance: 0 and up. */
  slot: number;
  /** Names the bucket; undefined: there is none. */
  bucket?: string;
  region: string;
}

/** What is needed beside the program itself. */
export interface PlanTools {
  secretsIn?: ((bytes: Uint8Array) => readonly SecretUse[]) | undefined;
  /** Whether the run knows any secret, which the instance may print though the program has none: files hold what earlier runs put there. */
  hasSecrets?: (() => boolean) | undefined;
  /** Of the program's bucket. */
  objects?: (() => Promise<Objects>) | undefined;
  seal(): Promise<Seal>;
  note(message: string): void;
}

/** The scripts that bring a program to an instance and run it. */
export interface Plan {
  /** The same for all hosts of a run with the same program; nobody else can guess it. */
  id: string;
  /** Scripts that go before, one after the other. */
  pieces: string[];
  run: string;
  /** Names of what the instance reads by itself, for the words when it cannot. */
  stores: string[];
  /** Its output may hold secrets and stays out of the history: sealed, or by the bucket only. */
  putsOutput: boolean;
}

/** A plan in use. What only it needs, an object, is removed when the last one has let go of it. */
export interface Lease {
  plan: Plan;
  /** The input of the first one, for all to hold on to instead of their own. */
  input: Buffer;
  release(): Promise<void>;
}

/** Makes plans, once for all hosts that run the same at the same time. */
export type Plans = (program: Program, tools: PlanTools) => Promise<Lease | ((host: string) => Problem)>;

/** Stored bytes that go in pieces when there is no bucket; each command takes about a second. */
const mostPieces = 2 ** 20;

/** Seconds that the URL of an input is good for; of one with secrets, since URLs stay in the history. */
const urlSeconds = 900;
const secretUrlSeconds = 300;

const zipped = promisify(gzip);

type Made = { plan: Plan; key?: string; objects?: Objects } | ((host: string) => Problem);

export function createPlans(salt: Buffer): Plans {
  const inUse = new Map<string, { made: Promise<Made>; input: Buffer; uses: number }>();
  return async (program, tools) => {
    const { input, digest, isPlain, slot, bucket = '', region } = program;
    const id = createHash('sha256')
      .update(salt)
      .update(JSON.stringify([digest, isPlain, slot, bucket, region]))
      .digest('hex')
      .slice(0, 32);
    const entry = inUse.get(id) ?? { made: make(id, program, tools), input, uses: 0 };
    inUse.set(id, entry);
    entry.uses++;
    const release = async (): Promise<void> => {
      if (--entry.uses > 0) return;
      inUse.delete(id);
      const made = await entry.made.catch(() => undefined);
      if (typeof made !== 'object' || made.key === undefined) return;
      await made.objects?.remove(made.key).catch((error: Error) => {
        tools.note(`the object s3://${bucket}/${made.key} could not be removed: ${error.message}`);
      });
    };
    try {
      const made = await entry.made;
      if (typeof made === 'object') return { plan: made.plan, input: entry.input, release };
      await release();
      return made;
    } catch (error) {
      await release();
      throw error;
    }
  };
}

async function make(id: string, program: Program, tools: PlanTools): Promise<Made> {
  const { isPlain, region } = program;
  const command = Buffer.from(program.command);
  const whole = Buffer.concat([command, program.input]);
  const { secretsIn, objects } = tools;
  const secrets = secretsIn?.(whole).length ?? 0;
  let content: Hollow = { bytes: whole, gaps: [], wanted: [] };
  if (secrets > 0 && secretsIn && !objects) {
    const found = hollow(whole, { from: command.length, region, secretsIn });
    if (typeof found === 'string') return (host) => problem('E_SSM_SECRET', { host, fault: found });
    content = found;
  }
  const { bytes, gaps, wanted } = content;
  const stored = isPlain ? bytes : await zipped(bytes);
  const mayTell = wanted.length === 0 && secrets === 0 && tools.hasSecrets?.() === true;
  const run: Omit<RunScript, 'source'> = {
    isZipped: !isPlain,
    bytes: bytes.length,
    command: command.length,
    gaps,
    wanted,
    putsOutput: secrets > 0 && objects !== undefined,
    ...((wanted.length > 0 || mayTell) && { publicKey: (await tools.seal()).publicKey }),
    ...(mayTell && { mayStayOpen: true }),
  };
  const plan = { id, pieces: [], stores: wanted.map(({ store }) => store.name), putsOutput: run.putsOutput };

  if (!run.putsOutput && stored.length < longestScript) {
    const script = runScript(id, { ...run, source: { text: stored.toString('base64') } });
    if (charactersOf(script) <= longestScript) return { plan: { ...plan, run: script } };
  }
  if (objects) {
    const open = await objects();
    const { key, url } = await open.put(stored, secrets > 0 ? secretUrlSeconds : urlSeconds);
    return { plan: { ...plan, run: runScript(id, { ...run, source: { url } }) }, key, objects: open };
  }
  if (stored.length > mostPieces)
    return (host) => problem('E_SSM_TOO_LONG', { host, bytes: stored.length, most: mostPieces });
  return { plan: { ...plan, pieces: piecesOf(id, stored), run: runScript(id, { ...run, source: 'pieces' }) } };
}

/** As they count in JSON, where a line end takes two. */
function charactersOf(script: string): number {
  return script.length + (script.match(/[\n"\\]/g)?.length ?? 0);
}

/** Bytes that fit into one script as base64 in lines, beside the functions. */
const pieceBytes = 36 * 1024;

function piecesOf(id: string, stored: Buffer): string[] {
  const pieces: string[] = [];
  for (let before = 0; before < stored.length; before += pieceBytes) {
    const text = stored.subarray(before, before + pieceBytes).toString('base64');
    pieces.push(pieceScript(id, { text, before }));
  }
  return pieces;
}

/** The problem of an error that a plan ended with; other errors are bugs and thrown on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError && error.problems[0]) return error.problems[0];
  throw error;
}
