import { isAbsolute, join } from 'node:path';
import type { Become } from '../model/playbook.ts';
import type { Span } from '../model/span.ts';
import type { SsmSettings, Target } from '../model/transport.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { remoteNameFault } from './names.ts';
import { gotWords, type Lookup, type Reader, readSetting, type SettingContext } from './setting.ts';
import { jumpHosts } from './ssh-args.ts';
import { readSsm } from './ssm-settings.ts';

/** What a host's variables say about reaching it, and about who tasks run as there. */
export interface ConnectionSettings {
  target: Target;
  /** What the inventory says about becoming another user; undefined when it says nothing. */
  become?: Become;
  problems: Problem[];
}

/** What holds for hosts whose variables say nothing: `connection`, `port` and `remote_user` of a play, and how many of its hosts may fail. */
export type ConnectionDefaults = Partial<Pick<Target, 'transport' | 'port' | 'user'>> & Pick<SsmSettings, 'mayFail'>;

/** Whose settings are wanted. */
export interface ToTargetOptions {
  name: string;
  get: Lookup;
  /** Where the counting definition of a variable stands, for problems. */
  locate?: (name: string) => Span | undefined;
  /** From the command line; wins over the variables. */
  overrides?: Partial<Omit<Target, 'name'>>;
  /** Weaker than the variables. */
  defaults?: ConnectionDefaults;
  /** Where `~/` in key paths starts. */
  home?: string;
}

/**
 * Resolves connection variables: Ansible's names (`ansible_host`) and the short ones (`address`). Both may stand when they agree;
 * a name of Ansible's is preferred, and when the two differ there is a problem too.
 */
export function toTarget({
  name,
  get,
  locate = () => undefined,
  overrides = {},
  defaults: { mayFail, ...defaults } = {},
  home,
}: ToTargetOptions): ConnectionSettings {
  const problems: Problem[] = [];
  const context: SettingContext = { host: name, get, locate, problems };
  const read = <T>(names: readonly string[], reader: Reader<T>): T | undefined =>
    readSetting(context, names, reader)?.value;

  const port = read(['ansible_port', 'ansible_ssh_port', 'port'], portNumber);
  const user = read(['ansible_user', 'ansible_ssh_user', 'user'], remoteName);
  const keys = read(['ansible_ssh_private_key_file', 'ansible_private_key_file', 'key'], (value) =>
    keyFiles(value, home),
  );
  const password = read(['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password', 'password'], secretText);
  const becomePassword = read(['ansible_become_password', 'ansible_become_pass', 'become_password'], secretText);
  const proxyJump = readJump(context);
  const become = readBecome(context);
  const transport = readTransport(context) ?? defaults.transport ?? 'ssh';
  const address = read(['ansible_host', 'ansible_ssh_host', 'address'], remoteName) ?? name;
  const target: Target = {
    name,
    ...defaults,
    transport,
    address,
    shell: read(['ansible_shell_executable', 'shell'], shellPath) ?? '/bin/sh',
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(keys && { keys }),
    ...(password !== undefined && { password }),
    ...(proxyJump !== undefined && { proxyJump }),
    ...(becomePassword !== undefined && { becomePassword }),
    ...overrides,
  };
  if (target.transport === 'ssm')
    target.ssm = { ...readSsm(context, target.address), ...(mayFail !== undefined && { mayFail }) };
  return { target, problems, ...(become && { become }) };
}

const transports: Record<string, Target['transport']> = {
  ssh: 'ssh',
  smart: 'ssh',
  'ansible.builtin.ssh': 'ssh',
  local: 'local',
  'ansible.builtin.local': 'local',
  ssm: 'ssm',
  aws_ssm: 'ssm',
  'amazon.aws.aws_ssm': 'ssm',
  'community.aws.aws_ssm': 'ssm',
};

function readTransport(context: SettingContext): Target['transport'] | undefined {
  const found = readSetting(context, ['ansible_connection', 'connection'], (value) =>
    typeof value === 'string' ? { value } : { wants: 'ssh, ssm or local', got: gotWords(value) },
  );
  if (!found) return undefined;
  const transport = Object.hasOwn(transports, found.value) ? transports[found.value] : undefined;
  if (!transport)
    context.problems.push(
      problem(
        'E_TARGET_CONNECTION',
        { host: context.host, setting: found.name, value: found.value },
        context.locate(found.name),
      ),
    );
  return transport;
}

function readBecome(context: SettingContext): Become | undefined {
  const enabled = readSetting(context, ['ansible_become', 'become'], truth)?.value;
  const user = readSetting(context, ['ansible_become_user', 'become_user'], remoteName)?.value;
  const method = readSetting(context, ['ansible_become_method', 'become_method'], plainText);
  if (method && method.value !== 'sudo' && method.value !== 'ansible.builtin.sudo')
    context.problems.push(
      problem(
        'E_TARGET_BECOME_METHOD',
        { host: context.host, setting: method.name, value: method.value },
        context.locate(method.name),
      ),
    );
  if (enabled === undefined && user === undefined) return undefined;
  return { enabled: enabled ?? false, user: user ?? 'root' };
}

function readJump(context: SettingContext): string | undefined {
  const said = readSetting(context, ['proxy_jump'], jumpText)?.value;
  for (const setting of ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args']) {
    const text = readSetting(context, [setting], plainText)?.value;
    if (text === undefined) continue;
    const { jump, problems } = jumpHosts(text, { host: context.host, setting, at: context.locate(setting) });
    context.problems.push(...problems);
    const checked = jump === undefined ? undefined : jumpText(jump);
    if (checked && 'wants' in checked)
      context.problems.push(
        problem('E_TARGET_VALUE', { host: context.host, setting, ...checked }, context.locate(setting)),
      );
    if (jump !== undefined && said !== undefined && said !== jump)
      context.problems.push(
        problem('E_TARGET_TWICE', { host: context.host, one: setting, other: 'proxy_jump' }, context.locate(setting)),
      );
    if (jump !== undefined) return jump;
  }
  return said;
}

const plainText: Reader<string> = (value) =>
  typeof value === 'string' ? { value } : { wants: 'text', got: gotWords(value) };

const secretText: Reader<string> = (value) => {
  if (typeof value === 'number') return { wants: 'text', got: 'is a number, which may lose digits; put it in quotes' };
  return typeof value === 'string' ? { value } : { wants: 'text', got: gotWords(value) };
};

const remoteName: Reader<string> = (value) => {
  if (typeof value !== 'string') return { wants: 'text', got: gotWords(value) };
  const fault = remoteNameFault(value);
  return fault ? { wants: 'a plain name', got: fault } : { value };
};

const portNumber: Reader<number> = (value) => {
  const wants = 'a number from 1 to 65535';
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof port !== 'number') return { wants, got: gotWords(port) };
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? { value: port } : { wants, got: `is ${port}` };
};

/** Ansible's words for yes and no; an INI inventory has no other way to write them than as text. */
const truth: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return { value };
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
  if (['true', 'yes', 'on', 'y', 't', '1'].includes(word)) return { value: true };
  if (['false', 'no', 'off', 'n', 'f', '0'].includes(word)) return { value: false };
  return { wants: 'true or false', got: gotWords(value) };
};

const shellPath: Reader<string> = (value) =>
  typeof value === 'string' && isAbsolute(value) && !/[\s\0]/.test(value)
    ? { value }
    : { wants: 'the full path of a shell', got: typeof value === 'string' ? 'is not one' : gotWords(value) };

/** Hosts of ssh_config's ProxyJump: each may have a user and a port. */
const jumpText: Reader<string> = (value) => {
  if (typeof value !== 'string') return { wants: 'text', got: gotWords(value) };
  const hop =
    /^(ssh:\/\/)?([A-Za-z0-9._%][A-Za-z0-9._%-]*@)?(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._][A-Za-z0-9._-]*)(:\d{1,5})?$/;
  const hops = value.split(',').map((part) => part.trim());
  const good = hops.every((part) => hop.test(part));
  return good ? { value: hops.join(',') } : { wants: 'user@host:port, several joined by commas', got: 'is not that' };
};

function keyFiles(value: Value, home: string | undefined): ReturnType<Reader<string[]>> {
  const list = Array.isArray(value) ? value : [value];
  const files = list.filter((item) => typeof item === 'string' && item !== '').map(String);
  if (files.length !== list.length || files.length === 0)
    return {
      wants: 'a file name, or a list of them',
      got: Array.isArray(value) ? 'holds something else' : gotWords(value),
    };
  return {
    value: files.map((file) => (home !== undefined && file.startsWith('~/') ? join(home, file.slice(2)) : file)),
  };
}
