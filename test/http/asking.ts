import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { BothContext, ControllerResult, Visit, VisitAnswer } from '../../src/model/module.ts';
import type { Fields } from '../../src/model/value.ts';
import { http } from '../../src/modules/both/http.ts';
import type { HttpParams } from '../../src/modules/shared/http-params.ts';
import { contextWith } from '../modules/context.ts';

/** A task's surroundings: files are those of a folder, and a host is a shell of this machine. */
export interface Surroundings {
  dir?: string;
  shell?: { path: string; env: Record<string, string> };
  more?: Partial<BothContext>;
}

/** The context of a task. Keep one for tasks of the same run and host. */
export function surroundings({ dir = '/nowhere', shell, more }: Surroundings = {}): BothContext {
  return {
    ...contextWith(),
    localSource: (path) => (existsSync(resolve(dir, path)) ? resolve(dir, path) : undefined),
    host: 'web1',
    localTarget: (path) => resolve(dir, path),
    evaluate: () => true,
    lookup: () => undefined,
    signal: new AbortController().signal,
    secret: () => undefined,
    ask: async () => '',
    ofHosts: async () => [],
    placeOf: () => ({ file: 'site.yml', start: 0, end: 0 }),
    visit: shell ? visitBy(shell) : async () => [],
    kept: new Map(),
    isFromHosts: () => false,
    progress: () => undefined,
    ...more,
  };
}

/** Runs the task. Throws ProblemError for wrong parameters. */
export async function ask(params: HttpParams, context = surroundings()): Promise<ControllerResult> {
  return http.run(params, context);
}

/** Runs the task, which must not fail, and gives its fields. */
export async function answer(params: HttpParams, context = surroundings()): Promise<Fields> {
  const { failed, fields } = await ask(params, context);
  if (failed !== undefined) throw new Error(failed);
  return fields;
}

/** Runs the task, which must fail, and gives the words. */
export async function failure(params: HttpParams, context = surroundings()): Promise<string> {
  const { failed } = await ask(params, context);
  if (failed === undefined) throw new Error('it did not fail');
  return failed;
}

function visitBy({ path, env }: { path: string; env: Record<string, string> }): Visit {
  return async (resources, { received } = {}) => {
    const answers: VisitAnswer[] = [];
    for (const [index, resource] of resources.entries()) {
      if (resource.kind !== 'action' || !('sh' in resource.run)) throw new Error('not a program');
      // In a file, so that it stands in no list of processes.
      const script = join(mkdtempSync(join(tmpdir(), 'play-http-')), 'program');
      writeFileSync(script, resource.run.sh);
      const child = spawn(path, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const stdout: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout.push(chunk);
        received?.(index, chunk);
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const rc = await new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
      rmSync(dirname(script), { recursive: true });
      const failure = rc === 0 ? {} : { failure: { code: 'E_TASK_FAILED', message: stderr } };
      const status = rc === 0 ? 'ok' : 'failed';
      answers.push({ status, rc, stdout: Buffer.concat(stdout), stderr, fields: {}, ...failure });
    }
    return answers;
  };
}
