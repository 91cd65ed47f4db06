import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { ruleParams, ruleWords } from '../shared/iptables-rule.ts';
import { choice, flag } from '../shared/params.ts';

const params = Type.Object(
  {
    chain: Type.Optional(
      Type.String({
        description: 'The chain: `INPUT`, `FORWARD`, `OUTPUT`, `PREROUTING`, `POSTROUTING` or one of your own.',
        pattern: '^[A-Za-z0-9_.:+][^ \\t\\n!]{0,27}$',
      }),
    ),
    table: Type.Optional(choice(['filter', 'nat', 'mangle', 'raw', 'security'], 'The table.', 'filter')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the rule, or the chain, is to be there.', 'present')),
    action: Type.Optional(
      choice(['append', 'insert'], 'Where a new rule goes; one that exists stays where it is.', 'append'),
    ),
    rule_num: Type.Optional(Type.Integer({ description: 'With `action: insert`: as which rule.', minimum: 1 })),
    ip_version: Type.Optional(choice(['ipv4', 'ipv6'], 'iptables or ip6tables.', 'ipv4')),
    ...ruleParams,
    policy: Type.Optional(
      choice(['ACCEPT', 'DROP', 'QUEUE', 'RETURN'], 'What becomes of packets that no rule of the chain is about.'),
    ),
    flush: Type.Optional(flag('No rules are in the chain, or without one in the table.')),
    chain_management: Type.Optional(
      flag('Make the chain when it is missing; without a rule the task is about the chain itself.'),
    ),
    wait: Type.Optional(
      Type.Integer({
        description: 'Seconds to wait while another program changes the rules.',
        minimum: 0,
        default: 5,
      }),
    ),
  },
  { additionalProperties: false },
);

/** Rules of the running kernel. They are gone after a restart of the host, unless something saves them. */
export const iptables = {
  name: 'iptables',
  on: 'host',
  summary: 'A rule, a chain or a policy of the packet filter is there or is not, until the host restarts.',
  params,
  result: {
    chain: 'The chain; empty when the task is about a table.',
    table: 'The table.',
    rule: 'The rule as iptables takes it; empty when there is none.',
  },
  examples: [
    { iptables: { chain: 'INPUT', protocol: 'tcp', destination_port: 22, ctstate: ['NEW'], jump: 'ACCEPT' } },
    { iptables: { chain: 'INPUT', policy: 'DROP' } },
    { iptables: { table: 'nat', chain: 'POSTROUTING', out_interface: 'eth0', jump: 'MASQUERADE', comment: 'uplink' } },
    { iptables: { chain: 'SHOP', chain_management: true } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { chain, table = 'filter', ip_version: version = 'ipv4' } = params;
    const words = ruleWords(params, version);
    const result = () => ({ chain: chain ?? '', table, rule: words.join(' ') });
    if (chain === undefined && !params.flush) throw badArgs('iptables', 'chain is missing');
    const { probe, expect, apply } = params.flush ? flushed(params) : workOf(params, words);
    const program = programOf(version);
    const missing = `there is no ${program} here; it is part of the package iptables`;
    const text = sh`if ! command -v ${program} >/dev/null 2>&1; then echo ${missing} >&2; (exit 10)
else
${probe}
fi`;
    return { kind: 'converge', probe: [{ sh: text }], expect, apply, result };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** What is there, what is to be, and how it gets so. */
interface Work {
  probe: Sh;
  expect: string;
  apply: Sh;
}

function programOf(version: 'ipv4' | 'ipv6'): string {
  return version === 'ipv4' ? 'iptables' : 'ip6tables';
}

/** A call of the program, up to the command. */
function callOf({ table = 'filter', wait = 5, ip_version: version = 'ipv4' }: Params): Sh {
  return sh`${programOf(version)} -w ${wait} -t ${table}`;
}

function workOf(params: Params, words: string[]): Work {
  const { chain = '', state = 'present', policy, chain_management: manages = false } = params;
  const call = callOf(params);
  if (policy !== undefined) return policyOf(call, { chain, policy });
  if (words.length > 0) return ruleOf(params, { call, words });
  if (!manages)
    throw badArgs('iptables', 'there is no rule', 'chain_management: true makes or removes the chain itself');
  return {
    probe: sh`if ${call} -S ${chain} >/dev/null 2>&1; then echo 'chain present'; else echo 'chain absent'; fi`,
    expect: `chain ${state}`,
    apply: state === 'present' ? sh`${call} -N ${chain}` : sh`${call} -X ${chain}`,
  };
}

/** `-C` answers 0 or 1. Anything else is a mistake in the rule, or a chain to jump to that an earlier task would make. */
function ruleOf(params: Params, { call, words }: { call: Sh; words: string[] }): Work {
  const { chain = '', state = 'present', action = 'append', rule_num: number, chain_management: manages } = params;
  if (number !== undefined && action !== 'insert') throw badArgs('iptables', 'rule_num needs action: insert');
  const shown = [chain, ...words].join(' ');
  const make = manages ? sh`{ ${call} -S ${chain} >/dev/null 2>&1 || ${call} -N ${chain}; } &&\n` : sh``;
  const add =
    action === 'append' ? sh`${call} -A ${chain}` : sh`${call} -I ${chain} ${number === undefined ? [] : [number]}`;
  return {
    probe: sh`play_ipt_e=$(${call} -C ${chain} ${words} 2>&1 >/dev/null)
case $? in
0) printf '%s\\n' ${`present: ${shown}`} ;;
1) printf '%s\\n' ${`absent: ${shown}`} ;;
*) printf '%s\\n' "$play_ipt_e" >&2
case $play_ipt_e in *'does not exist'*|*'No chain'*) (exit 10) ;; *) false ;; esac ;;
esac`,
    expect: `${state}: ${shown}`,
    apply:
      state === 'present'
        ? joinSh([make, sh`${add} ${words}`], '')
        : sh`play_ipt_z=0
while [ $play_ipt_z = 0 ] && ${call} -C ${chain} ${words} >/dev/null 2>&1; do ${call} -D ${chain} ${words} || play_ipt_z=$?; done
[ $play_ipt_z = 0 ]`,
  };
}

function policyOf(call: Sh, { chain, policy }: { chain: string; policy: string }): Work {
  return {
    probe: sh`play_ipt_p=$(${call} -S ${chain}) && {
play_ipt_p=\${play_ipt_p%%"$play_nl"*}
case $play_ipt_p in
'-P '*) echo "policy \${play_ipt_p##* }" ;;
*) echo ${`${chain} has no policy: only chains that iptables itself has can have one`} >&2; false ;;
esac
}`,
    expect: `policy ${policy}`,
    apply: sh`${call} -P ${chain} ${policy}`,
  };
}

/** Ansible flushes each time; here a chain without rules is left in peace. */
function flushed(params: Params): Work {
  const call = callOf(params);
  const chain = params.chain === undefined ? [] : [params.chain];
  return {
    probe: sh`play_ipt_r=$(${call} -S ${chain}) && printf '%s\\n' "$play_ipt_r" | grep '^-A' || [ -n "$play_ipt_r" ]`,
    expect: '',
    apply: joinSh([call, raw('-F'), sh`${chain}`], ' '),
  };
}
