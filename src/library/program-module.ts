import { readFileSync, statSync } from 'node:fs';
import type { HostModule } from '../model/module.ts';
import type { Program, Resource } from '../model/resource.ts';
import type { Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { readYaml } from '../parse/yaml.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { isMapping, more, placeIn, readAbout } from './about.ts';
import { readAnswer } from './answer.ts';
import type { Loaded } from './code-module.ts';
import { readText } from './evaluate.ts';
import { type AuthorFile, lineSpan } from './place.ts';

/**
 * Reads a module that is a program in any language, described by a JSON file beside it. On the host it gets `{"params": {…}, "check": false}`
 * on standard input and answers as readAnswer says. Throws ProblemError.
 */
export async function loadProgramModule(options: {
  program: AuthorFile;
  description: AuthorFile;
  key: string;
  sources: Sources;
}): Promise<Loaded> {
  const { program, description, key, sources } = options;
  const given = parseJson(description, sources);
  const { root } = readYaml({ file: description.shown, text: readText(description, sources), sources });
  const at = lineSpan(description, sources, 1);
  const about = await readAbout({
    name: key,
    given,
    own: { check_mode: more.flag, interpreter: more.text },
    place: root ? placeIn(root) : () => at,
  });
  const content = readProgram(program, key, given['interpreter'] as string | undefined);
  const checks = given['check_mode'] === true;
  const module: HostModule = {
    ...about.common,
    name: key,
    on: 'host',
    checkMode: checks,
    resource: (params, context): Resource => ({
      kind: 'action',
      run: {
        program: content,
        stdin: `${JSON.stringify({ params: about.withDefaults(params as Fields), check: context.check })}\n`,
        env: context.env,
        ...(context.cwd !== undefined && { cwd: context.cwd }),
      },
      ...(checks && { checks }),
      mayFail: true,
      judge: (outcome) =>
        readAnswer(outcome, {
          module: key,
          check: context.check,
          fields: Object.keys(about.common.result),
          facts: Object.keys(about.common.facts ?? {}),
        }),
    }),
  };
  return { module, validator: about.validator };
}

function parseJson(file: AuthorFile, sources: Sources): Record<string, unknown> {
  const text = readText(file, sources);
  const advice = 'it is a JSON mapping: { "summary": "…", "params": { … } }';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const offset = Number(/position (\d+)/.exec(detail)?.[1] ?? text.length);
    const start = Math.max(0, Math.min(offset, text.length - 1));
    const words = detail.split(/ in JSON| at position|, "/)[0] ?? detail;
    throw new ProblemError(
      problem('E_OWN_SYNTAX', { path: file.shown, detail: words }, { file: file.shown, start, end: start + 1 }),
    );
  }
  if (isMapping(value)) return value;
  const facts = { path: file.shown, detail: 'it is no mapping', advice };
  throw new ProblemError(problem('E_OWN_SYNTAX', facts, lineSpan(file, sources, 1)));
}

/** The bytes of a program; what reads it is said in its description, or in its first line as for the kernel. */
function readProgram({ path, shown }: AuthorFile, key: string, interpreter: string | undefined): Program {
  try {
    const isExecutable = (statSync(path).mode & 0o111) !== 0;
    if (!isExecutable && interpreter === undefined) {
      const name = key.slice(key.lastIndexOf('.') + 1);
      throw new ProblemError(problem('E_OWN_PROGRAM', { path: shown, fault: 'mode', name }));
    }
    const bytes = readFileSync(path);
    const [, reader, option] =
      /^#![ \t]*(\S+)(?:[ \t]+(\S.*?))?[ \t\r]*(?:\n|$)/.exec(bytes.toString('latin1', 0, 512)) ?? [];
    if (interpreter !== undefined) return { bytes, interpreter: interpreter.trim().split(/\s+/) };
    // Said outright, so that a file system on which nothing may be started is no hindrance.
    return reader === undefined
      ? { bytes }
      : { bytes, interpreter: [reader, ...(option === undefined ? [] : [option])] };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(problem('E_OWN_UNREADABLE', { path: shown, reason: fileReason(error) }));
  }
}
