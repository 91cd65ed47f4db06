/** The language around the modules, as JSON Schema for editors. Which words there are is decided by src/parse/keywords.ts. */

import { condition, duration, fields, flag, text, texts } from './kinds.mjs';
import { params, roleFile } from './param-keywords.mjs';

/** What plays and tasks share; a task's own word wins. */
const inherited = {
  become: flag('Act as another user, root unless `become_user` says otherwise.', { default: false }),
  become_user: text('The user to become.', { default: 'root' }),
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
    label: text('What to show for an item instead of the item itself.', { examples: ['{{item.name}}'] }),
    loop_var: text('The name of the item, instead of `item`.', { default: 'item' }),
    index_var: text('The name of its number, instead of `index`.', { default: 'index' }),
    pause: duration('The wait between two items.'),
    parallel: { description: 'So many items at the same time.', type: 'integer', minimum: 1, default: 1 },
    stop_on_error: flag('The first item that fails ends the loop.'),
  },
  additionalProperties: false,
};

/** What tasks, blocks, includes and roles have in common. */
const conditional = {
  name: text('What it is for, shown while it runs. May hold a template.'),
  when: condition('Skips it when false.', { examples: ['facts.os.family == "debian"'] }),
  loop: {
    description: 'Does it for each item: a list, or an expression that gives one.',
    type: ['array', 'string'],
    examples: [['a', 'b'], 'users'],
  },
  loop_control: loopControl,
};

const moduleDefaults = {
  description: 'Parameters that tasks have unless they say otherwise, by module.',
  $ref: '#/$defs/module_defaults',
};

/** What a task or a block says for all in it. */
const passed = {
  ignore_errors: flag('A failure is shown, and the play goes on.', { default: false }),
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
  include: text('A file with a list of tasks, beside this one.', { examples: ['tasks/users.yml'] }),
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

/** How an output is read. */
const parse = {
  description: 'Reads what the task prints, into `data` of its result.',
  anyOf: [
    { enum: ['json', 'ndjson', 'yaml', 'yaml_all', 'csv', 'kv', 'table', 'lines'] },
    {
      type: 'object',
      properties: {
        regex: text(
          'A pattern with named groups, `(?P<name>…)`: a mapping of them for each place that it fits. `^` and `$` fit at every line.',
        ),
        csv: options('Rows of CSV.', {
          delimiter: text('What stands between cells.', { default: ',' }),
          header: flag('Whether the first line has names.', { default: true }),
        }),
        kv: options('Lines with a name and a value.', {
          separator: text('What stands between them; the first `=` or `:` of a line when not said.'),
        }),
        table: options('A table for people, with names in its first line.', {
          aligned: flag('Cells begin below their names, and may hold spaces or be empty.', { default: false }),
          skip: { description: 'So many lines stand before the names.', type: 'integer', minimum: 0 },
          columns: texts('Names, where the table has none.'),
        }),
      },
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
    },
  ],
};

function options(description, properties) {
  return { description, type: 'object', properties, additionalProperties: false };
}

/** Keys of a task beside its module. */
const task = {
  ...conditional,
  register: text('Keeps the result under this name for later tasks.'),
  parse,
  changed_when: condition('Decides whether the task changed something.'),
  failed_when: condition('Decides whether the task failed.'),
  until: condition('Runs the task again until this is true.'),
  retry: {
    description: 'How often and how soon the task is tried again: a number of attempts, or a mapping.',
    type: ['integer', 'object'],
    examples: [3, { attempts: 5, delay: '2s', backoff: 2 }],
    properties: {
      attempts: { description: 'At most so many attempts.', type: 'integer', minimum: 1 },
      delay: duration('The first wait.'),
      backoff: { description: 'Each wait is so many times the one before.', type: 'number', minimum: 1, default: 1 },
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
  barrier: flag('No host starts this one until all have finished the task before.', { default: false }),
  ...inherited,
};

/** Keys of a play. */
const play = {
  name: text('What the play is for.'),
  hosts: texts('Which hosts: names, groups, `:`, `:&`, `:!`, wildcards.', {
    examples: ['all', 'web:&staging', 'localhost'],
  }),
  tasks: nodes('What to do, in order.'),
  handlers: {
    description: 'Tasks that run once at the end, when they were notified.',
    type: 'array',
    items: { $ref: '#/$defs/handler' },
  },
  strategy: {
    description: '`linear` makes hosts wait for each other at every task.',
    enum: ['free', 'linear'],
    default: 'free',
  },
  serial: {
    description: 'How many hosts at a time: a number, a percentage, or a list of them for one batch after the other.',
    type: ['integer', 'string', 'array'],
    items: { type: ['integer', 'string'] },
    examples: [1, '25%', [1, '25%']],
  },
  max_fail_percentage: {
    description: 'When more hosts of a batch than this have failed, the play stops.',
    type: 'number',
    minimum: 0,
    maximum: 100,
  },
  any_errors_fatal: flag('The first host that fails stops the play for all.', { default: false }),
  force_handlers: flag('Handlers that were notified run on a host that has failed, too.', { default: false }),
  pause: duration('The wait between two batches of hosts.'),
  order: {
    description: 'The order in which hosts are taken.',
    enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
    default: 'inventory',
  },
  vars_files: texts('Files with variables, beside the playbook; they win over `vars`.'),
  module_defaults: moduleDefaults,
  connection: {
    description: 'How hosts are reached that do not say so themselves.',
    enum: ['local', 'ssh'],
    default: 'ssh',
  },
  port: { description: 'The port of hosts that do not say so themselves.', type: 'integer', default: 22 },
  remote_user: text('Whom to log in as on hosts that do not say so themselves.'),
  ...inherited,
};

/** What every webhook takes. */
const webhookKeys = {
  url: text('Where it is sent to.', { examples: ['https://hooks.example.com/services/T0/B0/x'] }),
  headers: fields('Headers that go with it.'),
  timeout: { description: 'Seconds that the answer may take.', type: 'number', minimum: 0, default: 20 },
  ca: text('A PEM file of authorities that are trusted instead of the usual ones.'),
  verify: flag('`false`: take any certificate.', { default: true }),
};

const webhook = (description, more = {}) => ({
  description,
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { ...webhookKeys, ...more }, required: ['url'], additionalProperties: false },
  ],
});

const occasions = { enum: ['failure', 'change', 'always'] };
const report = {
  type: 'object',
  properties: {
    on: {
      description: '`failure`: a run that failed. `change`: one that changed something, or would. `always`: every run.',
      anyOf: [occasions, { type: 'array', items: occasions, minItems: 1 }],
    },
    mail: fields(
      'Sent by mail: the parameters of the module `mail`; subject and text have something to say by themselves.',
    ),
    webhook: webhook('Sent to a web address.', {
      format: {
        description: '`json`: all that is known. `slack`, `teams`: a message for people there.',
        enum: ['json', 'slack', 'teams'],
        default: 'json',
      },
    }),
  },
  required: ['on'],
  additionalProperties: false,
};

const level = {
  description: 'Only records that are at least so grave.',
  enum: ['debug', 'info', 'warning', 'error', 'critical'],
  default: 'info',
};

/** One of a kind of sink, or several. */
const sinks = (one) => ({ ...one, anyOf: [...one.anyOf, { type: 'array', items: { anyOf: one.anyOf } }] });

const logging = {
  description: 'Where records of the run go, beside the screen and the history.',
  type: 'object',
  properties: {
    level,
    file: sinks({
      description: 'A file beside the playbook that records are added to.',
      anyOf: [
        { type: 'string' },
        {
          type: 'object',
          properties: {
            path: text('The file.'),
            format: {
              description: 'How a record is written; `json` for names that end in `.json` or `.jsonl`.',
              enum: ['text', 'json', 'logfmt'],
              default: 'text',
            },
            level,
            rotate: {
              description: 'When a new file is begun; the old one becomes `path.1`.',
              type: 'object',
              properties: {
                size: { description: 'Before it is larger.', type: ['string', 'integer'], examples: ['10M'] },
                age: text('When its first record is so old.', { examples: ['1d'] }),
                keep: { description: 'So many old files are kept.', type: 'integer', minimum: 0, default: 5 },
              },
              additionalProperties: false,
            },
          },
          required: ['path'],
          additionalProperties: false,
        },
      ],
    }),
    syslog: sinks({
      description: 'A syslog receiver (RFC 5424).',
      anyOf: [
        { type: 'string' },
        {
          type: 'object',
          properties: {
            to: text('Where it is.', {
              examples: ['udp://localhost:514', 'tcp://logs.example.com:601', 'unix:/run/log.sock'],
            }),
            facility: {
              description: 'What kind of program says it.',
              enum: ['user', 'daemon', ...Array.from({ length: 8 }, (_, i) => `local${i}`)],
              default: 'user',
            },
            app: text('Who says it.', { default: 'play' }),
            level,
          },
          required: ['to'],
          additionalProperties: false,
        },
      ],
    }),
    webhook: sinks(webhook('A web address that gets records as JSON.', { level })),
  },
  additionalProperties: false,
};

/** Keys of a playbook that has more than one play. */
const playbook = {
  name: text('What the playbook is for.'),
  params: params('Parameters: each becomes a flag of `play FILE`, and `params.NAME` in texts.'),
  vars: inherited.vars,
  libraries: texts('Libraries of modules and roles: folders, or packages in `node_modules`.'),
  logging,
  report: {
    description: 'What is told when the run has ended, and to whom: a mapping, or a list of them.',
    anyOf: [report, { type: 'array', items: report }],
  },
  plays: {
    description: 'Sets of hosts and what to do on them, in order.',
    type: 'array',
    items: { $ref: '#/$defs/play' },
  },
  commands: {
    description: 'Instead of `plays`: what the playbook can be told to do, by name. `play FILE NAME` does it.',
    type: 'object',
    additionalProperties: { anyOf: [{ $ref: '#/$defs/command' }, { $ref: '#/$defs/command_play' }] },
    minProperties: 1,
  },
};

const about = {
  help: text('What it does, shown by `play FILE --help`.'),
  params: params('Parameters of this command, beside those of the file.'),
};

/** Keys of a command with several plays. */
const command = { ...about, vars: inherited.vars, plays: playbook.plays };

/** Keyword schemas by the parser's own lists of names; throws when one of the two knows a word that the other does not. */
export function keywords({
  taskKeywords,
  playKeywords,
  playbookKeywords,
  commandKeywords,
  blockKeywords,
  includeKeywords,
  roleKeywords,
  roleFileKeywords,
}) {
  return {
    block: agreeing(block, blockKeywords),
    include: agreeing(include, includeKeywords),
    role: agreeing(role, roleKeywords),
    roleFile: agreeing(roleFile, roleFileKeywords),
    task: agreeing(task, taskKeywords),
    play: agreeing(play, playKeywords),
    playbook: agreeing(playbook, playbookKeywords),
    command: agreeing(command, commandKeywords),
    commandPlay: { ...about, ...play },
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
