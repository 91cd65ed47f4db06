/** Keys of a file that holds several plays. */
export const playbookKeywords = [
  'name',
  'params',
  'vars',
  'libraries',
  'logging',
  'report',
  'plays',
  'commands',
] as const;

/** Keys of a command with several plays. One with a single play has those of a play, `help` and `params`. */
export const commandKeywords = ['help', 'params', 'vars', 'plays'] as const;

/** Keys of a play, a block or a task that what is in it inherits. */
const inheritedKeywords = ['become', 'become_user', 'tags', 'vars', 'env', 'environment', 'no_log'] as const;

/** Keys of a play. */
export const playKeywords = [
  'name',
  'hosts',
  'tasks',
  'handlers',
  'strategy',
  'serial',
  'max_fail_percentage',
  'any_errors_fatal',
  'force_handlers',
  'pause',
  'order',
  'vars_files',
  'module_defaults',
  'connection',
  'port',
  'remote_user',
  ...inheritedKeywords,
] as const;

/** Keys of everything in a list of tasks that is done under conditions or for each item. */
const conditionalKeywords = ['name', 'when', 'loop', 'loop_control'] as const;

/** Keys of a task or a block that tasks inside inherit. */
const passedKeywords = [
  'ignore_errors',
  'check_mode',
  'delegate_to',
  'run_once',
  'throttle',
  'module_defaults',
  ...inheritedKeywords,
] as const;

/** Keys of a block. */
export const blockKeywords = ['block', 'rescue', 'always', ...conditionalKeywords, ...passedKeywords] as const;

/** Keys of an entry that uses a file of tasks. */
export const includeKeywords = ['include', 'with', ...conditionalKeywords, ...passedKeywords] as const;

/** Keys of an entry that uses a role. */
export const roleKeywords = ['role', 'with', 'register', ...conditionalKeywords, ...passedKeywords] as const;

/** Keys of `role.yml`. */
export const roleFileKeywords = ['name', 'description', 'params', 'outputs'] as const;

/** Keys of `loop_control`. */
export const loopControlKeywords = ['label', 'loop_var', 'index_var', 'pause', 'parallel', 'stop_on_error'] as const;

/** Keys of a task beside its module. `environment`, `chdir`, `retries` and `delay` are Ansible's words for `env`, `cwd` and `retry`. */
export const taskKeywords = [
  ...conditionalKeywords,
  'register',
  'parse',
  'changed_when',
  'failed_when',
  'ignore_errors',
  'until',
  'retry',
  'retries',
  'delay',
  'notify',
  'listen',
  'delegate_to',
  'run_once',
  'throttle',
  'cwd',
  'chdir',
  'timeout',
  'async',
  'poll',
  'check_mode',
  'barrier',
  ...inheritedKeywords,
] as const;

/** Modules that Ansible has under another name. */
export const renamedModules: Readonly<Record<string, string>> = {
  apk: 'package',
  apt: 'package',
  dnf: 'package',
  pacman: 'package',
  yum: 'package',
  zypper: 'package',
  raw: 'shell',
  systemd: 'service',
  systemd_service: 'service',
  sysvinit: 'service',
  uri: 'http',
};
