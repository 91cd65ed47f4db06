import type { ControllerContext } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import { stepFault } from '../../table/fault.ts';
import type { Sink } from '../../table/sink.ts';
import { formatOf, type Reading, type Source } from '../../table/source.ts';
import { quoted } from '../../table/sql.ts';
import type { Path } from '../../table/step.ts';

type Files = Pick<ControllerContext, 'localSource' | 'localTarget' | 'ofHosts'>;

/** What a source says beside where it is. */
function readingOf(given: Fields, tabs: boolean): Reading {
  const { delimiter = tabs ? '\t' : undefined, header, skip, columns, types, empty, encoding } = given as Reading;
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(header !== undefined && { header }),
    ...(skip !== undefined && { skip }),
    ...(columns !== undefined && { columns }),
    ...(types !== undefined && { types }),
    ...(empty !== undefined && { empty }),
    ...(encoding !== undefined && { encoding }),
  };
}

const ORIGINS = ['csv', 'tsv', 'json', 'ndjson', 'parquet', 'lines', 'sqlite', 'rows', 'text', 'hosts'] as const;

/** A source as the author gave it, ready to be read. Throws TableFault and ProblemError. */
export async function sourceOf(given: Value, path: Path, files: Files): Promise<Source> {
  if (Array.isArray(given)) return { kind: 'rows', rows: given, shown: 'the list' };
  if (typeof given === 'string') {
    const format = formatOf(given);
    if (format === undefined || format === 'markdown' || format === 'html' || format === 'svg') {
      throw stepFault(`the name of ${given} does not tell what it is`, path, `write from: {csv: ${given}}`);
    }
    return sourceOf({ [format]: given }, path, files);
  }
  const fields = given as Fields;
  const origins = ORIGINS.filter((key) => fields[key] !== undefined);
  const [origin] = origins;
  if (origin === undefined || origins.length > 1) {
    const detail = origin === undefined ? 'says nothing to read' : `says both ${origins.join(' and ')}`;
    throw stepFault(`${path.join('.')} ${detail}`, path, `one of ${ORIGINS.join(', ')}`);
  }
  const tabs = origin === 'tsv' || fields['format'] === 'tsv';
  const reading = readingOf(fields, tabs);
  if (origin === 'rows') return { kind: 'rows', rows: fields['rows'] ?? null, shown: 'rows', ...reading };
  if (origin === 'hosts') {
    const wanted = Object.entries(fields['hosts'] as Record<string, string>).map(([name, text]) => ({
      name,
      text,
      path: [...path, 'hosts', name],
    }));
    return { kind: 'rows', rows: await files.ofHosts(wanted), shown: 'hosts', ...reading };
  }
  if (origin === 'text') {
    const format = String(fields['format'] ?? 'csv');
    const kind = format === 'lines' ? 'lines' : /json/.test(format) ? 'json' : 'csv';
    return { kind, text: String(fields['text']), shown: 'the text', ...reading };
  }
  const shown = String(fields[origin]);
  const full = files.localSource(shown, 'files') ?? files.localTarget(shown);
  if (origin === 'sqlite') {
    const { table, query } = fields as { table?: string; query?: string };
    if ((table === undefined) === (query === undefined))
      throw stepFault('a database needs either table or query', [...path, 'sqlite']);
    return { kind: 'sqlite', path: full, query: query ?? `SELECT * FROM ${quoted(table ?? '')}`, shown, ...reading };
  }
  const kind =
    origin === 'parquet' || origin === 'lines' ? origin : origin === 'csv' || origin === 'tsv' ? 'csv' : 'json';
  return { kind, path: full, shown, ...reading };
}

const WORDS = ['csv', 'tsv', 'json', 'ndjson', 'markdown', 'html', 'terminal'] as const;
const TARGETS = ['csv', 'tsv', 'json', 'ndjson', 'parquet', 'markdown', 'html', 'sqlite', 'chart'] as const;

/** The sinks of `to`. Throws TableFault. */
export function sinksOf(given: Value | undefined, files: Files): { sink: Sink; path: Path }[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given.map((one, i) => sinkOf(one, ['to', i], files));
  return [sinkOf(given, ['to'], files)];
}

function sinkOf(given: Value, path: Path, files: Files): { sink: Sink; path: Path } {
  if (typeof given === 'string') {
    const word = WORDS.find((each) => each === given);
    if (word !== undefined) return { sink: { kind: word }, path };
    const format = formatOf(given);
    if (format === undefined || format === 'sqlite' || format === 'svg') {
      const advice =
        format === 'sqlite'
          ? `write to: {sqlite: ${given}, table: name}`
          : format === 'svg'
            ? `write to: {chart: ${given}, x: column, y: column}`
            : `write to: {csv: ${given}}, or one of ${WORDS.join(', ')}`;
      throw stepFault(`"${given}" does not tell all that is to be known of it`, path, advice);
    }
    return sinkOf({ [format]: given }, path, files);
  }
  const fields = given as Fields;
  const kinds = TARGETS.filter((key) => fields[key] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const detail = kind === undefined ? 'says nothing to write' : `says both ${kinds.join(' and ')}`;
    throw stepFault(`${path.join('.')} ${detail}`, path, `one of ${TARGETS.join(', ')}`);
  }
  const { [kind]: where, ...rest } = fields;
  return {
    sink: sinkWith(kind, { path: where === '-' ? undefined : files.localTarget(String(where)), rest, place: path }),
    path,
  };
}

function sinkWith(
  kind: (typeof TARGETS)[number],
  { path, rest, place }: { path: string | undefined; rest: Fields; place: Path },
): Sink {
  const to = path === undefined ? {} : { path };
  if (kind === 'sqlite' || kind === 'parquet') {
    if (path === undefined) throw stepFault(`${kind} needs a file`, place);
    if (kind === 'parquet') return { kind, path };
    if (typeof rest['table'] !== 'string') throw stepFault('sqlite needs table beside it', place);
    return { kind, path, table: rest['table'], mode: rest['mode'] === 'append' ? 'append' : 'replace' };
  }
  if (kind !== 'chart') return { kind, ...to, ...rest } as Sink;
  const { type = 'line', x, y, ...more } = rest;
  if (typeof x !== 'string' || y === undefined)
    throw stepFault('a chart needs x and y: the columns that are drawn', place);
  return { kind, ...to, type, x, y: Array.isArray(y) ? y : [y], ...more } as Sink;
}
