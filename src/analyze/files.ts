import type { Scope } from '../model/scope.ts';
import type { Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Plan, PlannedPlay, PlannedTask, Reading } from '../plan/planned.ts';
import { namesStore } from '../plan/readings.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import type { Template } from '../template/template.ts';
import { needsExpressions, type TextCompiler } from '../template/text-compiler.ts';
import type { Certainty, Occasion } from './certainty.ts';
import { roleAround } from './givers.ts';

/** What looking at the controller's files needs. */
export interface FilesOptions {
  plan: Plan;
  compiler: TextCompiler;
  files: Files;
  /** Gets the text of every template, for its problems. */
  sources: Sources;
  certainty: Certainty;
  /** Names that tasks give anywhere in the run: their values are never known before it. */
  given: ReadonlySet<string>;
  /** Whether a task is certainly skipped on all its hosts. */
  isSkipped(play: PlannedPlay, planned: PlannedTask): boolean;
}

/**
 * Reads the files that tasks name, also by variables as far as their values are known. What a template reads is added to the readings
 * of its task, with places in the template. Files of tasks that are certainly skipped may be missing.
 */
export async function readNamedFiles(options: FilesOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const play of options.plan.plays) {
    for (const planned of [...play.tasks, ...play.handlers]) {
      const { reads = {}, readsUnless = '' } = planned.module;
      if (![undefined, null, false, 'controller'].includes(planned.task.args.value[readsUnless] as never)) continue;
      for (const [param, kind] of Object.entries(reads)) {
        const found = await readParam({ ...options, play, planned, param, kind });
        if (found.length > 0 && !options.isSkipped(play, planned)) problems.push(...found);
      }
    }
  }
  return problems;
}

interface Param extends FilesOptions {
  play: PlannedPlay;
  planned: PlannedTask;
  param: string;
  kind: 'files' | 'templates';
}

async function readParam(options: Param): Promise<Problem[]> {
  const { play, planned, param, kind, compiler } = options;
  const compiled = planned.params.find(({ name }) => name === param);
  if (compiled?.kind !== 'value') return [];
  const { template } = compiled;
  if (template.isStatic) return readOne(options, planned.task.args.value[param]);
  // What will be read is perhaps known only in the run, and may hold expressions.
  if (kind === 'templates') await compiler.load();
  const names = new Set<Value>();
  for (const host of play.hosts) {
    const occasion: Occasion = { play, planned, host, given: options.given };
    for (const name of options.certainty.values(occasion, template) ?? []) names.add(name);
  }
  const problems: Problem[] = [];
  for (const name of names) {
    problems.push(...(await readOne(options, name, (scope) => template.render(scope) === name)));
  }
  return problems;
}

/** `isMeant`: whether it is this file that is read, and not another one that the same text may name. */
async function readOne(
  options: Param,
  name: Value | undefined,
  isMeant?: (scope: Scope) => boolean,
): Promise<Problem[]> {
  const { planned, param, kind, compiler, files, sources } = options;
  if (typeof name !== 'string') return [];
  try {
    const role = roleAround(planned)?.body.role;
    const lookup = { kind, ...(role && { folder: role.dir }) };
    const bytes = await files.read(name, lookup);
    if (kind !== 'templates') return [];
    const text = Buffer.from(bytes).toString('utf8');
    const file = files.found(name, lookup);
    sources.set(file, text);
    if (needsExpressions(text)) await compiler.load();
    const { template, problems } = compiler.compileTemplate(text, { file, start: 0, end: text.length });
    if (template && (template.references.length > 0 || namesStore(text)))
      planned.readings.push(readingOf(template, isMeant));
    return problems;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const at = planned.task.args.locate([param]);
    const mayBeFolder = planned.module.folders?.includes(param) ?? false;
    return error.problems
      .filter(({ code }) => !(mayBeFolder && code === 'E_FILE_IS_DIRECTORY'))
      .map((each) => ({ ...each, at: each.at ?? at }));
  }
}

/** A file that only some of the hosts or items read is read under a condition, like the inside of `{{#if}}`. */
function readingOf(template: Template, isMeant: ((scope: Scope) => boolean) | undefined): Reading {
  const { references, source } = template;
  if (!isMeant) return { role: 'work', source, references, evaluate: template.renderText };
  return {
    role: 'work',
    source: `{{#if meant}}${source}`,
    references,
    evaluate(scope) {
      return isMeant(scope) ? template.renderText(scope) : '';
    },
  };
}
