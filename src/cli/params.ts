import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ParamDeclaration } from '../model/param.ts';
import type { Playbook } from '../model/playbook.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { readDeclarations } from '../params/declarations.ts';
import { parseParamText } from '../params/parse-text.ts';
import { type GivenText, missingProblems, type Resolved, resolveParams } from '../params/resolve.ts';
import { readYaml } from '../parse/yaml.ts';
import { type Problem, problem, sentence } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import type { Ask } from './ask.ts';
import type { PlanOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** The parameters of a playbook with what was given for them. */
export interface Params extends Resolved {
  declarations: ParamDeclaration[];
}

/** How missing parameters are met: asked for where a person is there, an error in a run, left open by `play lint`. */
export interface ParamsOptions {
  playbook: Playbook;
  options: PlanOptions;
  around: Surroundings;
  sources: Sources;
  isRun: boolean;
  ask?: Ask | undefined;
}

/** Declarations and values; everything that is wrong is in `problems`. Asks only when nothing else is wrong. */
export async function readParams({ playbook, options, around, sources, isRun, ask }: ParamsOptions): Promise<Params> {
  const none: Located<Fields> = { value: {}, locate: () => ({ file: playbook.file, start: 0, end: 0 }) };
  const { declarations, problems } = readDeclarations(playbook.params ?? none);
  const texts = [...(options.flags ?? []), ...pairs(options.param, problems)];
  const file =
    options.paramsFile === undefined ? undefined : readFile(options.paramsFile, { around, sources, problems });
  const resolved = resolveParams(declarations, {
    texts,
    ...(file && { file }),
    env: around.env,
    cwd: around.cwd,
    playbookDir: dirname(resolve(around.cwd, playbook.file)),
  });
  problems.push(...resolved.problems);
  if (isRun) {
    const asked = ask ? resolved.missing.filter(({ prompt }) => prompt) : [];
    const left = resolved.missing.filter((each) => !asked.includes(each));
    problems.push(...missingProblems(left, (name) => options.hasFlag?.(name) ?? false));
    if (ask && problems.length === 0) {
      for (const declaration of asked) {
        const value = await askFor(declaration, { ask, around });
        resolved.values[declaration.name] = value;
        if (declaration.secret) resolved.secrets.push(String(value));
      }
    }
  }
  return { ...resolved, problems, declarations };
}

function pairs(given: readonly string[], problems: Problem[]): GivenText[] {
  return given.flatMap((text) => {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) return [{ name, text: value, from: `-p ${name}` }];
    // Without "=" all of it may be a secret that slipped here, but a name is what people forget the value of.
    problems.push(problem('E_PARAM_PAIR', { text: text.slice(0, 40) }));
    return [];
  });
}

function readFile(
  path: string,
  { around, sources, problems }: { around: Surroundings; sources: Sources; problems: Problem[] },
): Located<Fields> | undefined {
  const refuse = (reason: string): undefined => {
    problems.push(problem('E_PARAMS_FILE', { path, reason }));
  };
  let text: string;
  try {
    text = readFileSync(resolve(around.cwd, path), 'utf8');
  } catch (error) {
    return refuse(fileReason(error));
  }
  const { root, problems: wrong } = readYaml({ file: path, text, sources });
  problems.push(...wrong);
  if (!root) return undefined;
  const { value, locate } = root;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('it holds no mapping');
  return { value, locate };
}

/** Until the answer fits, and a repeated one is the same. */
async function askFor(
  declaration: ParamDeclaration,
  { ask, around }: { ask: Ask; around: Surroundings },
): Promise<Value> {
  const { name, prompt, help, secret, confirm } = declaration;
  const question = typeof prompt === 'string' ? prompt : (help ?? name);
  for (;;) {
    const text = await ask(question, { echo: !secret });
    const checked = parseParamText(declaration, text, { dir: around.cwd });
    if (checked.problem) around.stderr.write(`${sentence(checked.problem).message}\n`);
    else if (text === '' && declaration.required) around.stderr.write('an answer is needed\n');
    else if (confirm && (await ask(`${question} (again)`, { echo: !secret })) !== text)
      around.stderr.write('the two answers differ\n');
    else return checked.value;
  }
}
