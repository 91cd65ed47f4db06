import type { SqlText } from '../model/module.ts';
import { columnFault, nameFault, stepFault, type TableFault } from './fault.ts';
import { isLateType } from './late-type.ts';
import type { Path, Relation } from './step.ts';
import type { Stage } from './steps/index.ts';
import { verbOf } from './verbs.ts';

/** Where DuckDB's fault came up. */
interface Scene {
  stage: Stage;
  input: Relation;
  tables: readonly string[];
}

/** What DuckDB says of a stage, as a fault at the text that it is about. What is not about a stage comes back as it is. */
export function explained(error: unknown, { stage, input, tables }: Scene): unknown {
  if (!(error instanceof Error)) return error;
  // What a file holds is not the fault of the stage that reads it.
  if (isLateType(error)) return error;
  const said = error.message;
  const fault = (about: string | undefined, make: (path: Path) => TableFault): TableFault =>
    make([...stage.path, ...pathOf(stage, about)]);
  const column = /Referenced column "([^"]*)" (?:not found|was not found)/.exec(said)?.[1];
  if (column !== undefined) return fault(column, (path) => columnFault(column, input.columns, path));
  const table = /Table with name (\S+) does not exist/.exec(said)?.[1];
  if (table !== undefined) return fault(table, (path) => nameFault(table, [...new Set(['data', ...tables])], path));
  const missing = /Function with name "?([^"\s]+)"? does not exist!(?:\s+Did you mean "([^"]+)")?/.exec(said);
  if (missing) {
    const [, name = '', near] = missing;
    return fault(name, (path) => stepFault(`there is no function "${name}"`, path, near && `did you mean "${near}"?`));
  }
  const types = /No function matches the given name and argument types '([^(]+)\((.*)\)'/.exec(said);
  if (types) {
    const [, name = '', given = ''] = types;
    const advice = 'a step `cast` before it changes the type of a column';
    return fault(name, (path) => stepFault(`${name} does not take ${wordsOf(given)}`, path, advice));
  }
  const near = /syntax error at or near "([^"]*)"/.exec(said)?.[1];
  if (near !== undefined || /syntax error/.test(said)) {
    const place = near === undefined || near === ')' ? 'at its end' : `near "${near}"`;
    return fault(near, (path) => stepFault(`this is not SQL: syntax error ${place}`, path));
  }
  return fault(undefined, (path) => stepFault(plain(said), path, adviceFor(said, verbOf(stage.step))));
}

/** DuckDB's sentence without its class and its own SQL, which the author has not written. */
export function plain(said: string): string {
  if (/file system operations are disabled|Loading external extensions is disabled/.test(said)) {
    return 'a table reaches no file but those of from, sources and to, and no extension';
  }
  const line = /CSV Error on Line: (\d+)\n(?:Original Line:[^\n]*\n)?([^\n]*)/.exec(said);
  if (line) return `line ${line[1]}: ${lowerFirst(line[2] ?? '')}`;
  const [sentence = ''] = said.split(/\n\s*\n|\nLINE \d+:|(?<=specifier "[^"]*")\n/);
  const bare = sentence
    .replace(/^(?:\w+ )*?(?:Error|Exception): /, '')
    .replace(/\s*You might need to add explicit type casts\./, '')
    .replace(/ when casting from source column .*$/, '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
  return lowerFirst(bare);
}

/** Names of types and words of SQL itself stay as they are. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function adviceFor(said: string, verb: string): string | undefined {
  const isValue = /^Conversion Error|is no whole number|Could not parse string/.test(said);
  if (isValue && (verb === 'cast' || verb === 'dates')) return 'invalid: empty makes such values empty';
  if (/^Out of Memory/.test(said)) return 'give it more: memory: 4GB';
  return undefined;
}

/** Types of DuckDB in our words. */
function wordsOf(types: string): string {
  const names: Record<string, string> = {
    VARCHAR: 'text',
    BIGINT: 'whole numbers',
    DOUBLE: 'numbers',
    BOOLEAN: 'true and false',
  };
  return types
    .split(/, /)
    .map((type) => names[type] ?? type.toLowerCase())
    .join(', ');
}

/** The verb, and of its texts in SQL the one that holds a word. */
function pathOf({ step }: Stage, word: string | undefined): Path {
  const verb = verbOf(step);
  const fields = step as Record<string, unknown>;
  for (const key of [verb, 'aggregate']) {
    const entries = fields[key];
    if (typeof entries !== 'object' || entries === null || isSql(entries)) continue;
    const texts = Object.entries(entries).filter(([, text]) => isSql(text));
    const found =
      texts.length === 1 ? texts[0] : texts.find(([, text]) => word !== undefined && holds(text as SqlText, word));
    if (found) return [key, found[0]];
  }
  if (verb === 'cast' || verb === 'dates') return [verb, ...Object.keys(fields[verb] as object)];
  return [verb];
}

function isSql(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'texts' in value;
}

function holds({ texts }: SqlText, word: string): boolean {
  return texts.join(' ').includes(word);
}
