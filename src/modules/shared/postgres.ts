import { Type } from 'typebox';
import type { Sh } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { hostPath } from './args.ts';
import { text } from './params.ts';

/** How the server is reached: the same parameters in all modules for PostgreSQL. */
export const postgresLogin = {
  login_host: Type.Optional(text('The machine of the server as seen from the host; a local socket when not said.')),
  login_port: Type.Optional(
    Type.Integer({ description: 'The port; 5432 when not said.', minimum: 1, maximum: 65_535 }),
  ),
  login_unix_socket: Type.Optional(text('The directory of the local socket.')),
  login_user: Type.Optional(
    text('The user of the server. By a local socket, `become: postgres` usually is all it takes.', 'postgres'),
  ),
  login_password: Type.Optional(text('Their password. It is passed in the environment, never in a command line.')),
};

/** The values of `postgresLogin`. */
export interface PostgresLogin {
  login_host?: string;
  login_port?: number;
  login_unix_socket?: string;
  login_user?: string;
  login_password?: string;
}

/** Runs this where there is a psql, and cannot tell anything where there is none. */
export function wherePsql(body: Sh): Sh {
  return joinSh([
    raw('if command -v psql >/dev/null 2>&1; then'),
    body,
    raw(`else echo 'there is no psql on the host; a package task can install the client of PostgreSQL' >&2; (exit 10)
fi`),
  ]);
}

/**
 * SQL, read by psql from standard input: statements never are arguments. Stops at the first error. Rows are printed without anything around them.
 * Strings mean what standard SQL says, whatever the server is set to, so that `sqlText` is enough to quote a value.
 */
export function psql(
  login: PostgresLogin,
  sql: string,
  { db = 'postgres', words = ['--no-align', '--tuples-only'] } = {},
): Sh {
  const { login_user = 'postgres', login_password, login_port } = login;
  const host =
    login.login_host ??
    (login.login_unix_socket === undefined
      ? undefined
      : hostPath('postgresql', 'login_unix_socket', login.login_unix_socket));
  const options = [
    '--no-psqlrc',
    '--no-password',
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    ...words,
    ...(host === undefined ? [] : [`--host=${host}`]),
    ...(login_port === undefined ? [] : [`--port=${login_port}`]),
    `--username=${login_user}`,
    // Else \`=\` or \`://\` in a name would make it a connection string.
    `--dbname=dbname='${db.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  ];
  const password = login_password === undefined ? raw('') : sh`PGPASSWORD=${login_password} `;
  return sh`play_out ${sql} | ${password}PGCLIENTENCODING=UTF8 PGOPTIONS='-c standard_conforming_strings=on' psql ${options}`;
}

/** A string of SQL (PostgreSQL 4.1.2.1). */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name of SQL (PostgreSQL 4.1.1). */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Any value: lists are arrays, mappings are JSON. */
export function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' || typeof value === 'bigint') return `(${value})`;
  if (typeof value === 'string') return sqlText(value);
  if (Array.isArray(value)) return `ARRAY[${value.map(sqlValue).join(',')}]`;
  return sqlText(JSON.stringify(value));
}
