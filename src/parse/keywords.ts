/** Keys of a file that holds several plays. */
export const playbookKeywords = ['name', 'vars', 'libraries', 'plays'] as const;

/** Keys of a play that its tasks inherit. */
const inheritedKeywords = ['become', 'become_user', 'tags', 'vars', 'env', 'environment'] as const;

/** Keys of a play. */
export const playKeywords = ['name', 'hosts', 'tasks', 'handlers', 'strategy', ...inheritedKeywords] as const;

/** Keys of a task beside its module. `environment`, `chdir`, `retries` and `delay` are Ansible's words for `env`, `cwd` and `retry`. */
export const taskKeywords = [
  'name',
  'when',
  'loop',
  'loop_control',
  'register',
  'changed_when',
  'failed_when',
  'ignore_errors',
  'until',
  'retry',
  'retries',
  'delay',
  'notify',
  'delegate_to',
  'cwd',
  'chdir',
  'timeout',
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
};
