import { constructed, pluginFiles, pluginNames } from './inventory-source-keywords.mjs';
import { text } from './kinds.mjs';

const port = (description) => ({
  description,
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 65535 },
    { type: 'string', pattern: '^\\d{1,5}$|\\{\\{' },
  ],
  default: 22,
  examples: [2222],
});
const truth = (description) => ({
  description,
  anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'true', 'false'] }, { type: 'string', pattern: '\\{\\{' }],
  default: false,
});
const oneOf = (description, values, more) => ({
  description,
  anyOf: [{ enum: values }, { type: 'string', pattern: '\\{\\{' }],
  ...more,
});
const jump = 'Arguments of ssh; only `-J` and `ProxyJump` among them are heeded.';

/** Connection settings of hosts: each with its names, of which the last is the short one where there is one (src/inventory/target.ts). */
const settings = [
  [
    ['ansible_host', 'ansible_ssh_host', 'address'],
    text('The name or address to connect to, instead of the name of the host.', { examples: ['192.0.2.10'] }),
  ],
  [['ansible_port', 'ansible_ssh_port', 'port'], port('The port of its SSH server.')],
  [['ansible_user', 'ansible_ssh_user', 'user'], text('Whom to log in as.', { examples: ['admin'] })],
  [
    ['ansible_ssh_private_key_file', 'ansible_private_key_file', 'key'],
    {
      description: 'The private key to log in with, or a list of them.',
      type: ['string', 'array'],
      items: { type: 'string' },
      examples: ['~/.ssh/id_ed25519'],
    },
  ],
  [
    ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password', 'password'],
    text('The password to log in with. A key, or `--ask-pass`, keeps it out of the file.'),
  ],
  [
    ['ansible_become_password', 'ansible_become_pass', 'become_password'],
    text('The password that sudo asks for. `--ask-become-pass` keeps it out of the file.'),
  ],
  [['ansible_become', 'become'], truth('Act as another user, root unless `become_user` says otherwise.')],
  [['ansible_become_user', 'become_user'], text('The user to become.', { default: 'root' })],
  [
    ['ansible_become_method', 'become_method'],
    oneOf('How to become another user.', ['sudo', 'ansible.builtin.sudo'], { default: 'sudo' }),
  ],
  [
    ['ansible_connection', 'connection'],
    oneOf(
      'How the host is reached: by SSH, through AWS Systems Manager, or not at all because it is this machine.',
      [
        ...['ssh', 'ssm', 'local', 'smart', 'ansible.builtin.ssh', 'ansible.builtin.local'],
        ...['aws_ssm', 'amazon.aws.aws_ssm', 'community.aws.aws_ssm'],
      ],
      { default: 'ssh' },
    ),
  ],
  [
    ['ansible_shell_executable', 'shell'],
    text('The full path of the POSIX shell on the host.', { default: '/bin/sh', examples: ['/bin/dash'] }),
  ],
  [['proxy_jump'], text('Hosts to go through, joined by commas.', { examples: ['admin@gate.example.com:22'] })],
  [['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'], text(jump)],
];

const connection = Object.fromEntries(
  settings.flatMap(([names, schema]) => {
    const short = names.at(-1);
    return names.map((name) => {
      const also =
        name === short || short.startsWith('ansible_') ? '' : ` The same as \`${short}\`, in Ansible's words.`;
      return [name, { ...schema, description: `${schema.description}${also}` }];
    });
  }),
);

const named = (description, values) => ({
  description,
  type: ['object', 'string', 'null'],
  additionalProperties: values,
});

const group = {
  type: ['object', 'null'],
  properties: {
    hosts: {
      ...named('Hosts by name, each with its variables: `web1`, `admin@web1:2222`, `web[01:20]`.', {
        $ref: '#/$defs/vars',
      }),
      examples: [{ 'web[1:3]': null }],
    },
    children: named('Groups that belong to this one, by name.', { $ref: '#/$defs/group' }),
    vars: {
      description: 'Variables of all hosts in the group: connection settings, and whatever playbooks use.',
      $ref: '#/$defs/vars',
    },
  },
  additionalProperties: false,
};

/** Groups by name. */
const groups = {
  type: ['object', 'null'],
  properties: {
    all: { description: 'The group of all hosts.', $ref: '#/$defs/group' },
    ungrouped: { description: 'Hosts that are in no other group.', $ref: '#/$defs/group' },
    constructed: {
      description: 'Groups and variables that follow from variables of hosts; or a group of this name.',
      anyOf: [{ $ref: '#/$defs/constructed' }, { $ref: '#/$defs/group' }],
    },
  },
  propertyNames: { not: { enum: ['hosts', 'children', 'vars'] } },
  additionalProperties: { $ref: '#/$defs/group' },
};

/** An inventory file: groups by name, or with `plugin` where hosts or groups come from. */
export const inventory = {
  title: 'An inventory of play',
  description:
    'Groups by name, each with hosts, child groups and variables; or a source of hosts or groups, which `plugin` names.',
  if: { type: 'object', required: ['plugin'], properties: { plugin: text('What the file is about.') } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { plugin: { description: 'What the file is about.', enum: pluginNames } }, allOf: pluginFiles },
  else: groups,
  $defs: {
    group,
    constructed,
    vars: { type: ['object', 'null'], properties: connection, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
  },
};
