import { expect, test } from 'vitest';
import { load } from './rig.ts';

/** What is wrong, the file, and how a user reads it. */
const mistakes: [string, string, string[]][] = [
  [
    'a misspelt key',
    'plugin: aws_ec2\nregoins: [eu-west-1]\n',
    ['aws.yml:2:1 the plugin aws_ec2 has an unknown key "regoins" | did you mean "regions"?'],
  ],
  [
    'a key of the other plugin',
    'plugin: aws_ssm\nexclude_filters: []\n',
    [
      'aws.yml:2:1 the plugin aws_ssm has an unknown key "exclude_filters" | known are plugin, profile, regions, filters, hostnames, hostvars_prefix, hostvars_suffix, cache, cache_timeout, strict_permissions, tags, strict, compose, groups, keyed_groups, leading_separator',
    ],
  ],
  [
    'keys that Ansible has',
    'plugin: aws_ec2\nregion: eu-west-1\naccess_key: AKIA\nassume_role_arn: arn:aws:iam::1:role/x\n',
    [
      'aws.yml:2:1 aws_ec2 does not take "region" here, as it does in Ansible | list the regions to look in: regions: [eu-west-1]',
      'aws.yml:3:1 aws_ec2 does not take "access_key" here, as it does in Ansible | keep keys out of files: set AWS_PROFILE or `profile`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment',
      'aws.yml:4:1 aws_ec2 does not take "assume_role_arn" here, as it does in Ansible | make a profile with role_arn and source_profile in ~/.aws/config, and name it with `profile`',
    ],
  ],
  [
    'regions that are none',
    'plugin: aws_ec2\nregions:\n  - eu-west-1a\n  - 7\n  - evil.example.com/\n  - { eu: west }\n',
    [
      'aws.yml:3:5 an entry of regions must be the name of a region, such as eu-west-1, but it is "eu-west-1a"',
      'aws.yml:4:5 an entry of regions must be the name of a region, such as eu-west-1, but it is a number',
      'aws.yml:5:5 an entry of regions must be the name of a region, such as eu-west-1, but it is "evil.example.com/"',
      'aws.yml:6:5 an entry of regions must be the name of a region, such as eu-west-1, but it is a mapping',
    ],
  ],
  [
    'a template',
    'plugin: aws_ec2\nprofile: "{{ lookup(\'env\', \'P\') }}"\nfilters: { tag:Stage: "{{ stage }}" }\n',
    [
      'aws.yml:3:23 tag:Stage is taken as it is written here, and {{ }} is not filled in | write the value out; without them, the profile comes from AWS_PROFILE and the region from AWS_REGION',
      'aws.yml:2:10 profile is taken as it is written here, and {{ }} is not filled in | write the value out; without them, the profile comes from AWS_PROFILE and the region from AWS_REGION',
    ],
  ],
  [
    'filters of the wrong shape',
    'plugin: aws_ec2\nfilters: [{ tag:A: b }]\ninclude_filters: { tag:A: b }\nexclude_filters: [{ tag:A: { b: c } }]\n',
    [
      'aws.yml:2:10 a filter must be names with a value or a list of values each, but it is a list',
      'aws.yml:3:18 include_filters must be a list of filters, but it is a mapping',
      'aws.yml:4:28 tag:A must be a value or a list of values, but it is a mapping',
    ],
  ],
  [
    'a filter that Systems Manager does not have',
    'plugin: aws_ssm\nfilters: { ping_status: Online }\n',
    ['aws.yml:2:12 filters has an unknown key "ping_status" | did you mean "PingStatus"?'],
  ],
  [
    'names that hosts cannot have',
    'plugin: aws_ec2\nhostnames: [private_ip_address, "tag:Name | lower", { prefix: x }, 3]\n',
    [
      'aws.yml:2:13 hosts of aws_ec2 cannot be named after "private_ip_address" | did you mean "private-ip-address"?',
      'aws.yml:2:33 hosts of aws_ec2 cannot be named after "tag:Name | lower" | there are no filters here: take the | and what follows away',
      'aws.yml:2:53 name must be text, but it is nothing',
      'aws.yml:2:68 an entry of hostnames must be a name, or a mapping with one, but it is a number',
    ],
  ],
  [
    'a cache for nobody knows how long',
    'plugin: aws_ec2\ncache: yes please\ncache_timeout: 0\n',
    [
      'aws.yml:3:16 cache_timeout must be a whole number of seconds from 1 on, but it is 0',
      'aws.yml:2:8 cache must be true or false, but it is text',
    ],
  ],
  [
    'variables that cannot be',
    'plugin: aws_ec2\nhostvars_prefix: 2-\nhostvars_suffix: "-x"\n',
    [
      'aws.yml:2:18 hostvars_prefix must be letters, digits and "_", but it is other text',
      'aws.yml:3:18 hostvars_suffix must be letters, digits and "_", but it is other text',
    ],
  ],
];

test.each(mistakes)('%s is told before AWS is asked', async (_, text, words) => {
  const { screen } = await load(
    { 'aws.yml': text },
    { sources: ['aws.yml'], askAws: () => Promise.reject(new Error('AWS was asked')) },
  );
  expect(screen).toEqual(words);
});

test('an expression of Jinja is told with the line rewritten, also when AWS gives no answer', async () => {
  const { screen } = await load(
    { 'aws.yml': "plugin: aws_ec2\nregions: [eu-west-1]\ngroups:\n  web: \"'web' in tags.Name | default('')\"\n" },
    { sources: ['aws.yml'], askAws: async () => ({ faults: [], asked: 1 }) },
  );
  expect(screen).toHaveLength(2);
  expect(screen.join('\n')).toContain('this is written as in Jinja; expressions are CEL here');
});

test('a plugin of the name has to be asked for: a group may be called plugin', async () => {
  const { screen } = await load({ 'hosts.yml': 'plugin:\n  hosts:\n    a:\n' });
  expect(screen).toEqual([]);
});
