import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Outcome } from '../../model/resource.ts';
import type { Fields, Value } from '../../model/value.ts';
import { checkArgs } from '../shared/args.ts';
import { readCsv } from '../shared/csv.ts';
import { text } from '../shared/params.ts';
import { postgresLogin, psql, sqlValue, wherePsql } from '../shared/postgres.ts';
import { fillQuery, onlyLooks } from '../shared/sql-query.ts';

const params = Type.Object(
  {
    query: text('One statement of SQL, or several with `;` between them: then all happen or none.'),
    positional_args: Type.Optional(
      Type.Array(Type.Unknown(), { description: 'Values for each `%s` of the query, in their order.' }),
    ),
    named_args: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Values for each `%(name)s` of the query.' }),
    ),
    db: Type.Optional(text('The database.', 'postgres')),
    ...postgresLogin,
  },
  { additionalProperties: false },
);

/** SQL for PostgreSQL, by psql on the host. */
export const postgresqlQuery = {
  name: 'postgresql_query',
  on: 'host',
  summary:
    'A query has run. One that only looks runs in check mode, too, and changes nothing; one that inserts, updates or deletes is a change when rows were.',
  params,
  result: {
    query: 'The query, without the values.',
    query_result:
      'The rows of the last statement that gives some: lists of column → text, null where there is no value.',
    rowcount: 'How many rows the last statement gave or changed.',
  },
  examples: [
    {
      postgresql_query: { db: 'shop', query: 'SELECT version FROM schema_version' },
      become: true,
      become_user: 'postgres',
      register: 'schema',
    },
    {
      postgresql_query: {
        db: 'shop',
        query: 'UPDATE settings SET value = %s WHERE name = %s',
        positional_args: ['on', 'beta'],
      },
      become: true,
      become_user: 'postgres',
    },
    {
      postgresql_query: {
        db: 'shop',
        query: 'DELETE FROM sessions WHERE owner = %(owner)s',
        named_args: { owner: '{{user}}' },
      },
      become: true,
      become_user: 'postgres',
    },
  ],
  idempotent: false,
  checkMode: true,
  exclusive: [['positional_args', 'named_args']],
  resource(params): Action {
    checkArgs(postgresqlQuery, params);
    const { db } = params;
    const looks = onlyLooks(params.query);
    const query = queryOf(params);
    // The rows of the last statement, and after them how many there were; a value that is null is not the empty text.
    const sql = `${query}\n;\n\\echo :ROW_COUNT`;
    const words = ['--csv', '--single-transaction', '--pset=null=\\N'];
    return {
      kind: 'action',
      run: wherePsql(psql(params, sql, { ...(db !== undefined && { db }), words })),
      ...(looks && { reads: true }),
      judge: (outcome) => {
        const { rc, stderr } = outcome;
        const fields = rowsOf(outcome, params.query);
        if (rc !== 0) return { status: 'failed', fields, failure: stderr.trim() || `psql ended with ${rc}` };
        const counts = /\b(insert|update|delete|merge)\b/i.test(params.query) && !/;\s*\S/.test(params.query);
        return { status: looks || (counts && fields['rowcount'] === 0) ? 'ok' : 'changed', fields };
      },
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function queryOf({ query, positional_args, named_args }: Params): string {
  const args = {
    ...(positional_args !== undefined && { positional: positional_args as Value[] }),
    ...(named_args !== undefined && { named: named_args as Fields }),
  };
  return fillQuery('postgresql_query', query.replace(/[\s;]+$/, ''), { args, literal: sqlValue });
}

function rowsOf({ stdout }: Outcome, query: string): Fields {
  const lines = stdout.replace(/\n$/, '').split('\n');
  const count = Number(lines.pop());
  const [columns = [], ...rows] = readCsv(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  const value = (field: { text: string; quoted: boolean }): Value =>
    field.text === '\\N' && !field.quoted ? null : field.text;
  return {
    query,
    query_result: rows.map((row) =>
      Object.fromEntries(columns.map((column, i) => [column.text, value(row[i] ?? { text: '\\N', quoted: false })])),
    ),
    rowcount: Number.isNaN(count) ? 0 : count,
  };
}
