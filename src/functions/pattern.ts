import { RE2JS } from 're2js';
import { translate } from '../util/python-regex.ts';
import { FunctionError } from './function.ts';

/** A pattern that cannot be compiled. */
export class PatternError extends FunctionError {}

/** One match. Groups that took no part are undefined; group 0 is the whole. */
export interface Found {
  start: number;
  end: number;
  groups: (string | undefined)[];
}

/** A compiled pattern; searching takes time linear in the text. */
export interface Pattern {
  test(text: string): boolean;
  /** All matches, leftmost first, none inside another; as Python finds them. */
  matches(text: string): Iterable<Found>;
  groupCount: number;
  /** Numbers of the named groups. */
  names: Readonly<Record<string, number>>;
}

const known = new Map<string, Pattern>();
const MOST_KNOWN = 500;

/**
 * Compiles a pattern as Python writes it: `(?P<name>…)`, `(?i)`, `(?m)`, `\Z`. `^` and `$` are the ends of the text.
 * Throws PatternError for what cannot be searched in linear time.
 */
export function patternOf(source: string): Pattern {
  const before = known.get(source);
  if (before) return before;
  const pattern = compile(source);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  const translated = translate(source, 'text');
  if ('refused' in translated) {
    throw new PatternError(translated.refused);
  }
  let re: RE2JS;
  try {
    re = RE2JS.compile(translated.source, RE2JS.LOOKBEHINDS | (translated.multiline ? RE2JS.MULTILINE : 0));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new PatternError(detail.replace('error parsing regexp: ', ''));
  }
  return {
    test: (text) => re.test(text),
    matches: (text) => allMatches(re, text),
    groupCount: re.groupCount(),
    names: re.namedGroups(),
  };
}

function* allMatches(re: RE2JS, text: string): Iterable<Found> {
  const matcher = re.matcher(text);
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    const groups = Array.from({ length: re.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
    const [start, end] = [matcher.start(), matcher.end()];
    yield { start, end, groups };
    from = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
}

/** The first match, or undefined. */
export function firstMatch(pattern: Pattern, text: string): Found | undefined {
  for (const found of pattern.matches(text)) return found;
  return undefined;
}
