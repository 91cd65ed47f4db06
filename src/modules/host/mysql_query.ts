import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Outcome } from '../../model/resource.ts';
import type { Fields, Value } from '../../model/value.ts';
import { checkArgs } from '../shared/args.ts';
import { mysql, mysqlLogin, mysqlName, mysqlValue, whereMysql } from '../shared/mysql.ts';
import { text } from '../shared/params.ts';
import { fillQuery, onlyLooks } from '../shared/sql-query.ts';

const params = Type.Object(
  {
    query: text('One statement of SQL, or several with `;` between them.'),
    positional_args: Type.Optional(
      Type.Array(Type.Unknown(), {
        description: 'Values for each `%s` of the query, in their order; a list is written as for `IN`.',
      }),
    ),
    named_args: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Values for each `%(name)s` of the query.' }),
    ),
    login_db: Type.Optional(text('The database.')),
    single_transaction: Type.Optional(
      Type.Boolean({ description: 'All statements happen or none, as far as the tables can.', default: false }),
    ),
    ...mysqlLogin,
  },
  { additionalProperties: false },
);

/** SQL for MySQL and MariaDB, by the client on the host. */
export const mysqlQuery = {
  name: 'mysql_query',
  on: 'host',
  summary:
    'A query has run. One that only looks runs in check mode, too, and changes nothing; one that inserts, updates or deletes is a change when rows were.',
  params,
  result: {
    query: 'The query, without the values.',
    query_result: 'For each statement that gives rows: a list of them, column → text, null where there is no value.',
    rowcount: 'How many rows the last statement gave or changed.',
  },
  examples: [
    { mysql_query: { login_db: 'shop', query: 'SELECT version FROM schema_version' }, register: 'schema' },
    {
      mysql_query: {
        login_db: 'shop',
        query: 'UPDATE settings SET value = %s WHERE name = %s',
        positional_args: ['on', 'beta'],
      },
    },
    {
      mysql_query: {
        login_db: 'shop',
        query: 'DELETE FROM sessions WHERE owner = %(owner)s',
        named_args: { owner: '{{user}}' },
      },
    },
  ],
  idempotent: false,
  checkMode: true,
  exclusive: [['positional_args', 'named_args']],
  resource(params): Action {
    checkArgs(mysqlQuery, params);
    const looks = onlyLooks(params.query);
    return {
      kind: 'action',
      run: whereMysql(mysql(params, program(params), ['--xml'])),
      ...(looks && { reads: true }),
      judge: (outcome) => {
        const { rc, stderr } = outcome;
        const fields = rowsOf(outcome, params.query);
        if (rc !== 0) return { status: 'failed', fields, failure: stderr.trim() || `the client ended with ${rc}` };
        const counts = /^\s*(insert|update|delete|replace)\b/i.test(params.query) && !/;\s*\S/.test(params.query);
        return { status: looks || (counts && fields['rowcount'] === 0) ? 'ok' : 'changed', fields };
      },
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** After the query the server is asked how many rows it changed: -1 after one that gave rows. */
function program({ query, positional_args, named_args, login_db, single_transaction }: Params): string {
  const args = {
    ...(positional_args !== undefined && { positional: positional_args as Value[] }),
    ...(named_args !== undefined && { named: named_args as Fields }),
  };
  const filled = fillQuery('mysql_query', query.replace(/[\s;]+$/, ''), { args, literal: mysqlValue });
  return [
    ...(login_db === undefined ? [] : [`USE ${mysqlName(login_db)};`]),
    ...(single_transaction ? ['START TRANSACTION;'] : []),
    `${filled}\n;`,
    'SELECT ROW_COUNT() AS play_rows;',
    ...(single_transaction ? ['COMMIT;'] : []),
  ].join('\n');
}

/** The client prints a \`resultset\` for each statement with rows, the last of which is our question. */
function rowsOf({ stdout }: Outcome, query: string): Fields {
  const sets = [...stdout.matchAll(/<resultset[^>]*>([\s\S]*?)<\/resultset>/g)].map(([, inside = '']) => setOf(inside));
  const count = Number(sets.pop()?.[0]?.['play_rows'] ?? 0);
  return { query, query_result: sets, rowcount: count < 0 ? (sets.at(-1)?.length ?? 0) : count };
}

function setOf(text: string): Record<string, string | null>[] {
  return [...text.matchAll(/<row>([\s\S]*?)<\/row>/g)].map(([, row = '']) =>
    Object.fromEntries(
      [...row.matchAll(/<field name="([^"]*)"(?: xsi:nil="true" \/>|>([\s\S]*?)<\/field>)/g)].map(
        ([, name = '', value]) => [plain(name), value === undefined ? null : plain(value)],
      ),
    ),
  );
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };

function plain(text: string): string {
  return text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => entities[name] ?? '');
}
