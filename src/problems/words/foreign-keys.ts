/** A keyword that people know from Ansible, or from plans for later, and that does nothing here. */
export interface ForeignKey {
  /** What is so about it, after the quoted key: `"serial" is not supported yet`. */
  say: string;
  /** What to do now. */
  hint: string;
}

const later = (hint: string): ForeignKey => ({ say: 'is not supported yet', hint });

const renamed = (say: string, hint: string): ForeignKey => ({ say: `is called ${say} here`, hint });

/** By key, wherever it may stand in a play or a task. */
export const foreignKeys: Readonly<Record<string, ForeignKey>> = {
  diff: later('use --diff on the command line'),
  include_role: renamed('"role"', 'write: role: NAME, and its variables under "with"'),
  include_tasks: renamed('"include"', 'write: include: FILE.yml, and its variables under "with"'),
  import_playbook: {
    say: 'is not a key here',
    hint: 'run the playbooks one after another, or share their tasks as roles',
  },
  import_role: renamed('"role"', 'write: role: NAME, and its variables under "with"'),
  import_tasks: renamed('"include"', 'write: include: FILE.yml, and its variables under "with"'),
  notify_on: {
    say: 'is not a key here',
    hint: 'say it at the top of the file, beside "plays": report: [{ on: failure, mail: { … } }]',
  },
  post_tasks: {
    say: 'is not a key here',
    hint: 'put these tasks at the end of "tasks"; "meta: flush_handlers" runs handlers before them',
  },
  pre_tasks: { say: 'is not a key here', hint: 'put these tasks first in "tasks"' },
  roles: { say: 'is not a key here', hint: 'use them in "tasks", where the order is plain: - role: NAME' },
  vars_prompt: { say: 'is not a key here', hint: 'use "params" with "prompt: true"' },

  action: { say: 'is not a key here', hint: 'the name of the module is the key: "copy: { src: a, dest: /b }"' },
  args: {
    say: 'is not a key here',
    hint: 'write all parameters under the module: "shell: { cmd: make, chdir: /srv }"',
  },
  become_flags: { say: 'is not a key here', hint: 'sudo is called without further flags' },
  become_method: { say: 'is not a key here', hint: 'sudo is used' },
  collections: { say: 'is not a key here', hint: 'all modules are built in; delete the line' },
  gather_facts: { say: 'is not needed', hint: 'facts are gathered when something uses them; delete the line' },
  gather_subset: { say: 'is not needed', hint: 'only the facts that are used are gathered; delete the line' },
  ignore_unreachable: { say: 'is not a key here', hint: 'a host that cannot be reached never stops the others' },
  local_action: { say: 'is not a key here', hint: 'use the module and "delegate_to: localhost"' },
  sudo: { say: 'is not a key here', hint: 'use "become: true"' },
  sudo_user: { say: 'is not a key here', hint: 'use "become: true" and "become_user"' },
  user: { say: 'is not a key here', hint: 'set "user" for the host or group in the inventory' },
  with_dict: { say: 'is not a key here', hint: 'use "loop" with a list of mappings' },
  with_fileglob: { say: 'is not a key here', hint: 'use "loop" with a list of files' },
  with_items: { say: 'is not a key here', hint: 'use "loop", which takes the same list' },
  with_sequence: { say: 'is not a key here', hint: 'use "loop" with an expression: "loop: range(1, 5)"' },
};
