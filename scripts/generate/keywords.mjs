/** The language around the modules, as JSON Schema for editors. Which words there are is decided by src/parse/keywords.ts. */

const text = (description) => ({ description, type: 'string' });
const flag = (description) => ({ description, type: 'boolean' });
const texts = (description) => ({ description, type: ['string', 'array'], items: { type: 'string' } });
const fields = (description) => ({ description, type: 'object' });
const duration = (description) => ({
  description: `${description} A number of seconds, or a number with \`ms\`, \`s\`, \`m\` or \`h\`.`,
  type: ['number', 'string'],
});
const condition = (description) => ({
  description: `${description} A CEL expression, or a list of which all must be true.`,
  type: ['string', 'boolean', 'array'],
  items: { type: ['string', 'boolean'] },
});

/** What plays and tasks share; a task's own word wins. */
const inherited = {
  become: flag('Act as another user, root unless `become_user` says otherwise.'),
  become_user: text('The user to become.'),
  tags: texts('Names by which `--tags` and `--skip-tags` choose.'),
  vars: fields('Variables. Values may hold templates, which are rendered where they are used.'),
  env: fields('Environment variables for commands. Values may hold templates.'),
  environment: fields("The same as `env`, in Ansible's words."),
};

/** Keys of a task beside its module. */
const task = {
  name: text('What the task is for, shown while it runs. May hold a template.'),
  when: condition('Skips the task when false.'),
  loop: {
    description: 'Runs the task for each item: a list, or an expression that gives one.',
    type: ['array', 'string'],
  },
  loop_control: {
    description: 'How items are shown.',
    type: 'object',
    properties: { label: text('What to show for an item instead of the item itself.') },
    additionalProperties: false,
  },
  register: text('Keeps the result under this name for later tasks.'),
  changed_when: condition('Decides whether the task changed something.'),
  failed_when: condition('Decides whether the task failed.'),
  ignore_errors: flag('A failure is shown, and the play goes on.'),
  until: condition('Runs the task again until this is true.'),
  retry: {
    description: 'How often and how soon the task is tried again: a number of attempts, or a mapping.',
    type: ['integer', 'object'],
    properties: {
      attempts: { description: 'At most so many attempts.', type: 'integer', minimum: 1 },
      delay: duration('The first wait.'),
      backoff: { description: 'Each wait is so many times the one before.', type: 'number', minimum: 1 },
      max_delay: duration('No wait is longer.'),
    },
    additionalProperties: false,
  },
  retries: { description: "The same as `retry: { attempts }`, in Ansible's words.", type: 'integer', minimum: 1 },
  delay: duration("The same as `retry: { delay }`, in Ansible's words."),
  notify: texts('Handlers to run at the end of the play when this task changed something.'),
  delegate_to: text('Runs the task on this host, with the variables of the one it is for.'),
  cwd: text('The directory in which commands run.'),
  chdir: text("The same as `cwd`, in Ansible's words."),
  timeout: duration('Stops the task on the host after this time.'),
  check_mode: flag('`false` runs the task in check mode too, because it only reads.'),
  barrier: flag('All hosts finish the task before, until any starts this one.'),
  ...inherited,
};

/** Keys of a play. */
const play = {
  name: text('What the play is for.'),
  hosts: text('Which hosts: names, groups, `:`, `:&`, `:!`, wildcards.'),
  tasks: { description: 'What to do, in order.', type: 'array', items: { $ref: '#/$defs/task' } },
  handlers: {
    description: 'Tasks that run once at the end, when they were notified.',
    type: 'array',
    items: { $ref: '#/$defs/task' },
  },
  strategy: { description: '`linear` makes hosts wait for each other at every task.', enum: ['free', 'linear'] },
  ...inherited,
};

/** Keys of a playbook that has more than one play. */
const playbook = {
  name: text('What the playbook is for.'),
  vars: inherited.vars,
  libraries: texts('Libraries of modules and roles: folders, or packages in `node_modules`.'),
  plays: {
    description: 'Sets of hosts and what to do on them, in order.',
    type: 'array',
    items: { $ref: '#/$defs/play' },
  },
};

/** Keyword schemas by the parser's own lists of names; throws when one of the two knows a word that the other does not. */
export function keywords({ taskKeywords, playKeywords, playbookKeywords }) {
  return {
    task: agreeing(task, taskKeywords),
    play: agreeing(play, playKeywords),
    playbook: agreeing(playbook, playbookKeywords),
  };
}

function agreeing(described, names) {
  const lone = [
    ...names.filter((name) => !described[name]),
    ...Object.keys(described).filter((name) => !names.includes(name)),
  ];
  if (lone.length === 0) return described;
  throw new Error(`src/parse/keywords.ts and scripts/generate/keywords.mjs differ: ${lone.join(', ')}`);
}
