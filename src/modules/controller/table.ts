import { Type } from 'typebox';
import type { ControllerContext, ControllerModule, ControllerResult, SqlText } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { Path, Step } from '../../table/step.ts';
import { mistakesOf } from '../../table/verbs.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { query, source, targets } from '../shared/table-params.ts';
import { steps } from '../shared/table-step-params.ts';

const params = Type.Object(
  {
    from: Type.Optional(source),
    sources: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), source, {
        description:
          'Further tables by name, for `join`, `union` and SQL; each is given as `from` is. Without `from`, steps read the first.',
      }),
    ),
    steps: Type.Optional(steps),
    sql: Type.Optional(query),
    to: Type.Optional(targets),
    max_rows: Type.Optional(
      Type.Integer({
        description: 'How many rows the result has at most; all are written by `to`.',
        minimum: 0,
        default: 10_000,
      }),
    ),
    memory: Type.Optional(
      Type.String({
        description: 'How much memory it may take before it goes on on the disk: `512MB`, `4GB`.',
        pattern: '^[0-9]+(MB|GB)$',
        default: '1GB',
      }),
    ),
    threads: Type.Optional(
      Type.Integer({ description: 'How many processors it may use; all when not said.', minimum: 1 }),
    ),
  },
  { additionalProperties: false },
);

/** Whether a place holds SQL of the author. */
function isSql([name, _, verb, entry, ...deeper]: readonly (string | number)[]): boolean {
  if (deeper.length > 0) return false;
  if (name === 'sql') return verb === undefined;
  if (name !== 'steps') return false;
  if (entry === undefined) return verb === 'filter' || verb === 'sql';
  return verb === 'derive' || verb === 'aggregate' || verb === 'window';
}

/** The module `table`. */
export const table = {
  name: 'table',
  on: 'controller',
  pure: false,
  summary: 'A table has been made of files, results or facts, and is where it was to go.',
  params,
  result: {
    rows: 'The rows as mappings, at most `max_rows`; dates are ISO text, whole numbers beyond 2^53 are text.',
    columns: 'The names of the columns.',
    types: 'What each column holds.',
    row_count: 'How many rows there are, also those that `rows` leaves out.',
    truncated: 'Whether it leaves any out.',
    files: 'The files that `to` names.',
    csv: 'The text, where `to` asks for it; so for `json`, `ndjson`, `tsv`, `markdown`, `html` and `chart`.',
    tsv: 'See `csv`.',
    json: 'See `csv`.',
    ndjson: 'See `csv`.',
    markdown: 'See `csv`.',
    html: 'See `csv`.',
    chart: 'See `csv`.',
  },
  examples: [
    {
      table: {
        from: 'access.csv',
        steps: [
          { filter: 'status >= 500' },
          { group: 'host', aggregate: { errors: 'count', p95: 'p95(ms)' } },
          { sort: '-errors' },
        ],
        to: 'errors.csv',
      },
    },
    {
      name: 'how full the disks are',
      table: {
        from: { hosts: { os: 'facts.os.name', memory: 'facts.memory.total' } },
        steps: [{ sort: ['-memory'] }],
        to: ['terminal', 'hosts.html'],
      },
      run_once: true,
    },
    {
      table: {
        from: {
          text: '{{passwd.stdout}}',
          delimiter: ':',
          header: false,
          columns: ['user', 'x', 'uid', 'gid', 'name', 'home', 'shell'],
        },
        sql: 'SELECT shell, count(*) AS users FROM data WHERE uid >= {{least}} GROUP BY shell ORDER BY users DESC',
      },
      register: 'shells',
    },
  ],
  idempotent: true,
  checkMode: true,
  exclusive: [['steps', 'sql']],
  requireOne: [['from', 'sources']],
  sqlText: isSql,
  expressionsIn: (written) =>
    [['from'] as Path, ...Object.keys(asFields(written['sources'])).map((name): Path => ['sources', name])].flatMap(
      (path) => {
        const given = path.reduce<Value | undefined>((of, key) => asFields(of)[key], written);
        return Object.entries(asFields(asFields(given)['hosts'])).flatMap(([name, one]) =>
          typeof one === 'string' ? [{ path: [...path, 'hosts', name], text: one }] : [],
        );
      },
    ),
  mistakes: (written) => mistakesOf(written['steps']),
  async run(params, context) {
    checkArgs(table, params);
    const { TableFault } = await import('../../table/fault.ts');
    try {
      return await tabulate(params as unknown as Params, context);
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      throw new ProblemError({ ...error.problem, at: context.placeOf(error.path) });
    }
  },
} satisfies ControllerModule<typeof params>;

/** The parameters as they are once rendered. */
interface Params {
  from?: Value;
  sources?: Fields;
  steps?: Step[];
  sql?: SqlText;
  to?: Value;
  max_rows?: number;
  memory?: string;
  threads?: number;
}

async function tabulate(params: Params, context: ControllerContext): Promise<ControllerResult> {
  // Read only where a table is worked on: all playbooks load the modules.
  const [{ sourceOf, sinksOf }, { runTable }, { kindOf }] = await Promise.all([
    import('../shared/table-job.ts'),
    import('../../table/run.ts'),
    import('../../table/sql.ts'),
  ]);
  const { from, sources = {}, sql, steps = sql === undefined ? [] : [{ sql }] } = params;
  const [wrong] = mistakesOf(steps as unknown as Value);
  if (wrong) throw badArgs('table', wrong.detail, wrong.advice);
  refuseFilledIn(steps);
  const named: [string, Value, Path][] = [
    ...(from === undefined ? [] : [['data', from, ['from']] as [string, Value, Path]]),
    ...Object.entries(sources).map(([name, one]): [string, Value, Path] => [name, one, ['sources', name]]),
  ];
  const job = [];
  for (const [name, given, path] of named) job.push({ name, source: await sourceOf(given, path, context), path });
  const done = await runTable({
    sources: job,
    steps,
    sinks: sinksOf(params.to, context),
    check: context.check,
    most: params.max_rows ?? 10_000,
    memory: params.memory ?? '1GB',
    threads: params.threads,
    signal: context.signal,
  });
  const { terminal, ...texts } = done.texts;
  const truncated = done.count > done.rows.length;
  const size = `${done.count} row${done.count === 1 ? '' : 's'}, ${done.columns.length} column${done.columns.length === 1 ? '' : 's'}`;
  return {
    changed: done.changed,
    fields: {
      rows: done.rows,
      columns: done.columns.map(({ name }) => name),
      types: Object.fromEntries(done.columns.map((column) => [column.name, kindOf(column)])),
      row_count: done.count,
      truncated,
      files: done.files,
      ...texts,
    },
    message: [terminal?.trimEnd() ?? size, ...done.notes].join('\n'),
    ...(done.diff !== '' && { diff: done.diff }),
  };
}

/** Steps that a template has put in as a whole hold texts that are no author's: what a value says would be run. */
function refuseFilledIn(steps: readonly Step[]): void {
  for (const [i, step] of steps.entries()) {
    for (const [verb, entry] of Object.entries(step)) {
      const isFilledIn = (name?: string): boolean => isSql(['steps', i, verb, ...(name === undefined ? [] : [name])]);
      const texts = asFields(entry as Value);
      const found =
        (typeof entry === 'string' && isFilledIn()) ||
        Object.entries(texts).some(([name, one]) => typeof one === 'string' && isFilledIn(name));
      if (found) {
        const advice = 'write it in the task; values in it are written {{value}}';
        throw badArgs(
          'table',
          `the ${verb} of steps[${i}] comes from a variable, and SQL has to stand in the task itself`,
          advice,
        );
      }
    }
  }
}

function asFields(value: Value | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
