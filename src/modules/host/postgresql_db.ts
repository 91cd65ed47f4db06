import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { postgresLogin, psql, sqlName, sqlText, wherePsql } from '../shared/postgres.ts';

const params = Type.Object(
  {
    name: Type.String({ description: 'The database.', minLength: 1, maxLength: 63 }),
    state: Type.Optional(choice(['present', 'absent'], 'Whether it exists.', 'present')),
    owner: Type.Optional(text('The role that owns it.')),
    conn_limit: Type.Optional(Type.Integer({ description: 'Connections at a time; `-1` is no limit.', minimum: -1 })),
    comment: Type.Optional(Type.String({ description: 'What it is for.' })),
    encoding: Type.Optional(
      text('The encoding of a new database: `UTF8`. Another one of an existing database is a failure.'),
    ),
    lc_collate: Type.Optional(
      text('The order of text of a new database. Another one of an existing database is a failure.'),
    ),
    lc_ctype: Type.Optional(
      text('The classes of characters of a new database. Another one of an existing database is a failure.'),
    ),
    template: Type.Optional(
      text('The database that a new one is a copy of; `template0` allows other encodings and orders.'),
    ),
    force: Type.Optional(flag('With `state: absent`: end connections to it. PostgreSQL 13 or newer.')),
    ...postgresLogin,
  },
  { additionalProperties: false },
);

/** A database of PostgreSQL, by psql on the host. */
export const postgresqlDb = {
  name: 'postgresql_db',
  on: 'host',
  summary: 'A database of PostgreSQL exists with these properties, or does not exist.',
  params,
  result: { db: 'The database.', state: 'The state that was asked for.' },
  examples: [
    { postgresql_db: { name: 'shop', owner: 'shop' }, become: true, become_user: 'postgres' },
    {
      postgresql_db: { name: 'shop', encoding: 'UTF8', lc_collate: 'C', template: 'template0' },
      become: true,
      become_user: 'postgres',
    },
    {
      postgresql_db: {
        name: 'old',
        state: 'absent',
        login_host: 'db.internal',
        login_user: 'admin',
        login_password: '{{db_password}}',
      },
    },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(params): Converge {
    const { name, state = 'present', force } = params;
    if (force && state !== 'absent') throw badArgs('postgresql_db', 'force is for state: absent');
    const properties = propertiesOf(params);
    const absent = state === 'absent';
    const lines = ["'present'", ...(absent ? [] : properties.map(({ look }) => look))];
    const look = psql(
      params,
      `SELECT concat_ws(chr(10), ${lines.join(', ')}) FROM pg_database WHERE datname = ${sqlText(name)};`,
    );
    const see = sh`if play_pg_o=$(${look}); then printf '%s\\n' "\${play_pg_o:-absent}"; else false; fi`;
    const drop = psql(params, `DROP DATABASE ${sqlName(name)}${force ? ' WITH (FORCE)' : ''};`);
    return {
      kind: 'converge',
      probe: [{ sh: wherePsql(see) }],
      expect: absent ? 'absent' : ['present', ...properties.map(({ line }) => line)].join('\n'),
      apply: absent ? drop : sh`play_pg_do() {\n${change(params, properties)}\n}\nplay_pg_do`,
      result: () => ({ db: name, state }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

interface Property {
  /** SQL of the line that the probe prints. */
  look: string;
  line: string;
  /** Part of CREATE DATABASE. */
  create?: string;
  /** A statement that changes it; none: it cannot be changed. */
  alter?: string;
}

function propertiesOf({ name, owner, conn_limit, comment, encoding, lc_collate, lc_ctype }: Params): Property[] {
  const database = sqlName(name);
  const fixed = (key: string, value: string, { seen, equal }: { seen: string; equal: string }): Property => ({
    look: `'${key} ' || CASE WHEN ${equal} THEN ${sqlText(value)} ELSE ${seen} END`,
    line: `${key} ${value}`,
    create: `${key.toUpperCase()} ${sqlText(value)}`,
  });
  const properties: Property[] = [];
  if (owner !== undefined)
    properties.push({
      look: "'owner ' || pg_get_userbyid(datdba)",
      line: `owner ${owner}`,
      create: `OWNER ${sqlName(owner)}`,
      alter: `ALTER DATABASE ${database} OWNER TO ${sqlName(owner)};`,
    });
  if (conn_limit !== undefined)
    properties.push({
      look: "'conn_limit ' || datconnlimit",
      line: `conn_limit ${conn_limit}`,
      create: `CONNECTION LIMIT ${conn_limit}`,
      alter: `ALTER DATABASE ${database} CONNECTION LIMIT ${conn_limit};`,
    });
  if (comment !== undefined)
    properties.push({
      look: "'comment ' || coalesce(shobj_description(oid, 'pg_database'), '')",
      line: `comment ${comment}`,
      alter: `COMMENT ON DATABASE ${database} IS ${sqlText(comment)};`,
    });
  if (encoding !== undefined) {
    const equal = `encoding = pg_char_to_encoding(${sqlText(encoding)})`;
    properties.push(fixed('encoding', encoding, { seen: 'pg_encoding_to_char(encoding)', equal }));
  }
  if (lc_collate !== undefined)
    properties.push(
      fixed('lc_collate', lc_collate, { seen: 'datcollate', equal: `datcollate = ${sqlText(lc_collate)}` }),
    );
  if (lc_ctype !== undefined)
    properties.push(fixed('lc_ctype', lc_ctype, { seen: 'datctype', equal: `datctype = ${sqlText(lc_ctype)}` }));
  return properties;
}

/** What cannot be changed is refused before anything is. A comment is a statement of its own, also for a new database. */
function change(params: Params, properties: Property[]): Sh {
  const { name, template } = params;
  const create = properties.flatMap((property) => property.create ?? []);
  const comments = properties.flatMap(({ create: part, alter }) =>
    part === undefined && alter !== undefined ? [alter] : [],
  );
  const options = [...create, ...(template === undefined ? [] : [`TEMPLATE ${sqlName(template)}`])].join(' ');
  const fixed = properties.filter(({ alter }) => alter === undefined);
  const refuse = fixed.map(
    ({ line }) =>
      sh`case $play_nl$play_o$play_nl in (*"$play_nl"${line}"$play_nl"*) ;; (*) printf '%s\\n' ${`the database ${name} exists without "${line}", which cannot be changed; make a new one`} >&2; return 1 ;; esac`,
  );
  return joinSh([
    raw('if [ "$play_o" = absent ]; then'),
    psql(params, [`CREATE DATABASE ${sqlName(name)} ${options};`, ...comments].join('\n')),
    raw('else'),
    ...refuse,
    psql(params, properties.flatMap(({ alter }) => alter ?? []).join('\n')),
    raw('fi'),
  ]);
}
