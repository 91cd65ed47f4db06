import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { computeEdit, type KnownFile } from '../../../src/execute/known-files.ts';
import type { Resource } from '../../../src/model/resource.ts';
import type { Fields } from '../../../src/model/value.ts';
import { bootCommand, bootProgram } from '../../../src/program/bootstrap.ts';
import { compileUnit, type Runnable, runtimeFor } from '../../../src/program/compile.ts';
import { createDecoder, type WireStatus } from '../../../src/program/decode.ts';

/** How one resource ended. */
export interface Ended {
  status: WireStatus;
  rc: number;
  stdout: string;
  /** What the probe saw, for steps that were not ok. */
  observed?: string;
  /** What it was to see, where shell said so. */
  expected?: string;
  /** Fields of `register` that an edit gave. */
  fields: Fields;
  /** Why an edit was not even sent. */
  failure?: string;
  /** What it printed on standard error, the probe's words too. */
  said: string;
}

/** Runs each resource as a step of its own in one real session of one shell; a failure stops none of the others. */
export async function runAll(
  shell: string,
  resources: Resource[],
  { check, env }: { check: boolean; env: NodeJS.ProcessEnv },
): Promise<{ ended: Ended[]; stderr: string }> {
  const ended: Ended[] = resources.map(() => ({ status: 'cancelled', rc: -1, stdout: '', fields: {}, said: '' }));
  const nonces = { marker: hex(), become: hex(), kill: hex() };
  const parts = [bootProgram({ nonces, diff: false, shell })];
  resources.forEach((resource, id) => {
    const end = ended[id]!;
    const runnable = runnableOf(resource, end);
    if (runnable === undefined) return;
    const step = { id, epoch: id + 1, runnable, ignoreErrors: true, check };
    const text = Buffer.from([...runtimeFor([step]), compileUnit([step], { nonce: nonces.marker })].join('\n'));
    parts.push(Buffer.from(`#p ${text.length}\n`), text);
  });
  parts.push(Buffer.from('#q\n'));
  const decoder = createDecoder(nonces, {
    marker(marker) {
      if (marker.kind === 'end') Object.assign(ended[marker.id]!, { status: marker.status, rc: marker.rc });
    },
    data(id, chunk) {
      if (id !== undefined) ended[id]!.stdout += chunk.toString('utf8');
    },
    payload(kind, id, bytes) {
      if (kind === 'O') ended[id]!.observed = bytes.toString('utf8');
      if (kind === 'X') ended[id]!.expected = bytes.toString('utf8');
    },
  });
  const stderr = await talk(bootCommand(shell), { env, input: Buffer.concat(parts) }, (chunk) => decoder.push(chunk));
  resources.forEach((resource, id) => {
    const end = ended[id]!;
    if (resource.kind !== 'action' || resource.judge === undefined || end.status === 'unknown') return;
    const verdict = resource.judge({ rc: end.rc, stdout: end.stdout, stderr: '', changed: end.status === 'changed' });
    Object.assign(end, { status: verdict.status, fields: verdict.fields });
  });
  // A step that has said something puts its mark behind it.
  const pieces = stderr.split(/(\x1e.*\n)/);
  for (let i = 1; i < pieces.length; i += 2) {
    const end = ended[Number(/ E (\d+)/.exec(pieces[i] ?? '')?.[1])];
    if (end) end.said += pieces[i - 1];
  }
  return { ended, stderr: stderr.replaceAll(/\x1e.*\n/g, '') };
}

/** An edit becomes a write computed from the file as it is now, as it does after the prefetch of a real run. */
function runnableOf(resource: Resource, end: Ended): Runnable | undefined {
  if (resource.kind !== 'edit') return resource;
  const computed = computeEdit(resource, knownFile(resource.path));
  if (typeof computed === 'string') {
    Object.assign(end, { status: 'failed', failure: computed });
    return undefined;
  }
  end.fields = computed.fields;
  return computed.resource;
}

function knownFile(path: string): KnownFile {
  const found = existsSync(path) ? statSync(path) : undefined;
  if (found && !found.isFile()) return { text: undefined, forecast: false, problem: `${path} is not a file` };
  return { text: found && readFileSync(path, 'utf8'), forecast: false };
}

function talk(
  command: string,
  { env, input }: { env: NodeJS.ProcessEnv; input: Buffer },
  onOutput: (chunk: Buffer) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.on('data', onOutput);
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(stderr));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function hex(): string {
  return randomBytes(16).toString('hex');
}
