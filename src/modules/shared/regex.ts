import { ProblemError, problem } from '../../problems/problem.ts';
import { translate } from '../../util/python-regex.ts';

/** One match; positions are UTF-16 offsets. */
export interface Match {
  start: number;
  end: number;
  /** Text of a group by number or name; undefined when it took no part. */
  group(name: number | string): string | undefined;
  /** Where a group stands. */
  groupSpan(name: string): { start: number; end: number } | undefined;
}

/** A compiled pattern. All searching takes time linear in the text. */
export interface Regex {
  /** Whether `^` and `$` fit at every line of a text, by the author's own `(?m)`. */
  multiline: boolean;
  groupCount: number;
  groupNames: readonly string[];
  test(text: string): boolean;
  /** Leftmost match. */
  find(text: string): Match | undefined;
  /** All matches as Python's `re.sub` takes them: an empty one may touch the match before it, unless that was empty too. */
  all(text: string): Match[];
}

/** What a pattern is searched in: one line with its newline, or a whole text with `^` and `$` at every line, or only at its ends. */
export type Scope = 'line' | 'lines' | 'text';

/** Compiles the pattern of a parameter. */
export type Compile = (param: string, pattern: string, scope: Scope) => Regex;

/** Loads the engine. The result throws ProblemError, for the named module and parameter, when a pattern cannot be compiled. */
export async function regexCompiler(module: string): Promise<Compile> {
  const { RE2JS } = await import('re2js');
  return (param, pattern, scope) => {
    const translated = translate(pattern, scope);
    if ('refused' in translated) {
      const { refused: detail, advice } = translated;
      throw new ProblemError(problem('E_REGEX', { module, param, pattern, detail, ...(advice && { advice }) }));
    }
    const flags =
      RE2JS.LOOKBEHINDS |
      (scope === 'text' ? RE2JS.DOTALL : RE2JS.MULTILINE) |
      (translated.multiline ? RE2JS.MULTILINE : 0);
    const compiled = attempt(() => RE2JS.compile(translated.source, flags));
    if (typeof compiled === 'string') {
      throw new ProblemError(problem('E_REGEX', { module, param, pattern, detail: compiled }));
    }
    return wrap(compiled, translated.multiline);
  };
}

type Re2 = ReturnType<typeof import('re2js').RE2JS.compile>;
type Matcher = ReturnType<Re2['matcher']>;

/** The engine's own words for what is wrong, when it throws. */
function attempt(compile: () => Re2): Re2 | string {
  try {
    return compile();
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace('error parsing regexp: ', '');
  }
}

function wrap(re: Re2, multiline: boolean): Regex {
  return {
    multiline,
    groupCount: re.groupCount(),
    groupNames: Object.keys(re.namedGroups()),
    test: (text) => re.test(text),
    find: (text) => {
      const matcher = re.matcher(text);
      return matcher.find() ? matchOf(matcher) : undefined;
    },
    all: (text) => allMatches(re, text),
  };
}

function allMatches(re: Re2, text: string): Match[] {
  const found: Match[] = [];
  const matcher = re.matcher(text);
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    const match = matchOf(matcher);
    found.push(match);
    from = match.end > match.start ? match.end : nextCharacter(text, match.end);
  }
  return found;
}

function nextCharacter(text: string, at: number): number {
  const code = text.codePointAt(at);
  return at + (code !== undefined && code > 0xffff ? 2 : 1);
}

/** Copies a match out of the engine, which goes on to the next. */
function matchOf(matcher: Matcher): Match {
  const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
  const names = new Map(
    Object.entries(matcher.namedGroups).map(([name, number]) => [
      name,
      { text: groups[number], start: matcher.start(number), end: matcher.end(number) },
    ]),
  );
  return {
    start: matcher.start(),
    end: matcher.end(),
    group: (name) => (typeof name === 'number' ? groups[name] : names.get(name)?.text),
    groupSpan: (name) => {
      const group = names.get(name);
      return group === undefined || group.start < 0 ? undefined : { start: group.start, end: group.end };
    },
  };
}
