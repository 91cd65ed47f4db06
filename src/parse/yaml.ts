import { Composer } from 'yaml';
import type { SecretSource } from '../model/secret-source.ts';
import type { Located, Sources, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Code } from '../problems/words/index.ts';
import { buildValue } from './yaml/build.ts';
import { locator } from './yaml/locate.ts';
import { syntaxProblems } from './yaml/syntax.ts';
import { textProblems, withoutMark } from './yaml/text.ts';
import { readTokens, SECRET_TAG } from './yaml/tokens.ts';

/** Known to the library, so that it does not warn; its value is found where all values are. */
const customTags = [{ tag: SECRET_TAG, resolve: (text: string) => text }];

/** Mistakes that leave every other value as it is meant, so that reading goes on. */
const READABLE: ReadonlySet<Code> = new Set<Code>(['E_YAML_DUPLICATE_KEY', 'E_YAML_KEY']);

/**
 * Reads one YAML 1.2 document as plain data with places.
 * - Always puts the text into `sources` under `file` (without a byte order mark; spans count from there).
 * - `root` is missing when the syntax is broken. Equal keys and the like leave a root beside their problems, so that later stages can report theirs as well.
 * - An empty file is `null`.
 * - Merge keys (`<<`) are resolved; mappings have no prototype; aliased values are shared and must not be changed.
 * - `!secret` values are asked of `secrets`; without it the tag is unknown.
 * - Numbers and file modes: see scalarValue.
 */
export function readYaml(input: { file: string; text: string; sources: Sources; secrets?: SecretSource | undefined }): {
  root?: Located<Value>;
  problems: Problem[];
} {
  const { file } = input;
  const text = withoutMark(input.text);
  input.sources.set(file, text);
  const unfit = textProblems(file, text);
  if (unfit.length > 0) return { problems: unfit };
  const { tokens, problems } = readTokens(file, text, { secrets: input.secrets !== undefined });
  if (problems.length > 0) return { problems };
  const composer = new Composer({
    version: '1.2',
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    customTags,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document) return { problems };
  const broken = syntaxProblems(file, text, [...document.errors, ...document.warnings]);
  if (broken.length > 0) return { problems: broken };
  if (second) {
    const at = secondDocument(file, text, document.range[2], second.contents?.range[0] ?? second.range[1]);
    return { problems: [problem('E_YAML_DOCUMENTS', {}, at)] };
  }
  const built = buildValue(file, text, document.contents, input.secrets);
  if (built.problems.some(({ code }) => !READABLE.has(code))) return { problems: built.problems };
  return {
    root: { value: built.value, locate: locator(file, text, document.contents, built.targets) },
    problems: built.problems,
  };
}

/** The marker that begins the second document, or its first character when it has none (after `...`). */
function secondDocument(file: string, text: string, firstEnd: number, contents: number): Span {
  const marker = text.lastIndexOf('---', contents);
  const start = marker >= firstEnd - 3 && marker !== -1 ? marker : Math.min(contents, text.length);
  return { file, start, end: Math.min(start + (start === marker ? 3 : 1), text.length) };
}
