import { closed, fields, flag, text, texts } from './kinds.mjs';

/** What follows from variables: keys of all sources that may have constructed groups (src/inventory/constructed.ts). */
const construction = {
  strict: flag('A variable that a host does not have is a mistake; else the host is left out.', { default: false }),
  compose: fields('Variables by their names, each with an expression.', {
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    examples: [{ ansible_host: 'private_ip_address' }],
  }),
  groups: fields('Groups by their names, each with a condition for the hosts in it.', {
    additionalProperties: { type: ['string', 'boolean'] },
    examples: [{ web: 'tags.Role == "web"' }],
  }),
  keyed_groups: {
    description: 'Groups that are named after values: one for each value that hosts have.',
    type: 'array',
    items: closed(
      {
        key: text('An expression for the value; of a list each member counts, of a mapping each pair.', {
          examples: ['tags.Role'],
        }),
        prefix: text('What the name of the group begins with.', { default: '' }),
        separator: text('What stands between the prefix and the value.', { default: '_' }),
        parent_group: text('A group that these groups are in.'),
        default_value: text('Stands for an empty value.'),
        trailing_separator: flag('Whether the name of a pair without a value ends with the separator.', {
          default: true,
        }),
      },
      ['key'],
    ),
  },
  leading_separator: flag('Whether a name without a prefix begins with the separator.', { default: true }),
};

const filters = (description, more) => ({
  description,
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean', 'array'] },
  ...more,
});
const filterList = (description) => ({ description, type: 'array', items: filters('') });

/** Keys of the sources that ask AWS (src/inventory/aws-source.ts). */
const aws = {
  regions: texts('Where to look.', { examples: [['eu-west-1', 'us-east-1']] }),
  profile: text('A profile of `~/.aws/config`; without it, whoever the environment says.'),
  hostnames: {
    description: 'What a host is called: the first of these that it has.',
    type: 'array',
    items: {
      anyOf: [
        { type: 'string' },
        closed(
          {
            name: text('A field or a tag: `instance-id`, `tag:Name`.'),
            prefix: text('What stands before it: a field, a tag or text.'),
            separator: text('What stands between the two.', { default: '_' }),
          },
          ['name'],
        ),
      ],
    },
    examples: [['tag:Name', 'instance-id']],
  },
  hostvars_prefix: text('What the names of variables from AWS begin with.', { default: '' }),
  hostvars_suffix: text('What the names of variables from AWS end with.', { default: '' }),
  strict_permissions: flag('`false`: a region where the identity may not ask has no hosts, and is no mistake.', {
    default: true,
  }),
  cache: flag('Keeps the answer of AWS; `--flush-cache` asks anew.', { default: false }),
  cache_timeout: {
    description: 'Seconds that an answer is kept.',
    type: 'integer',
    minimum: 1,
    default: 3600,
  },
};

const plugin = (names, description) => ({ description, enum: names });
const kept = 'Settings of Ansible that mean nothing to play.';
const harmless = (names) => Object.fromEntries(names.map((name) => [name, { description: kept }]));

/** Sources by their plugins: the names of each, and its keys. */
const sources = {
  aws_ec2: {
    names: ['aws_ec2', 'amazon.aws.aws_ec2'],
    keys: {
      plugin: plugin(['aws_ec2', 'amazon.aws.aws_ec2'], 'Instances of EC2.'),
      ...aws,
      filters: filters('Filters of DescribeInstances, all of which must fit.', {
        examples: [{ 'tag:Team': 'shop', 'instance-state-name': 'running' }],
      }),
      include_filters: filterList('Filters: instances that one of them fits come in.'),
      exclude_filters: filterList('Filters: instances that one of them fits are left out.'),
    },
  },
  aws_ssm: {
    names: ['aws_ssm', 'amazon.aws.aws_ssm', 'community.aws.aws_ssm'],
    keys: {
      plugin: plugin(
        ['aws_ssm', 'amazon.aws.aws_ssm', 'community.aws.aws_ssm'],
        'Instances that Systems Manager manages, reached through it.',
      ),
      ...aws,
      filters: filters('Filters of DescribeInstanceInformation, all of which must fit.', {
        examples: [{ 'tag:Role': 'web', PingStatus: 'Online' }],
      }),
      tags: flag('Fetches the tags, which takes more questions.', { default: false }),
    },
  },
  constructed: {
    names: ['constructed', 'ansible.builtin.constructed'],
    keys: { plugin: plugin(['constructed', 'ansible.builtin.constructed'], 'Groups and variables of other hosts.') },
  },
};
const more = ['use_vars_plugins', 'use_extra_vars', 'cache_connection', 'cache_plugin', 'cache_prefix'];

/** The body of a file with `constructed:`. */
export const constructed = closed(construction);

/** Files with `plugin`, each plugin with its keys. */
export const pluginFiles = Object.values(sources).map(({ names, keys }) => ({
  if: { properties: { plugin: plugin(names, keys.plugin.description) } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: closed({ ...keys, ...construction, ...harmless([...more, ...(keys.cache ? [] : ['cache', 'cache_timeout'])]) }),
}));

/** All names that `plugin` may have. */
export const pluginNames = Object.values(sources).flatMap(({ names }) => names);
