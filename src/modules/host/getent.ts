import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Outcome, Sh } from '../../model/resource.ts';
import type { Fields, Value } from '../../model/value.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { flag, text } from '../shared/params.ts';
import { chomp } from '../shared/text.ts';

const params = Type.Object(
  {
    database: Type.String({
      description: '`passwd`, `group`, `hosts`, `services`, `shadow` (for root only) and whatever else the host knows.',
      pattern: '^[a-z0-9_]+$',
    }),
    key: Type.Optional(text('One entry: a user, a name of a host …; all when not said.')),
    fail_key: Type.Optional(flag('Whether an entry that is not there is a failure; else it is null.', true)),
    split: Type.Optional(
      text('What parts the fields: `:` for passwd, group, shadow and gshadow, blanks for the others when not said.'),
    ),
    service: Type.Optional(
      Type.String({
        description: 'Ask this source alone (`files`, `dns`), whatever nsswitch.conf says.',
        pattern: '^[a-z0-9_]+$',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Asks the databases of the host: users, groups, names of hosts. It only reads. */
export const getent = {
  name: 'getent',
  on: 'host',
  summary: 'Entries of a system database are known, as variables and as result.',
  params,
  result: {
    database: 'The database.',
    entries: 'By the first field of each: the list of the others; a list of such lists where several begin alike.',
  },
  facts: {
    getent_DATABASE: 'The same as `entries`, under the name of the database: `getent_passwd.ann[4]` is a home.',
  },
  factNames: ({ database }: Fields): string[] =>
    typeof database === 'string' && /^[a-z0-9_]+$/.test(database) ? [`getent_${database}`] : [],
  examples: [
    { getent: { database: 'passwd', key: 'ann' } },
    { getent: { database: 'group', split: ':' } },
    { getent: { database: 'hosts', key: 'db.internal', fail_key: false }, register: 'db' },
  ],
  idempotent: true,
  shorthand: 'database',
  resource(params): Action {
    if (params.key?.startsWith('-')) throw badArgs('getent', `"${params.key}" cannot be a key`);
    const result = ({ stdout }: Pick<Outcome, 'stdout'>): Fields => ({
      database: params.database,
      entries: entriesOf(stdout, params),
    });
    return {
      kind: 'action',
      reads: true,
      run: ask(params),
      result,
      judge(outcome) {
        const fields = result(outcome);
        if (outcome.rc !== 0)
          return { status: 'failed', fields, failure: chomp(outcome.stderr) || 'getent has failed' };
        return { status: 'ok', fields, facts: { [`getent_${params.database}`]: fields['entries'] ?? null } };
      },
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** The exit statuses are those of getent(1). */
function ask({ database, key, service, fail_key }: Params): Sh {
  const words = [...(service === undefined ? [] : ['-s', service]), database, ...(key === undefined ? [] : [key])];
  const absent = fail_key === false ? sh`:` : sh`echo ${`there is no ${key ?? 'entry'} in ${database}`} >&2; false`;
  return sh`if ! command -v getent >/dev/null 2>&1; then echo 'there is no getent here' >&2; false
else
getent ${words}
case $? in
0) ;;
1) echo ${`the host knows no database ${database}`} >&2; false ;;
2) ${absent} ;;
3) echo ${`all of ${database} cannot be listed; ask for one key`} >&2; false ;;
*) echo 'getent has failed' >&2; false ;;
esac
fi`;
}

function entriesOf(stdout: string, { database, key, split }: Params): Fields {
  const found = new Map<string, string[][]>();
  const separator = split ?? (['passwd', 'group', 'shadow', 'gshadow'].includes(database) ? ':' : /\s+/);
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const [first = '', ...rest] = (separator === split ? line : line.trim()).split(separator);
    found.set(first, [...(found.get(first) ?? []), rest]);
  }
  const entries: [string, Value][] = [...found].map(([name, lists]) => [
    name,
    lists.length === 1 ? (lists[0] ?? []) : lists,
  ]);
  return Object.fromEntries(entries.length === 0 && key !== undefined ? [[key, null]] : entries);
}
