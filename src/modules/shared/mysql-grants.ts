import type { Sh } from '../../model/resource.ts';
import { raw } from '../../program/sh.ts';
import { badArgs } from './args.ts';
import { mysqlName } from './mysql.ts';

/** Privileges on one thing. */
export interface Grant {
  /** As SQL writes it: `*.*`, `` `shop`.* ``. */
  on: string;
  /** In capitals and in order; `ALL PRIVILEGES` stands alone. */
  privileges: string[];
  /** May give them to others. */
  option: boolean;
}

/** Words that stand for the same; MariaDB prints the one, and takes the other. */
const otherNames: Record<string, string> = { ALL: 'ALL PRIVILEGES', 'BINLOG MONITOR': 'REPLICATION CLIENT' };

/** Reads `shop.*:SELECT,INSERT/logs.*:ALL`, or a mapping of the same: `shop.*` → `SELECT,INSERT`. */
export function readGrants(module: string, priv: string | Record<string, string>): Grant[] {
  const entries =
    typeof priv === 'string'
      ? priv
          .split('/')
          .filter(Boolean)
          .map((part) => halves(module, part))
      : Object.entries(priv);
  return entries.map(([place, words]) => {
    const given = words
      .split(',')
      .map((word) => word.trim().toUpperCase().replace(/\s+/g, ' '))
      .filter(Boolean);
    const wrong = given.find((word) => !/^[A-Z][A-Z ]*$/.test(word));
    if (wrong !== undefined || given.length === 0)
      throw badArgs(
        module,
        `priv of ${place} has "${wrong ?? ''}"`,
        'write words such as SELECT,INSERT or ALL; columns cannot be named',
      );
    const option = given.some((word) => word === 'GRANT' || word === 'WITH GRANT OPTION' || word === 'GRANT OPTION');
    const privileges = given.filter((word) => !/GRANT/.test(word)).map((word) => otherNames[word] ?? word);
    const all = privileges.includes('ALL PRIVILEGES');
    return {
      on: placeOf(module, place),
      privileges: all ? ['ALL PRIVILEGES'] : [...new Set(privileges)].sort(),
      option,
    };
  });
}

function halves(module: string, part: string): [string, string] {
  const at = part.lastIndexOf(':');
  if (at < 0)
    throw badArgs(module, `priv has "${part}"`, 'write DATABASE.TABLE:PRIVILEGES, as in shop.*:SELECT,INSERT');
  return [part.slice(0, at), part.slice(at + 1)];
}

function placeOf(module: string, place: string): string {
  const [, db = '', table = ''] = /^(`[^`]+`|[^.`]+)\.(`[^`]+`|[^.`]+)$/.exec(place.trim()) ?? [];
  if (db === '') throw badArgs(module, `priv has "${place}"`, 'write DATABASE.TABLE, DATABASE.* or *.*');
  const name = (text: string): string => (text === '*' ? '*' : mysqlName(text.replace(/^`(.*)`$/, '$1')));
  return `${name(db)}.${name(table)}`;
}

/** The line of `grantLines` for it; nothing where no privilege is given, which every user has. */
export function grantLine({ on, privileges, option }: Grant): string[] {
  const words = privileges.filter((word) => word !== 'USAGE');
  if (words.length === 0 && !option) return [];
  return [`priv ${on}:${[...(words.length === 0 ? ['USAGE'] : words), ...(option ? ['GRANT'] : [])].join(',')}`];
}

/** Reads what SHOW GRANTS prints, and prints a line for each place, privileges in order. Passwords, which some servers print there, stay out. */
export const grantLines: Sh = raw(`awk '/^GRANT .* ON .* TO /{
g = $0; sub(/^GRANT /, "", g)
o = (g ~ /WITH GRANT OPTION/) ? ",GRANT" : ""
at = index(g, " ON "); p = substr(g, 1, at - 1); gsub(/BINLOG MONITOR/, "REPLICATION CLIENT", p); g = substr(g, at + 4)
at = index(g, " TO "); w = substr(g, 1, at - 1)
if (p == "USAGE" && o == "") next
n = split(p, a, ", ")
for (i = 2; i <= n; i++) { x = a[i]; for (j = i - 1; j > 0 && a[j] > x; j--) a[j + 1] = a[j]; a[j + 1] = x }
s = a[1]; for (i = 2; i <= n; i++) s = s "," a[i]
print "priv " w ":" s o
}' | sort`);
