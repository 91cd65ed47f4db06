import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { postgresLogin, psql, sqlName, sqlText, wherePsql } from '../shared/postgres.ts';
import { md5Verifier, scramVerifier } from '../shared/scram.ts';

const params = Type.Object(
  {
    name: Type.String({ description: 'The role.', minLength: 1, maxLength: 63 }),
    state: Type.Optional(
      choice(['present', 'absent'], 'Whether it exists. A role that owns something cannot be removed.', 'present'),
    ),
    password: Type.Optional(
      text(
        'The password, or what the server keeps of it (`SCRAM-SHA-256$…`, `md5…`). The server gets only that. To compare it needs a superuser.',
      ),
    ),
    no_password_changes: Type.Optional(flag('Give the password only to a new role.')),
    role_attr_flags: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description:
          'What the role may do, each with `NO` before it or not: `SUPERUSER`, `CREATEDB`, `CREATEROLE`, `INHERIT`, `LOGIN`, `REPLICATION`, `BYPASSRLS`. A list or joined by commas. A new role may log in.',
      }),
    ),
    conn_limit: Type.Optional(Type.Integer({ description: 'Connections at a time; `-1` is no limit.', minimum: -1 })),
    expires: Type.Optional(text('When the password ends: `2030-01-31 12:00+00`, or `infinity`.')),
    comment: Type.Optional(Type.String({ description: 'What it is for.' })),
    ...postgresLogin,
  },
  { additionalProperties: false },
);

/** A role of PostgreSQL, by psql on the host. */
export const postgresqlUser = {
  name: 'postgresql_user',
  on: 'host',
  summary: 'A user of PostgreSQL exists with these properties, or does not exist.',
  params,
  result: { user: 'The role.', state: 'The state that was asked for.' },
  examples: [
    { postgresql_user: { name: 'shop', password: '{{shop_password}}' }, become: true, become_user: 'postgres' },
    {
      postgresql_user: { name: 'backup', role_attr_flags: ['REPLICATION', 'NOINHERIT'], conn_limit: 2 },
      become: true,
      become_user: 'postgres',
    },
    { postgresql_user: { name: 'old', state: 'absent' }, become: true, become_user: 'postgres' },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(params): Converge {
    const { name, state = 'present', no_password_changes = false } = params;
    const absent = state === 'absent';
    const properties = absent ? [] : propertiesOf(params);
    const managed = properties.filter(({ look }) => look !== undefined);
    // Everyone may read pg_roles; what is kept of passwords is in pg_authid only.
    const table = managed.some(({ secret }) => secret) ? 'pg_authid' : 'pg_roles';
    const lines = ["'present'", ...managed.map(({ look }) => look)].join(', ');
    const look = psql(params, `SELECT concat_ws(chr(10), ${lines}) FROM ${table} WHERE rolname = ${sqlText(name)};`);
    const words = (all: Property[]): string => all.flatMap(({ word }) => word ?? []).join(' ');
    const after = properties.flatMap(({ statement }) => statement ?? []);
    const kept = no_password_changes ? managed : properties;
    const create = psql(
      params,
      [`CREATE ROLE ${sqlName(name)} LOGIN;`, `ALTER ROLE ${sqlName(name)} ${words(properties)};`, ...after].join('\n'),
    );
    const alter = psql(
      params,
      [...(words(kept) === '' ? [] : [`ALTER ROLE ${sqlName(name)} ${words(kept)};`]), ...after].join('\n'),
    );
    return {
      kind: 'converge',
      probe: [
        { sh: wherePsql(sh`if play_pg_o=$(${look}); then printf '%s\\n' "\${play_pg_o:-absent}"; else false; fi`) },
      ],
      expect: absent ? 'absent' : ['present', ...managed.map(({ line }) => line)].join('\n'),
      apply: absent
        ? psql(params, `DROP ROLE ${sqlName(name)};`)
        : sh`if [ "$play_o" = absent ]; then ${create}\nelse ${alter}\nfi`,
      result: () => ({ user: name, state }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

interface Property {
  /** SQL of the line that the probe prints; without, it is not looked at. */
  look?: string;
  line?: string;
  /** Part of ALTER ROLE. */
  word?: string;
  /** A statement of its own. */
  statement?: string;
  secret?: true;
}

const flags: Record<string, string> = {
  SUPERUSER: 'rolsuper',
  CREATEDB: 'rolcreatedb',
  CREATEROLE: 'rolcreaterole',
  INHERIT: 'rolinherit',
  LOGIN: 'rolcanlogin',
  REPLICATION: 'rolreplication',
  BYPASSRLS: 'rolbypassrls',
};

function propertiesOf({
  name,
  password,
  no_password_changes,
  role_attr_flags = [],
  conn_limit,
  expires,
  comment,
}: Params): Property[] {
  const words = [role_attr_flags].flat().flatMap((item) => item.split(/[\s,]+/).filter(Boolean));
  const properties: Property[] = words.map((word) => flagProperty(word.toUpperCase()));
  if (password !== undefined) properties.push(passwordProperty(name, password, no_password_changes ?? false));
  if (conn_limit !== undefined)
    properties.push({
      look: "'conn_limit ' || rolconnlimit",
      line: `conn_limit ${conn_limit}`,
      word: `CONNECTION LIMIT ${conn_limit}`,
    });
  if (expires !== undefined)
    properties.push({
      look: `'expires ' || CASE WHEN coalesce(rolvaliduntil, 'infinity') = ${sqlText(expires)}::timestamptz THEN ${sqlText(expires)} ELSE rolvaliduntil::text END`,
      line: `expires ${expires}`,
      word: `VALID UNTIL ${sqlText(expires)}`,
    });
  if (comment !== undefined)
    properties.push({
      look: "'comment ' || coalesce(shobj_description(oid, 'pg_authid'), '')",
      line: `comment ${comment}`,
      statement: `COMMENT ON ROLE ${sqlName(name)} IS ${sqlText(comment)};`,
    });
  return properties;
}

function flagProperty(word: string): Property {
  const name = flags[word] === undefined ? word.replace(/^NO/, '') : word;
  const column = flags[name];
  if (column === undefined)
    throw badArgs(
      'postgresql_user',
      `role_attr_flags has "${word}"`,
      `the flags are ${Object.keys(flags).join(', ')}, each with NO before it or not`,
    );
  return { look: `CASE WHEN ${column} THEN '${name}' ELSE 'NO${name}' END`, line: word, word };
}

/** The probe never prints what is kept of a password. */
function passwordProperty(name: string, password: string, onlyNew: boolean): Property {
  const isKept = /^(SCRAM-SHA-256\$\d+:|md5[0-9a-f]{32}$)/.test(password);
  const verifier = isKept ? password : scramVerifier(name, password);
  const word = `PASSWORD ${sqlText(verifier)}`;
  if (onlyNew) return { word };
  const right = [verifier, ...(isKept ? [] : [md5Verifier(name, password)])].map(sqlText).join(', ');
  return {
    look: `CASE WHEN rolpassword IN (${right}) THEN 'password as given' ELSE 'other password' END`,
    line: 'password as given',
    word,
    secret: true,
  };
}
