import { describe, expect, it } from 'vitest';
import { layers, load, summary } from './rig.ts';

const hosts = `
all:
  vars: { stage: test }
  children:
    web:
      hosts:
        a-1: { os: deb-ian, tags: [x, y], labels: { tier: front }, port: 80, note: '' }
        b: { os: red hat, port: 8080 }
    db:
      hosts:
        c: { address: 10.0.0.3, os: '{{ stage }}-os' }
`;
const made = async (text: string, more: Record<string, string> = {}) => {
  const sources = ['hosts.yml', ...Object.keys(more).filter((name) => !name.includes('/')), 'groups.yml'];
  const { inventory, screen } = await load({ 'hosts.yml': hosts, ...more, 'groups.yml': text }, { sources });
  expect(screen).toEqual([]);
  return { inventory, ...summary(inventory) };
};

describe('constructed groups', () => {
  it('take in the hosts for which the condition is true, and pass over those that lack a variable', async () => {
    const { groups } = await made(
      'constructed:\n  groups:\n    low: port < 1024\n    web-low: low && "web" in groups\n    testing: os.startsWith("test")\n    everyone: true\n    two: size(groups["web"]) == 2 && inventory_hostname == "b"\n    third: host.address == "10.0.0.3"\n',
    );
    expect(groups).toMatchObject({
      low: ['a-1'],
      'web-low': [],
      testing: ['c'],
      everyone: ['a-1', 'b', 'c'],
      two: ['b'],
      third: ['c'],
    });
  });

  it('are named after values, lists and mappings, as in Ansible', async () => {
    const { groups } = await made(`
plugin: ansible.builtin.constructed
keyed_groups:
  - { key: os, prefix: os }
  - { key: tags, prefix: tag, separator: '-' }
  - { key: labels, parent_group: labelled }
  - { key: port }
  - { key: note, prefix: note }
  - { key: note, prefix: said, default_value: nothing }
`);
    expect(groups).toEqual({
      all: ['a-1', 'b', 'c'],
      ungrouped: [],
      web: ['a-1', 'b'],
      db: ['c'],
      os_deb_ian: ['a-1'],
      os_red_hat: ['b'],
      os_test_os: ['c'],
      tag_x: ['a-1'],
      tag_y: ['a-1'],
      labelled: ['a-1'],
      _tier_front: ['a-1'],
      _80: ['a-1'],
      _8080: ['b'],
      said_nothing: ['a-1'],
    });
  });

  it('begin without the separator when that is wished', async () => {
    const { groups } = await made(
      'constructed:\n  leading_separator: false\n  keyed_groups: [{ key: "os.upper()" }]\n',
    );
    expect(Object.keys(groups)).toContain('DEB_IAN');
  });

  it('see composed variables, which are data', async () => {
    const {
      hosts: vars,
      groups,
      inventory,
    } = await made(
      `constructed:\n  compose:\n    url: '"http://" + inventory_hostname + ":" + string(port)'\n    text: '"{" + "{ x }}"'\n    port: port + 1\n  groups:\n    odd: port % 2 == 1\n`,
    );
    expect(vars['b']).toMatchObject({ url: 'http://b:8080', text: '{{ x }}', port: 8081 });
    expect(vars['c']).not.toHaveProperty('url');
    expect(groups['odd']).toEqual(['a-1', 'b']);
    expect(layers(inventory, 'b', 'port')).toEqual(['host b=8080', 'compose of groups.yml=8081']);
    expect(inventory.hosts.get('b')?.vars.get('text')?.at(-1)?.data).toBe(true);
  });

  it('are built on groups and group_vars of everything before them, and get group_vars of their own', async () => {
    const { groups, hosts: vars } = await made('constructed:\n  groups:\n    big: size == "big"\n', {
      'first.yml': 'constructed:\n  groups:\n    old: os == "red hat"\n',
      'group_vars/old.yml': 'size: big',
      'group_vars/big.yml': 'disk: 2T',
    });
    expect(groups).toMatchObject({ old: ['b'], big: ['b'] });
    expect(vars['b']).toMatchObject({ size: 'big', disk: '2T' });
  });

  it('see what inventory programs say', async () => {
    const list = JSON.stringify({ cloud: ['vm'], _meta: { hostvars: { vm: { zone: 'prod' } } } });
    const { groups } = await made('constructed:\n  keyed_groups: [{ key: zone, prefix: zone }]\n', {
      'cloud.sh': `#!/bin/sh\necho '${list}'\n`,
    });
    expect(groups['zone_prod']).toEqual(['vm']);
  });

  it('may be a group of the name constructed as well', async () => {
    const { groups } = await made('constructed:\n  hosts:\n    z:\n');
    expect(groups['constructed']).toEqual(['z']);
  });
});
