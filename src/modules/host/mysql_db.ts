import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { mysql, mysqlLogin, mysqlName, mysqlText, whereMysql } from '../shared/mysql.ts';
import { choice } from '../shared/params.ts';

const word = (description: string) => Type.Optional(Type.String({ description, pattern: '^[A-Za-z0-9_]+$' }));

const params = Type.Object(
  {
    name: Type.String({ description: 'The database.', minLength: 1, maxLength: 64 }),
    state: Type.Optional(choice(['present', 'absent'], 'Whether it exists.', 'present')),
    encoding: word('Character set of new tables: `utf8mb4`.'),
    collation: word('Collation of new tables: `utf8mb4_unicode_ci`.'),
    ...mysqlLogin,
  },
  { additionalProperties: false },
);

/** A database of MySQL or MariaDB, by the client on the host. */
export const mysqlDb = {
  name: 'mysql_db',
  on: 'host',
  summary: 'A database of MySQL or MariaDB exists with these defaults, or does not exist. Tables keep what they have.',
  params,
  result: { db: 'The database.', state: 'The state that was asked for.' },
  examples: [
    { mysql_db: { name: 'shop', encoding: 'utf8mb4' } },
    { mysql_db: { name: 'shop', login_unix_socket: '/run/mysqld/mysqld.sock', login_user: 'root' } },
    {
      mysql_db: {
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
    const { name, state = 'present', encoding, collation } = params;
    const absent = state === 'absent';
    const managed = absent
      ? []
      : [
          ...(encoding === undefined
            ? []
            : [{ key: 'encoding', column: 'default_character_set_name', value: encoding }]),
          ...(collation === undefined
            ? []
            : [{ key: 'collation', column: 'default_collation_name', value: collation }]),
        ];
    const lines = ["'present'", ...managed.map(({ key, column }) => `CONCAT('${key} ', ${column})`)].join(', ');
    const look = mysql(
      params,
      `SELECT CONCAT_WS('\\n', ${lines}) FROM information_schema.schemata WHERE BINARY schema_name = ${mysqlText(name)};`,
    );
    const options = [
      ...(encoding === undefined ? [] : [`CHARACTER SET ${encoding}`]),
      ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ].join(' ');
    const change = sh`if [ "$play_o" = absent ]; then ${mysql(params, `CREATE DATABASE ${mysqlName(name)} ${options};`)}
else ${mysql(params, `ALTER DATABASE ${mysqlName(name)} ${options};`)}
fi`;
    return {
      kind: 'converge',
      probe: [
        { sh: whereMysql(sh`if play_my_o=$(${look}); then printf '%s\\n' "\${play_my_o:-absent}"; else false; fi`) },
      ],
      expect: absent
        ? 'absent'
        : ['present', ...managed.map(({ key, value }) => `${key} ${value.toLowerCase()}`)].join('\n'),
      apply: whereMysql(absent ? mysql(params, `DROP DATABASE ${mysqlName(name)};`) : change),
      result: () => ({ db: name, state }),
    };
  },
} satisfies HostModule<typeof params>;
