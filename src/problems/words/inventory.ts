import { quoted } from '../../util/quoted.ts';
import { didYouMean, words } from './entry.ts';

const later = {
  vault: 'is encrypted with ansible-vault',
};

const laterHint = {
  vault: 'play cannot read vault files; decrypt it with ansible-vault, then encrypt it anew: play secret encrypt FILE',
};

/** Mistakes in inventories, patterns and limits. */
export const inventoryWords = {
  E_INVENTORY_MISSING: words<{ path: string; similar?: string; hostLike: boolean }>({
    exit: 2,
    say: (f) => `there is no inventory ${quoted(f.path)}`,
    hint: (f) =>
      didYouMean(f.similar) ?? (f.hostLike ? `for a host, end the list with a comma: -i ${f.path},` : undefined),
  }),
  E_INVENTORY_UNREADABLE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot be read: ${f.reason}`,
  }),
  E_INVENTORY_LATER: words<{ path: string; kind: keyof typeof later }>({
    exit: 2,
    say: (f) => `${f.path} ${later[f.kind]}, which play does not read`,
    hint: (f) => laterHint[f.kind],
  }),
  E_INVENTORY_SHAPE: words<{ part: string; wants: string; got: string; first?: string }>({
    exit: 2,
    say: (f) => `${f.part} must be a mapping with ${f.wants}, but it is ${f.got}`,
    hint: (f) =>
      f.first === undefined ? undefined : `write ${f.first}: with a colon and without the dash, one a line`,
  }),
  E_INVENTORY_TOP_KEY: words<{ key: string }>({
    exit: 2,
    say: (f) => `${quoted(f.key)} stands at the top of the inventory, where group names stand`,
    hint: (f) => `put it below a group: "all:" and then "${f.key}:", indented`,
  }),
  E_GROUP_KEY: words<{ group: string; key: string; similar?: string; looksLikeGroup: boolean }>({
    exit: 2,
    say: (f) => `the group ${f.group} has an unknown key ${quoted(f.key)}`,
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.looksLikeGroup
        ? `to put the group ${f.key} inside ${f.group}, write it below "children:"`
        : 'a group has the keys hosts, children and vars; a variable goes below "vars:", a host below "hosts:"'),
  }),
  E_GROUP_CYCLE: words<{ cycle: string[] }>({
    exit: 2,
    say: (f) => `a group contains itself: ${f.cycle.join(' → ')}`,
    hint: () => 'take one of these out of the "children" of the one before it',
  }),
  E_GROUP_NAME: words<{ name: string; fault: string }>({
    exit: 2,
    say: (f) => `the group name ${quoted(f.name)} ${f.fault}`,
    hint: () => 'a group name has letters, digits, "_", "-" and "."; the rest has a meaning in host patterns',
  }),
  E_HOST_NAME: words<{ name: string; fault: string; from?: string }>({
    exit: 2,
    say: (f) => `the host name ${quoted(f.name)}${f.from === undefined ? '' : ` of ${f.from}`} ${f.fault}`,
    hint: () => 'a host is letters, digits, ".", "_" and "-", or an IPv6 address; user@host:port may be said with it',
  }),
  E_HOST_PORT: words<{ name: string; port: string }>({
    exit: 2,
    say: (f) => `the port of ${quoted(f.name)} must be a number from 1 to 65535`,
    hint: (f) => (f.port === '' ? 'take the colon away, or write a port behind it' : undefined),
  }),
  E_HOST_RANGE: words<{ name: string; fault: string }>({
    exit: 2,
    say: (f) => `the range in ${quoted(f.name)} is wrong: ${f.fault}`,
    hint: () => 'ranges are web[01:20], web[0:10:2] or db-[a:f]',
  }),
  E_HOST_IS_GROUP: words<{ name: string }>({
    exit: 2,
    say: (f) => `${quoted(f.name)} is both a host and a group`,
    hint: () => 'rename one of them: a pattern with this name would be ambiguous',
  }),
  E_INVENTORY_VAR_NAME: words<{ name: string; suggestion?: string }>({
    exit: 2,
    say: (f) => `${quoted(f.name)} cannot be the name of a variable`,
    hint: (f) =>
      f.suggestion === undefined
        ? 'a variable has letters, digits and "_", and does not start with a digit'
        : `a variable has letters, digits and "_": ${f.suggestion}`,
  }),
  E_INVENTORY_VAR_RESERVED: words<{ name: string; suggestion?: string }>({
    exit: 2,
    say: (f) =>
      `a variable cannot be called ${quoted(f.name)}: in templates and conditions that name means something of play's own`,
    hint: (f) => (f.suggestion === undefined ? 'give it another name' : `give it another name: ${f.suggestion}`),
  }),
  E_INVENTORY_SETTING: words<{ name: string; similar: string }>({
    exit: 2,
    say: (f) => `${quoted(f.name)} is no connection setting`,
    hint: (f) => `did you mean "${f.similar}"? A variable of your own needs a name that does not begin with "ansible_"`,
  }),
  E_INVENTORY_PRIORITY: words<{ group: string }>({
    exit: 2,
    say: (f) => `ansible_group_priority of ${f.group} must be a whole number`,
    hint: () => 'of groups at the same depth the one with the higher number wins; without one it is 1',
  }),
  E_PATTERN_EMPTY: words<{ pattern: string }>({
    exit: 2,
    say: () => 'the host pattern is empty',
    hint: () => 'name a host or a group, or write "all"',
  }),
  E_PATTERN_NO_MATCH: words<{ part: string; similar?: string; listed: boolean }>({
    exit: 2,
    say: (f) => `no host or group matches ${quoted(f.part)}`,
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.listed ? undefined : 'there is no inventory, so only localhost is known: give one with -i FILE or -i web1,'),
  }),
  E_PATTERN_SYNTAX: words<{ part: string; fault: string }>({
    exit: 2,
    say: (f) => `the host pattern ${quoted(f.part)} cannot be read: ${f.fault}`,
    hint: () => 'patterns are names, "web*", "~regex", "web[0]" or "web[0:2]", joined by ",", ":&" (and) or ":!" (not)',
  }),
  E_PATTERN_INDEX: words<{ part: string; size: number }>({
    exit: 2,
    say: (f) => `${quoted(f.part)} asks for a host that is not there`,
    hint: (f) =>
      f.size === 1 ? 'there is 1 host, number 0' : `there are ${f.size} hosts, numbered 0 to ${f.size - 1}`,
  }),
  E_LIMIT_FILE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `the limit file ${quoted(f.path)} cannot be read: ${f.reason}`,
    hint: () => '--limit @FILE takes a file with one host a line',
  }),
  E_TARGET_VALUE: words<{ host: string; setting: string; wants: string; got: string }>({
    exit: 2,
    say: (f) => `${f.setting} of ${f.host} must be ${f.wants}, but it ${f.got}`,
  }),
  E_TARGET_TWICE: words<{ host: string; one: string; other: string }>({
    exit: 2,
    say: (f) => `${f.host} has ${f.one} and ${f.other}, and they differ`,
    hint: () =>
      'both say the same thing about the connection: keep one; a variable of the application needs another name',
  }),
  E_TARGET_FACTS: words<{ host: string; setting: string }>({
    exit: 2,
    say: (f) => `${f.setting} of ${f.host} needs facts of the host, which are known only when it has been reached`,
    hint: () => 'use inventory variables here, or write the value out',
  }),
  E_TARGET_CONNECTION: words<{ host: string; setting: string; value: string }>({
    exit: 2,
    say: (f) => `${f.setting} of ${f.host} is ${quoted(f.value)}, which play does not know`,
    hint: () => 'known are ssh, ssm and local',
  }),
  E_TARGET_SSM_INSTANCE: words<{ host: string; address: string }>({
    exit: 2,
    say: (f) => `${f.host} is reached through Systems Manager, and ${quoted(f.address)} is no instance id`,
    hint: () =>
      'give it one, as in ansible_aws_ssm_instance_id: i-0123456789abcdef0 (play inventory shows what an aws_ec2 or aws_ssm source finds)',
  }),
  E_TARGET_BECOME_METHOD: words<{ host: string; setting: string; value: string }>({
    exit: 2,
    say: (f) => `${f.setting} of ${f.host} is ${quoted(f.value)}, which play does not know`,
    hint: () => 'play becomes another user with sudo',
  }),
  E_TARGET_SSH_ARGS: words<{ host: string; setting: string; argument: string; advice: string }>({
    exit: 2,
    say: (f) => `${f.setting} of ${f.host} holds ${quoted(f.argument)}, which play does not take`,
    hint: (f) => f.advice,
  }),
};
