import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/** What says which packets a rule of ufw is about, by the names that Ansible gives them. */
export interface UfwRuleParams {
  rule?: string;
  delete?: boolean;
  to_port?: string | number;
  port?: string | number;
  proto?: string;
  from_ip?: string;
  from_port?: string | number;
  to_ip?: string;
  direction?: string;
  interface?: string;
  route?: boolean;
  insert?: number;
  log?: boolean;
  name?: string;
  comment?: string;
}

/**
 * The rule as ufw takes it, and how it is looked for: ufw itself tells by `--dry-run` whether anything would become of it, which also knows
 * that `ssh` is `22/tcp` and that a rule is there for IPv4 only.
 */
export function ufwRule(params: UfwRuleParams): { shown: string; part: { probe: Sh; expect: string; apply: Sh } } {
  const wanted = params.delete !== true;
  const words = ruleWords(params);
  const add = [...(params.insert === undefined ? [] : ['insert', String(params.insert)]), ...words];
  const call = routed(params, wanted ? add : ['delete', ...words]);
  const shown = ['ufw', ...routed(params, words)].join(' ');
  const [yes, no] = wanted ? ['present', 'absent'] : ['absent', 'present'];
  return {
    shown,
    part: {
      probe: sh`${wanted ? lacks(call) : has(call)}
case $play_ufw_r in
yes) printf '%s\\n' ${`${no}: ${shown}`} ;;
no) printf '%s\\n' ${`${yes}: ${shown}`} ;;
*) false ;;
esac`,
      expect: `${wanted ? 'present' : 'absent'}: ${shown}`,
      apply: sh`ufw ${call}`,
    },
  };
}

/** Leaves in play_ufw_r whether adding the rule would change anything: if not, each line is "Skipping adding existing rule". */
function lacks(call: string[]): Sh {
  return sh`play_ufw_r=$(ufw --dry-run ${call}) && {
if printf '%s\\n' "$play_ufw_r" | grep -v -q '^Skipping '; then play_ufw_r=yes; else play_ufw_r=no; fi
}`;
}

/**
 * Leaves in play_ufw_r whether taking the rule away would change anything. ufw prints the rules that would be left, for IPv4, IPv6 or both,
 * and never says that there was no such rule; they are compared with what is left without a rule that nobody has.
 */
function has(call: string[]): Sh {
  const nobodys = ['reject', 'out', 'log-all', 'from', 'any', 'port', '9', 'to', 'any', 'port', '9', 'proto', 'udp'];
  const program = `/^:ufw-user-input/ { v = 4; if (second) seen[v] }
/^:ufw6-user-input/ { v = 6; if (second) seen[v] }
/^=$/ { second = 1 }
/^### tuple/ { if (second) left[v] = left[v] $0 "\\n"; else now[v] = now[v] $0 "\\n" }
END { for (v in seen) if (left[v] != now[v]) differs = 1; print differs ? "yes" : "no" }`;
  return sh`play_ufw_a=$(ufw --dry-run delete ${nobodys}) && play_ufw_r=$(ufw --dry-run ${call}) &&
play_ufw_r=$(printf '%s\\n' "$play_ufw_a" = "$play_ufw_r" | awk ${program})`;
}

/** `route` stands before everything else, `delete` too. */
function routed({ route }: UfwRuleParams, words: string[]): string[] {
  return route ? ['route', ...words] : words;
}

function ruleWords(params: UfwRuleParams): string[] {
  const { rule = '', direction, proto = 'any', from_ip: from = 'any', to_ip: to = 'any' } = params;
  const port = params.to_port ?? params.port;
  if (direction === 'routed') throw badArgs('ufw', 'direction: routed is for default', 'a rule says route: true');
  if (params.interface !== undefined && direction === undefined) throw badArgs('ufw', 'interface needs direction');
  if (params.name !== undefined && port !== undefined) throw badArgs('ufw', 'name and to_port exclude each other');
  const comment = params.comment !== undefined && params.delete !== true ? ['comment', params.comment] : [];
  return [
    rule,
    ...(direction === undefined ? [] : [direction.startsWith('in') ? 'in' : 'out']),
    ...(params.interface === undefined ? [] : ['on', params.interface]),
    ...(params.log ? ['log'] : []),
    'from',
    from,
    ...(params.from_port === undefined ? [] : ['port', String(params.from_port)]),
    'to',
    to,
    ...(port === undefined ? [] : ['port', String(port)]),
    ...(params.name === undefined ? [] : ['app', params.name]),
    ...(proto === 'any' ? [] : ['proto', proto]),
    ...comment,
  ];
}
