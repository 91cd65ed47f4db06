import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { mysql, mysqlLogin, mysqlText, whereMysql } from '../shared/mysql.ts';
import { type Grant, grantLine, grantLines, readGrants } from '../shared/mysql-grants.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.String({ description: 'The user.', minLength: 1, maxLength: 80, pattern: '^[^\\n]+$' }),
    host: Type.Optional(text('Where the user comes from; `%` is everywhere.', 'localhost')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the user exists.', 'present')),
    password: Type.Optional(text('The password. Where what the server keeps cannot be compared, it is tried.')),
    update_password: Type.Optional(
      choice(['always', 'on_create'], 'Whether an existing user gets the password.', 'always'),
    ),
    priv: Type.Optional(
      Type.Union([Type.String(), Type.Record(Type.String(), Type.String())], {
        description:
          'All privileges of the user, others are taken away: `shop.*:SELECT,INSERT/logs.*:ALL`, or a mapping of the same. `GRANT` allows to give them on.',
      }),
    ),
    ...mysqlLogin,
  },
  { additionalProperties: false },
);

/** A user of MySQL or MariaDB, by the client on the host. */
export const mysqlUser = {
  name: 'mysql_user',
  on: 'host',
  summary: 'A user of MySQL or MariaDB exists with this password and these privileges, or does not exist.',
  params,
  result: { user: 'The user.', host: 'Where the user comes from.', state: 'The state that was asked for.' },
  examples: [
    { mysql_user: { name: 'shop', password: '{{shop_password}}', priv: 'shop.*:ALL' } },
    {
      mysql_user: {
        name: 'report',
        host: '10.0.%',
        password: '{{report_password}}',
        priv: { 'shop.*': 'SELECT', 'logs.*': 'SELECT,INSERT' },
      },
    },
    { mysql_user: { name: 'old', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { name, host = 'localhost', state = 'present', priv } = params;
    const account = `${mysqlText(name)}@${mysqlText(host)}`;
    const result = () => ({ user: name, host, state });
    const found = mysql(
      params,
      `SELECT 1 FROM mysql.user WHERE User = ${mysqlText(name)} AND Host = ${mysqlText(host)};`,
    );
    if (state === 'absent') {
      const see = sh`if play_my_o=$(${found}); then if [ -n "$play_my_o" ]; then echo present; else echo absent; fi; else false; fi`;
      return {
        kind: 'converge',
        probe: [{ sh: whereMysql(see) }],
        expect: 'absent',
        apply: whereMysql(mysql(params, `DROP USER ${account};`)),
        result,
      };
    }
    const grants = priv === undefined ? undefined : readGrants('mysql_user', priv);
    if (new Set(grants?.map(({ on }) => on)).size !== (grants?.length ?? 0))
      throw badArgs('mysql_user', 'priv names something twice');
    const { password, update_password = 'always' } = params;
    const kept = password !== undefined && update_password === 'always' ? password : undefined;
    const lines = [
      ...(kept === undefined ? [] : ['password as given']),
      ...(grants ?? []).flatMap(grantLine).sort(byBytes),
    ];
    const look = joinSh([
      raw('play_my_see() {'),
      sh`play_my_o=$(${found}) || return
if [ -z "$play_my_o" ]; then echo absent; return; fi
echo present`,
      ...(kept === undefined ? [] : [passwordLine(params, kept)]),
      ...(grants === undefined
        ? []
        : [
            sh`play_my_o=$(${mysql(params, `SHOW GRANTS FOR ${account};`)}) || return\nprintf '%s\\n' "$play_my_o" | ${grantLines}`,
          ]),
      raw('}\nplay_my_see'),
    ]);
    return {
      kind: 'converge',
      probe: [{ sh: whereMysql(look) }],
      expect: ['present', ...lines].join('\n'),
      apply: whereMysql(change(params, { account, grants, kept })),
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** mysql_native_password keeps the SHA-1 of the SHA-1; other ways have a salt, so the password is tried. */
function passwordLine(params: Params, password: string): Sh {
  const { name, host = 'localhost' } = params;
  const once = createHash('sha1').update(password).digest();
  const kept = `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
  const compare = mysql(
    params,
    `SELECT CASE WHEN plugin NOT IN ('mysql_native_password', '') THEN 'try' WHEN authentication_string = ${mysqlText(kept)} THEN 'same' ELSE 'other' END FROM mysql.user WHERE User = ${mysqlText(name)} AND Host = ${mysqlText(host)};`,
  );
  const attempt = mysql({ ...params, login_user: name, login_password: password }, 'SELECT 1;');
  return sh`play_my_o=$(${compare}) || return
if [ "$play_my_o" = try ] && ${attempt} >/dev/null 2>&1; then play_my_o=same; fi
if [ "$play_my_o" = same ]; then echo 'password as given'; else echo 'other password'; fi`;
}

interface Wanted {
  account: string;
  grants: Grant[] | undefined;
  kept: string | undefined;
}

/** Privileges are given first; where others were there too, all are taken away just before. */
function change(params: Params, { account, grants, kept }: Wanted): Sh {
  const { password } = params;
  const by = password === undefined ? '' : ` IDENTIFIED BY ${mysqlText(password)}`;
  const given = (grants ?? []).map(
    ({ on, privileges, option }) =>
      `GRANT ${privileges.length === 0 ? 'USAGE' : privileges.join(', ')} ON ${on} TO ${account}${option ? ' WITH GRANT OPTION' : ''};`,
  );
  const revoke = grants === undefined ? [] : [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`];
  const alter = kept === undefined ? [] : [`ALTER USER ${account}${by};`];
  const wanted = (grants ?? []).flatMap(grantLine).join('\n');
  const others = sh`printf '%s\\n' "$play_o" | grep '^priv ' | while IFS= read -r play_my_x; do case $play_nl${wanted}$play_nl in (*"$play_nl$play_my_x$play_nl"*) ;; (*) echo other ;; esac; done`;
  return sh`if [ "$play_o" = absent ]; then ${mysql(params, [`CREATE USER ${account}${by};`, ...given].join('\n'))}
elif [ -n "$(${others})" ]; then ${mysql(params, [...alter, ...revoke, ...given].join('\n'))}
else ${mysql(params, [...alter, ...given].join('\n'))}
fi`;
}
