import { Type } from 'typebox';
import type { Sh } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { hostPath } from './args.ts';
import { text } from './params.ts';

/** How the server is reached: the same parameters in all modules for MySQL and MariaDB. */
export const mysqlLogin = {
  login_host: Type.Optional(text('The machine of the server as seen from the host; the local socket when not said.')),
  login_port: Type.Optional(
    Type.Integer({ description: 'The port; 3306 when not said.', minimum: 1, maximum: 65_535 }),
  ),
  login_unix_socket: Type.Optional(text('The local socket.')),
  login_user: Type.Optional(
    text('The user of the server; what the options files of the client say, or the user of the task, when not said.'),
  ),
  login_password: Type.Optional(text('Their password. It is passed in the environment, never in a command line.')),
};

/** The values of `mysqlLogin`. */
export interface MysqlLogin {
  login_host?: string;
  login_port?: number;
  login_unix_socket?: string;
  login_user?: string;
  login_password?: string;
}

/** Runs this where there is a client, whose name is in play_my_c, and cannot tell anything where there is none. */
export function whereMysql(body: Sh): Sh {
  return joinSh([
    raw(`play_my_c=
for play_my_x in mysql mariadb; do
if [ -z "$play_my_c" ] && command -v "$play_my_x" >/dev/null 2>&1; then play_my_c=$play_my_x; fi
done
if [ -n "$play_my_c" ]; then`),
    body,
    raw(`else echo 'there is no mysql and no mariadb on the host; a package task can install the client' >&2; (exit 10)
fi`),
  ]);
}

/** SQL, read by the client from standard input: statements never are arguments. Stops at the first error. A backslash in a string escapes, whatever the server is set to. */
export function mysql(
  login: MysqlLogin,
  sql: string,
  words: readonly string[] = ['--batch', '--raw', '--skip-column-names'],
): Sh {
  const { login_user, login_password, login_host, login_port, login_unix_socket: socket } = login;
  const options = [
    '--default-character-set=utf8mb4',
    ...words,
    ...(login_host === undefined ? [] : [`--host=${login_host}`]),
    ...(login_port === undefined ? [] : [`--port=${login_port}`]),
    ...(socket === undefined ? [] : [`--socket=${hostPath('mysql', 'login_unix_socket', socket)}`]),
    ...(login_user === undefined ? [] : [`--user=${login_user}`]),
  ];
  const password = login_password === undefined ? raw('') : sh`MYSQL_PWD=${login_password} `;
  const mode = "SET SESSION sql_mode = REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',,', ',');";
  return sh`play_out ${`${mode}\n${sql}`} | ${password}"$play_my_c" ${options}`;
}

/** A string of SQL (MySQL 9.1.1). */
export function mysqlText(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A name of SQL (MySQL 9.2). */
export function mysqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Any value: lists are values with commas between them, as for IN; mappings are JSON. */
export function mysqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' || typeof value === 'bigint') return `(${value})`;
  if (typeof value === 'string') return mysqlText(value);
  if (Array.isArray(value)) return `(${value.map(mysqlValue).join(',')})`;
  return mysqlText(JSON.stringify(value));
}
