import { describe, expect, it } from 'vitest';
import { hostNames, layers, load } from './rig.ts';

const shop = `
all:
  vars:
    region: north
  hosts:
    bastion:
  children:
    web:
      hosts:
        web[01:03]:
          tier: front
        web02:
          weight: 2
      vars:
        region: web-region
    db:
      hosts:
        db1: { address: 10.0.0.9 }
    shop:
      children:
        web:
        db:
      vars:
        region: shop-region
        app: shop
lab:
  hosts:
    web03:
`;

describe('a YAML inventory', () => {
  it('lists hosts and groups in the order of the file', async () => {
    const { inventory, screen } = await load({ 'hosts.yml': shop });
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['bastion', 'web01', 'web02', 'web03', 'db1']);
    const groups = Object.fromEntries(
      [...inventory.groups.values()].map((group) => [group.name, group.hosts.join(' ')]),
    );
    expect(groups).toEqual({
      all: 'bastion web01 web02 web03 db1',
      ungrouped: 'bastion',
      web: 'web01 web02 web03',
      db: 'db1',
      shop: 'web01 web02 web03 db1',
      lab: 'web03',
    });
    expect(inventory.sources).toEqual(['hosts.yml']);
  });

  it('tells a host its groups, all first, then by depth and name', async () => {
    const { inventory } = await load({ 'hosts.yml': shop });
    expect(inventory.hosts.get('web03')?.groups).toEqual(['all', 'lab', 'shop', 'web']);
    expect(inventory.hosts.get('bastion')?.groups).toEqual(['all', 'ungrouped']);
  });

  it('keeps every layer of a variable, a child group stronger than its parent', async () => {
    const { inventory } = await load({ 'hosts.yml': shop });
    expect(layers(inventory, 'web01', 'region')).toEqual([
      'group all="north"',
      'group shop="shop-region"',
      'group web="web-region"',
    ]);
    expect(layers(inventory, 'web02', 'tier')).toEqual(['host web02="front"']);
    expect(layers(inventory, 'web02', 'weight')).toEqual(['host web02=2']);
  });

  it('ranks groups of one depth by name, and by the longest way down', async () => {
    const { inventory } = await load({
      'hosts.yml': `
b: { hosts: { x: }, vars: { v: b } }
a: { hosts: { x: }, vars: { v: a } }
top: { children: { middle: { children: { low: } } }, vars: { v: top } }
other: { children: { low: { hosts: { x: }, vars: { v: low } } }, vars: { v: other } }
`,
    });
    expect(layers(inventory, 'x', 'v')).toEqual([
      'group a="a"',
      'group b="b"',
      'group other="other"',
      'group top="top"',
      'group low="low"',
    ]);
  });

  it('knows where every value stands', async () => {
    const { inventory } = await load({ 'hosts.yml': shop });
    const at = inventory.hosts.get('db1')?.vars.get('address')?.[0]?.at;
    expect(shop.slice(at?.start, at?.end)).toBe('10.0.0.9');
  });

  it('reads a user and a port written with the host', async () => {
    const { inventory, screen } = await load({
      'hosts.yml': 'web:\n  hosts:\n    deploy@web1:2222:\n    2001:db8::1:\n    "[2001:db8::2]:22":\n',
    });
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['web1', '2001:db8::1', '2001:db8::2']);
    expect(layers(inventory, 'web1', 'ansible_user')).toEqual(['host web1="deploy"']);
    expect(layers(inventory, 'web1', 'ansible_port')).toEqual(['host web1=2222']);
    expect(layers(inventory, '2001:db8::1', 'ansible_port')).toEqual([]);
    expect(layers(inventory, '2001:db8::2', 'ansible_port')).toEqual(['host 2001:db8::2=22']);
  });

  it.each([
    ['an empty file', ''],
    ['a group without anything', 'web:\n'],
    ['empty blocks', 'web:\n  hosts:\n  children:\n  vars:\n'],
    ['one host as text', 'web:\n  hosts: web1\n'],
    ['the group ungrouped written out', 'ungrouped:\n  hosts:\n    web1:\n'],
  ])('accepts %s', async (_, text) => {
    expect((await load({ 'hosts.yml': text })).screen).toEqual([]);
  });

  it('puts a host in ungrouped only while it is in no other group', async () => {
    const { inventory } = await load({ 'hosts.yml': 'ungrouped: { hosts: { a:, b: } }\nweb: { hosts: { a: } }\n' });
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['b']);
  });
});

describe('localhost', () => {
  it('is there without an inventory, and only by its own name', async () => {
    const { inventory } = await load({}, { sources: [] });
    expect(inventory.hosts.get('localhost')).toMatchObject({ implicit: true, groups: [] });
    expect(layers(inventory, 'localhost', 'ansible_connection')).toEqual(['implicit localhost="local"']);
    expect(inventory.groups.get('all')?.hosts).toEqual([]);
  });

  it('has the variables of all and its own files when it is not listed', async () => {
    const { inventory } = await load({
      'hosts.yml': 'all: { hosts: { web1: }, vars: { a: 1 } }',
      'host_vars/localhost.yml': 'b: 2',
    });
    expect(layers(inventory, 'localhost', 'a')).toEqual(['group all=1']);
    expect(layers(inventory, 'localhost', 'b')).toEqual(['host_vars/localhost.yml=2']);
  });

  it('is an ordinary host when it is listed', async () => {
    const { inventory } = await load({ 'hosts.yml': 'all: { hosts: { localhost: } }' });
    expect(inventory.hosts.get('localhost')?.implicit).toBeUndefined();
    expect(layers(inventory, 'localhost', 'ansible_connection')).toEqual([]);
  });
});
