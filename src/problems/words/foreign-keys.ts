/** A keyword that people know from Ansible, or from plans for later, and that does nothing here. */
export interface ForeignKey {
  /** What is so about it, after the quoted key: `"serial" is not supported yet`. */
  say: string;
  /** What to do now. */
  hint: string;
}

const later = (hint: string): ForeignKey => ({ say: 'is not supported yet', hint });

const files = later('write the tasks into this file for now');
const batches = later('use --limit to run on some of the hosts first');

/** By key, wherever it may stand in a play or a task. */
export const foreignKeys: Readonly<Record<string, ForeignKey>> = {
  always: later('write the tasks of the block one after another; ignore_errors lets the play go on after a failure'),
  any_errors_fatal: later('give the next task "barrier: true" so that all hosts reach it together'),
  async: later('use "timeout" to limit how long a task may take'),
  block: later('write its tasks one after another; a play can hold "become", "tags" and "vars" for all of them'),
  diff: later('use --diff on the command line'),
  include: files,
  include_role: files,
  include_tasks: files,
  import_playbook: files,
  import_role: files,
  import_tasks: files,
  listen: later('notify the handler by its name'),
  max_fail_percentage: batches,
  meta: later('handlers run at the end of the play; split the play in two to run them earlier'),
  module_defaults: later('give the parameters in each task'),
  no_log: later('until then, see that the task does not print the secret'),
  params: later('use "vars", or the environment: {{env.NAME}}'),
  poll: later('use "timeout" to limit how long a task may take'),
  post_tasks: later('put these tasks at the end of "tasks"; handlers run after them'),
  pre_tasks: later('put these tasks first in "tasks"'),
  rescue: later('use "ignore_errors" and "register" with a "when" in the next task'),
  role: files,
  roles: files,
  run_once: later('put the task into a play of its own with one host'),
  serial: batches,
  throttle: later('use --forks to limit how many hosts run at once'),
  vars_files: later('write the variables under "vars", or into group_vars/ beside the inventory'),
  vars_prompt: later('use the environment: {{env.NAME}}'),
  with: files,

  action: { say: 'is not a key here', hint: 'the name of the module is the key: "copy: { src: a, dest: /b }"' },
  args: {
    say: 'is not a key here',
    hint: 'write all parameters under the module: "shell: { cmd: make, chdir: /srv }"',
  },
  become_flags: { say: 'is not a key here', hint: 'sudo is called without further flags' },
  become_method: { say: 'is not a key here', hint: 'sudo is used' },
  collections: { say: 'is not a key here', hint: 'all modules are built in; delete the line' },
  connection: { say: 'is not a key here', hint: 'set "connection" for the host or group in the inventory' },
  gather_facts: { say: 'is not needed', hint: 'facts are gathered when something uses them; delete the line' },
  gather_subset: { say: 'is not needed', hint: 'only the facts that are used are gathered; delete the line' },
  ignore_unreachable: { say: 'is not a key here', hint: 'a host that cannot be reached never stops the others' },
  local_action: { say: 'is not a key here', hint: 'use the module and "delegate_to: localhost"' },
  port: { say: 'is not a key here', hint: 'set "port" for the host or group in the inventory' },
  remote_user: { say: 'is not a key here', hint: 'set "user" for the host or group in the inventory' },
  sudo: { say: 'is not a key here', hint: 'use "become: true"' },
  sudo_user: { say: 'is not a key here', hint: 'use "become: true" and "become_user"' },
  user: { say: 'is not a key here', hint: 'set "user" for the host or group in the inventory' },
  with_dict: { say: 'is not a key here', hint: 'use "loop" with a list of mappings' },
  with_fileglob: { say: 'is not a key here', hint: 'use "loop" with a list of files' },
  with_items: { say: 'is not a key here', hint: 'use "loop", which takes the same list' },
  with_sequence: { say: 'is not a key here', hint: 'use "loop" with an expression: "loop: range(1, 5)"' },
};
