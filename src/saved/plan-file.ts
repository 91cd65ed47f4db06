import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { SavedPlan } from '../model/saved-plan.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { sealOf } from './hash.ts';

/** Writes a plan whole or not at all, for nobody else to read. Throws ProblemError E_SAVED_PLAN_WRITE. */
export function writePlan(path: string, shown: string, plan: SavedPlan): void {
  const temp = `${path}.${plan.salt.slice(0, 8)}`;
  const text = JSON.stringify({ ...plan, seal: sealOf(plan) }, null, 1);
  try {
    writeFileSync(temp, `${text}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temp, path);
  } catch (error) {
    rmSync(temp, { force: true });
    throw new ProblemError(problem('E_SAVED_PLAN_WRITE', { path: shown, reason: fileReason(error) }));
  }
}

/** Reads a plan. Throws ProblemError when it is none, is of another format, or was edited. */
export function readPlan(path: string, shown: string): SavedPlan {
  const refuse = (reason: string): ProblemError =>
    new ProblemError(problem('E_SAVED_PLAN_READ', { path: shown, reason }));
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(fileReason(error));
  }
  let plan: SavedPlan;
  try {
    plan = JSON.parse(text) as SavedPlan;
  } catch {
    throw refuse('it is not JSON');
  }
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan) || !('format' in plan))
    throw refuse('it holds something else');
  if (plan.format !== 1) throw refuse(`it has format ${JSON.stringify(plan.format)}, this play reads format 1`);
  if (plan.seal !== sealOf(plan)) throw new ProblemError(problem('E_SAVED_PLAN_EDITED', { path: shown }));
  return plan;
}
