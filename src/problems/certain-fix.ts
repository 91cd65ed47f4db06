import type { Sources, Span } from '../model/span.ts';
import { linesOf } from './lines.ts';
import type { Fix, Problem } from './problem.ts';
import type { FactsOf } from './words/index.ts';

/**
 * The one text that certainly mends a mistake, or undefined. A "did you mean" is no such thing: only its author knows whether it is right.
 */
export function certainFix(one: Problem, sources: Sources): Fix | undefined {
  if (one.fix) return one.fix;
  const { at } = one;
  const source = at && sources.get(at.file);
  if (!at || source === undefined) return undefined;
  switch (one.code) {
    case 'E_YAML_BRACES':
      return quotedBraces(one.facts as FactsOf<'E_YAML_BRACES'>, at, source);
    case 'E_KEY_TYPE':
    case 'E_PARAM_TYPE':
      return trueOrFalse(one.facts as FactsOf<'E_KEY_TYPE'>, at, source);
    case 'E_KEY_FOREIGN':
      return renamedKey(one.facts as FactsOf<'E_KEY_FOREIGN'>, at, source);
    default:
      return undefined;
  }
}

/** The problem shows the whole line with its quotes. */
function quotedBraces({ fixed }: FactsOf<'E_YAML_BRACES'>, at: Span, source: string): Fix | undefined {
  if (fixed === undefined) return undefined;
  const { start, end } = linesOf(source).at(at.start);
  const line = source.slice(start, end);
  const from = start + line.length - line.trimStart().length;
  return { at: { file: at.file, start: from, end: start + line.trimEnd().length }, text: fixed };
}

function trueOrFalse({ wanted }: FactsOf<'E_KEY_TYPE'>, at: Span, source: string): Fix | undefined {
  const word = /^(["']?)(yes|on|true|no|off|false)\1$/i.exec(source.slice(at.start, at.end))?.[2]?.toLowerCase();
  if (word === undefined || wanted !== 'true or false') return undefined;
  return { at, text: String(['yes', 'on', 'true'].includes(word)) };
}

/** Keys that are only called otherwise here, where their value is a text. */
const RENAMED: Readonly<Record<string, string>> = { include_tasks: 'include', import_tasks: 'include' };

function renamedKey({ key }: FactsOf<'E_KEY_FOREIGN'>, at: Span, source: string): Fix | undefined {
  const text = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined;
  const takesText = /^["']?[ \t]*:[ \t]+(?![{[&*|>#])\S/.test(source.slice(at.end));
  return text !== undefined && takesText ? { at, text } : undefined;
}
