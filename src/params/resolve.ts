import type { ParamDeclaration } from '../model/param.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Checked, checkParamValue } from './check-value.ts';
import { parseParamText } from './parse-text.ts';

/** A text of the command line for one parameter: `from` is how it was given, `--version` or `-p version`. */
export interface GivenText {
  name: string;
  text: string;
  from: string;
}

/** Everything that may give a value, strongest first. */
export interface ParamSources {
  /** The last one of a name wins. */
  texts: readonly GivenText[];
  file?: Located<Fields>;
  env: Readonly<Record<string, string | undefined>>;
  /** Folders that relative paths are in: of the command line, and of the playbook for defaults. */
  cwd: string;
  playbookDir: string;
}

/** The values of a run. `missing`: nothing gives them; `secrets`: texts that must never be shown. */
export interface Resolved {
  values: Fields;
  missing: ParamDeclaration[];
  secrets: string[];
  problems: Problem[];
}

/** Flags and `-p`, then the file, the environment, the default. Problems are all told at once; missing ones are left to the caller. */
export function resolveParams(declarations: readonly ParamDeclaration[], sources: ParamSources): Resolved {
  const names = declarations.map(({ name }) => name);
  const problems: Problem[] = [];
  const unknown = (name: string, from?: string, at?: Problem['at']): void => {
    const facts = { name, similar: similar(name, names), names, ...(from !== undefined && { from }) };
    if (!names.includes(name)) problems.push(problem('E_PARAM_NOT_DECLARED', facts, at));
  };
  for (const { name } of sources.texts) unknown(name, '-p');
  for (const name of Object.keys(sources.file?.value ?? {})) {
    unknown(name, undefined, sources.file?.locate([name], 'key'));
  }
  const resolved: Resolved = { values: {}, missing: [], secrets: [], problems };
  for (const declaration of declarations) {
    // Also what a later one of the command line has replaced: it stands in the record of what was typed.
    const typed = sources.texts.filter(({ name }) => declaration.secret && name === declaration.name);
    resolved.secrets.push(...typed.map(({ text }) => text).filter((text) => text !== ''));
    const checked = valueFrom(declaration, sources);
    if (!checked) {
      if (declaration.required || declaration.prompt) resolved.missing.push(declaration);
    } else if (checked.problem) problems.push(checked.problem);
    else {
      resolved.values[declaration.name] = checked.value;
      if (declaration.secret) resolved.secrets.push(String(checked.value));
    }
  }
  return resolved;
}

function valueFrom(declaration: ParamDeclaration, sources: ParamSources): Checked | undefined {
  const { name, env } = declaration;
  const { cwd, file } = sources;
  const text = sources.texts.findLast((each) => each.name === name);
  if (text) return parseParamText(declaration, text.text, { from: text.from, dir: cwd });
  const inFile = file?.value[name];
  if (file && inFile !== undefined) return checkParamValue(declaration, inFile, { at: file.locate([name]), dir: cwd });
  const fromEnv = env === undefined ? undefined : sources.env[env];
  if (env !== undefined && fromEnv !== undefined) return parseParamText(declaration, fromEnv, { from: env, dir: cwd });
  if (declaration.default === undefined) return undefined;
  // Already in its type, but for a path.
  return declaration.type === 'path'
    ? checkParamValue(declaration, declaration.default, { dir: sources.playbookDir })
    : { value: declaration.default };
}

/** Says of each what is missing and how to give it. */
export function missingProblems(missing: readonly ParamDeclaration[], hasFlag: (name: string) => boolean): Problem[] {
  return missing.map(({ name, help, env, positional, at }) => {
    const flag = hasFlag(name) ? `--${name.replaceAll('_', '-')} VALUE` : `-p ${name}=VALUE`;
    return problem(
      'E_PARAM_REQUIRED',
      {
        name,
        help,
        ways: [
          ...(positional ? ['a word behind the playbook'] : []),
          flag,
          ...(env === undefined ? [] : [`the environment variable ${env}`]),
        ],
      },
      at,
    );
  });
}
