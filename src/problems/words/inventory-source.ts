import { quoted } from '../../util/quoted.ts';
import { didYouMean, words } from './entry.ts';

const shown = (said: string): string => (said === '' ? ', and it said nothing' : `; it said:\n${said}`);

/** Inventory programs, folders and constructed groups. */
export const inventorySourceWords = {
  E_INVENTORY_INI_IN_FOLDER: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} is passed over, and the folder holds no other inventory`,
    hint: () =>
      'as in Ansible, .ini and .cfg in an inventory folder are settings of inventory programs; take the ending away, or give the file itself with -i',
  }),
  E_INVENTORY_NO_HOST: words<{ name: string; similar?: string }>({
    exit: 2,
    say: (f) => `the inventory has no host ${quoted(f.name)}`,
    hint: (f) => didYouMean(f.similar),
  }),
  E_INVENTORY_NO_PROGRAM: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} looks like an inventory program, but it may not be run`,
    hint: (f) => `make it executable: chmod +x ${f.path}`,
  }),
  E_PROGRAM_START: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `the inventory program ${f.path} cannot be started: ${f.reason}`,
  }),
  E_PROGRAM_TIMEOUT: words<{ command: string; seconds: number; said: string }>({
    exit: 2,
    say: (f) => `${quoted(f.command)} did not end within ${f.seconds} s${shown(f.said)}`,
    hint: () => 'run it by hand to see what it waits for; it gets nothing on standard input',
  }),
  E_PROGRAM_LONG: words<{ command: string; bytes: number }>({
    exit: 2,
    say: (f) => `${quoted(f.command)} wrote more than ${f.bytes / 1024 / 1024} MiB and was stopped`,
  }),
  E_PROGRAM_FAILED: words<{ command: string; how: string; said: string }>({
    exit: 2,
    say: (f) => `${quoted(f.command)} failed with ${f.how}${shown(f.said)}`,
  }),
  E_PROGRAM_JSON: words<{ command: string; line: number; excerpt: string }>({
    exit: 2,
    say: (f) => `the output of ${quoted(f.command)} is not JSON, line ${f.line}: ${quoted(f.excerpt)}`,
    hint: () => 'messages belong on its standard error',
  }),
  E_PROGRAM_SHAPE: words<{ program: string; part: string; wants: string; got: string }>({
    exit: 2,
    say: (f) => `${f.part} from ${f.program} must be ${f.wants}, but it ${f.got}`,
  }),
  E_PROGRAM_GROUP_KEY: words<{ program: string; group: string; key: string; similar?: string }>({
    exit: 2,
    say: (f) => `the group ${f.group} from ${f.program} has an unknown key ${quoted(f.key)}`,
    hint: (f) =>
      didYouMean(f.similar) ?? 'a group has hosts, vars and children; variables of hosts go below _meta.hostvars',
  }),
  E_CONSTRUCTED_SHAPE: words<{ part: string; wants: string; got: string }>({
    exit: 2,
    say: (f) => `${f.part} must be ${f.wants}, but it is ${f.got}`,
  }),
  E_CONSTRUCTED_KEY: words<{ part: string; key: string; known: string[]; similar?: string }>({
    exit: 2,
    say: (f) => `${f.part} has an unknown key ${quoted(f.key)}`,
    hint: (f) => didYouMean(f.similar) ?? `known are ${f.known.join(', ')}`,
  }),
  E_CONSTRUCTED_PLUGIN: words<{ plugin: string }>({
    exit: 2,
    say: (f) => `this is a file for Ansible's inventory plugin ${quoted(f.plugin)}, which play does not have`,
    hint: () =>
      'play reads YAML, INI, programs that print JSON, and the plugins constructed, aws_ec2 and aws_ssm; ansible-inventory --list prints what a plugin finds as JSON',
  }),
  E_CONSTRUCTED_BOOL: words<{ group: string; host: string; got: string }>({
    exit: 2,
    say: (f) => `whether ${f.host} is in the group ${f.group} must be true or false, but it is ${f.got}`,
    hint: () => 'compare it with something: name == "value", or size(list) > 0',
  }),
  E_CONSTRUCTED_VALUE: words<{ host: string; got: string }>({
    exit: 2,
    say: (f) => `the name of a group must be text or a number, but for ${f.host} it is ${f.got}`,
  }),
};
