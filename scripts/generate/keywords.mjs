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
  no_log: flag('Shows and records nothing of what the task reads, prints or gives; secrets are masked without it.'),
  environment: fields("The same as `env`, in Ansible's words."),
};

/** How a loop goes. */
const loopControl = {
  description: 'How a loop goes, and what its items are called.',
  type: 'object',
  properties: {
    label: text('What to show for an item instead of the item itself.'),
    loop_var: text('The name of the item, instead of `item`.'),
    index_var: text('The name of its number, instead of `index`.'),
    pause: duration('The wait between two items.'),
    parallel: { description: 'So many items at the same time.', type: 'integer', minimum: 1 },
    stop_on_error: flag('The first item that fails ends the loop.'),
  },
  additionalProperties: false,
};

/** What tasks, blocks, includes and roles have in common. */
const conditional = {
  name: text('What it is for, shown while it runs. May hold a template.'),
  when: condition('Skips it when false.'),
  loop: {
    description: 'Does it for each item: a list, or an expression that gives one.',
    type: ['array', 'string'],
  },
  loop_control: loopControl,
};

const moduleDefaults = fields('Parameters that tasks have unless they say otherwise, by module.');

/** What a task or a block says for all in it. */
const passed = {
  ignore_errors: flag('A failure is shown, and the play goes on.'),
  check_mode: flag('`false` runs it in check mode too, because it only reads.'),
  delegate_to: text('Runs it on this host, with the variables of the one it is for.'),
  run_once: {
    description: 'Runs it on one host for all: once in every batch (`true` or `batch`), or once in the `play`.',
    enum: [true, false, 'batch', 'play'],
  },
  throttle: { description: 'At most so many hosts do it at the same time.', type: 'integer', minimum: 1 },
};

const nodes = (description) => ({ description, type: 'array', items: { $ref: '#/$defs/node' } });
const given = fields('What it is given, by name: stronger than any variable of the same name.');

/** Keys of a block. */
const block = {
  block: nodes('Tasks that belong together.'),
  rescue: nodes('What is done when one of them fails, or the host cannot be reached.'),
  always: nodes('What is done in the end, whatever has happened.'),
  ...conditional,
  ...passed,
  module_defaults: moduleDefaults,
  ...inherited,
};

/** Keys of an entry that uses a file of tasks. */
const include = {
  include: text('A file with a list of tasks, beside this one.'),
  with: given,
  ...conditional,
  ...passed,
  module_defaults: moduleDefaults,
  ...inherited,
};

/** Keys of an entry that uses a role. */
const role = {
  role: text('A role: a folder in `roles/`.'),
  with: given,
  register: text('Keeps the outputs of the role under this name.'),
  ...conditional,
  ...passed,
  module_defaults: moduleDefaults,
  ...inherited,
};

/** Keys of a task beside its module. */
const task = {
  ...conditional,
  register: text('Keeps the result under this name for later tasks.'),
  changed_when: condition('Decides whether the task changed something.'),
  failed_when: condition('Decides whether the task failed.'),
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
  listen: texts('Of a handler: other names by which it is notified.'),
  ...passed,
  cwd: text('The directory in which commands run.'),
  chdir: text("The same as `cwd`, in Ansible's words."),
  timeout: duration('Stops the task on the host after this time.'),
  async: duration('The time that the work may take.'),
  poll: duration(
    '`0` goes on at once and leaves the work in the background (command, shell, script): see `async_status`.',
  ),
  barrier: flag('All hosts finish the task before, until any starts this one.'),
  ...inherited,
};

/** Keys of a play. */
const play = {
  name: text('What the play is for.'),
  hosts: text('Which hosts: names, groups, `:`, `:&`, `:!`, wildcards.'),
  tasks: nodes('What to do, in order.'),
  handlers: {
    description: 'Tasks that run once at the end, when they were notified.',
    type: 'array',
    items: { $ref: '#/$defs/task' },
  },
  strategy: { description: '`linear` makes hosts wait for each other at every task.', enum: ['free', 'linear'] },
  serial: {
    description: 'How many hosts at a time: a number, a percentage, or a list of them for one batch after the other.',
    type: ['integer', 'string', 'array'],
    items: { type: ['integer', 'string'] },
  },
  max_fail_percentage: {
    description: 'When more hosts of a batch than this have failed, the play stops.',
    type: 'number',
    minimum: 0,
    maximum: 100,
  },
  any_errors_fatal: flag('The first host that fails stops the play for all.'),
  force_handlers: flag('Handlers that were notified run on a host that has failed, too.'),
  pause: duration('The wait between two batches of hosts.'),
  order: {
    description: 'The order in which hosts are taken.',
    enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
  },
  vars_files: texts('Files with variables, beside the playbook; they win over `vars`.'),
  module_defaults: moduleDefaults,
  connection: { description: 'How hosts are reached that do not say so themselves.', enum: ['local', 'ssh'] },
  port: { description: 'The port of hosts that do not say so themselves.', type: 'integer' },
  remote_user: text('Whom to log in as on hosts that do not say so themselves.'),
  ...inherited,
};

/** How a parameter of a playbook is declared. */
const param = {
  type: 'object',
  properties: {
    type: {
      description: 'What the value is; `string` when not said, `enum` with `enum`.',
      enum: ['string', 'int', 'number', 'bool', 'enum', 'list', 'map', 'path', 'duration', 'size', 'secret'],
    },
    required: flag('There is no run without a value.'),
    default: { description: 'The value when nothing else gives one.' },
    enum: { description: 'The only values.', type: 'array', minItems: 1 },
    pattern: text('A regular expression that the whole text must match.'),
    min: { description: 'The least: of a number, or of the length of a text or list.', type: ['number', 'string'] },
    max: { description: 'The most: of a number, or of the length of a text or list.', type: ['number', 'string'] },
    env: text('The environment variable that gives the value when the command line does not.'),
    prompt: {
      description: 'Asks on a terminal when nothing gives a value; a text is the question.',
      type: ['boolean', 'string'],
    },
    confirm: flag('Asks twice.'),
    secret: flag('The value is never shown.'),
    help: text('What the parameter is for, shown by `--help`.'),
  },
  additionalProperties: false,
};

/** Keys of a playbook that has more than one play. */
const playbook = {
  name: text('What the playbook is for.'),
  params: {
    description: 'Parameters: each becomes a flag of `play FILE`, and `params.NAME` in texts.',
    type: 'object',
    additionalProperties: param,
  },
  vars: inherited.vars,
  plays: {
    description: 'Sets of hosts and what to do on them, in order.',
    type: 'array',
    items: { $ref: '#/$defs/play' },
  },
};

/** Keyword schemas by the parser's own lists of names; throws when one of the two knows a word that the other does not. */
export function keywords({
  taskKeywords,
  playKeywords,
  playbookKeywords,
  blockKeywords,
  includeKeywords,
  roleKeywords,
}) {
  return {
    block: agreeing(block, blockKeywords),
    include: agreeing(include, includeKeywords),
    role: agreeing(role, roleKeywords),
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
