import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadInventory } from '../../src/inventory/load.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { hostNames, inFolder, layers, load, shown } from './rig.ts';

describe('inventory sources', () => {
  it('reads an inline list with users, ports, ranges and IPv6', async () => {
    const { inventory, screen } = await load({}, { sources: ['web[1:2], deploy@db:2222,::1,[fe80::1%eth0]:23,'] });
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['web1', 'web2', 'db', '::1', 'fe80::1%eth0']);
    expect(layers(inventory, 'db', 'ansible_user')).toEqual(['inline list="deploy"']);
    expect(layers(inventory, 'fe80::1%eth0', 'ansible_port')).toEqual(['inline list=23']);
    expect(inventory.groups.get('ungrouped')?.hosts).toHaveLength(5);
  });

  it('merges several sources, the later one stronger', async () => {
    const { inventory } = await load(
      {
        'one.yml': 'web: { hosts: { a: { v: 1 } }, vars: { g: one } }',
        'two.yml': 'web: { hosts: { b:, a: { v: 2 } }, vars: { g: two } }',
      },
      { sources: ['one.yml', 'two.yml', 'c,'] },
    );
    expect(inventory.groups.get('web')?.hosts).toEqual(['a', 'b']);
    expect(hostNames(inventory)).toEqual(['a', 'b', 'c']);
    expect(layers(inventory, 'a', 'v')).toEqual(['host a=1', 'host a=2']);
    expect(layers(inventory, 'a', 'g')).toEqual(['group web="one"', 'group web="two"']);
    expect(inventory.sources).toEqual(['one.yml', 'two.yml', 'c,']);
  });

  it('reads all YAML files of a folder in the order of their names, folders in it too', async () => {
    const { inventory, screen } = await load(
      {
        'inv/20-db.yaml': 'db: { hosts: { db1: } }',
        'inv/10-web.yml': 'web: { hosts: { web1: } }',
        'inv/README.md': 'notes',
        'inv/.hidden.yml': '{{{',
        'inv/10-web.yml~': '{{{',
        'inv/30-more/lab.yml': 'lab: { hosts: { lab1: } }',
        'inv/30-more/group_vars/lab.yml': 'v: 1',
        'inv/group_vars/web.yml': 'v: 2',
      },
      { sources: ['inv'] },
    );
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['web1', 'db1', 'lab1']);
    expect(layers(inventory, 'lab1', 'v')).toEqual(['group_vars/lab.yml=1']);
    expect(layers(inventory, 'web1', 'v')).toEqual(['group_vars/web.yml=2']);
  });

  it('stacks group_vars and host_vars over the file: inventory file, beside it, beside the playbook', async () => {
    const { inventory, screen } = await load(
      {
        'inv/hosts.yml': 'all: { vars: { v: 1 }, children: { web: { hosts: { web1: { v: 5 } }, vars: { v: 3 } } } }',
        'inv/group_vars/all.yml': 'v: 2',
        'inv/group_vars/web/b.yml': 'v: 4b',
        'inv/group_vars/web/a.yml': 'v: 4a',
        'inv/host_vars/web1': 'v: 6',
        'inv/host_vars/other.yml': 'is: [not, read',
        'book/host_vars/web1.yml': 'v: 7',
        'book/group_vars/all/x.yaml': 'v: 2x',
      },
      { sources: ['inv/hosts.yml'], playbookDir: 'book' },
    );
    expect(screen).toEqual([]);
    expect(layers(inventory, 'web1', 'v')).toEqual([
      'group all=1',
      'group_vars/all.yml=2',
      'group_vars/all/x.yaml="2x"',
      'group web=3',
      'group_vars/web/a.yml="4a"',
      'group_vars/web/b.yml="4b"',
      'host web1=5',
      'host_vars/web1=6',
      'host_vars/web1.yml=7',
    ]);
  });

  it('reads a folder beside both the inventory and the playbook once', async () => {
    const { inventory } = await load(
      { 'hosts.yml': 'web: { hosts: { web1: } }', 'group_vars/web.yml': 'v: 1' },
      { playbookDir: '.' },
    );
    expect(layers(inventory, 'web1', 'v')).toEqual(['group_vars/web.yml=1']);
  });

  it('keeps hosts that look like the names of files apart from their endings', async () => {
    const { inventory } = await load({
      'hosts.yml': 'web: { hosts: { web1.example.com: } }',
      'host_vars/web1.example.com.yml': 'a: 1',
      'host_vars/web1.example.com': 'b: 2',
    });
    const vars = inventory.hosts.get('web1.example.com')?.vars;
    expect([...(vars?.keys() ?? [])].sort()).toEqual(['a', 'b']);
  });

  it('reads YAML in a file without an ending', async () => {
    const { inventory, screen } = await load(
      { hosts: '# ours\n---\nweb:\n  hosts:\n    a:\n' },
      { sources: ['hosts'] },
    );
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['a']);
  });

  it('runs programs, and reads the rest whatever its mode is: on some file systems all may be run', async () => {
    const files = {
      'clouds.sh': '#!/bin/sh\necho \'{"cloud": ["vm"]}\'\n',
      'hosts.yml': 'web: { hosts: { a: } }',
      old: '[db]\nb\n',
    };
    await inFolder(files, async (cwd) => {
      await chmod(join(cwd, 'hosts.yml'), 0o755);
      await chmod(join(cwd, 'old'), 0o755);
      const { inventory, problems } = await loadInventory({ sources: ['.'], cwd, fileSources: new Map(), readYaml });
      expect(problems.map((p) => shown(p))).toEqual([]);
      expect(hostNames(inventory)).toEqual(['vm', 'a', 'b']);
    });
  });

  it('loads a thousand hosts quickly', async () => {
    const range = 'web: { hosts: { "web[0001:1000]": { address: "10.0.0.1", tier: front } }, vars: { a: 1, b: 2 } }';
    const written = Array.from({ length: 1000 }, (_, i) => `    db${i}: { address: 10.1.0.1 }`).join('\n');
    const started = performance.now();
    const { inventory } = await load({ 'hosts.yml': `${range}\ndb:\n  hosts:\n${written}\n` });
    expect(hostNames(inventory)).toHaveLength(2000);
    // The aim is 100 ms for a thousand; ten times that leaves room for a busy machine and still catches anything quadratic.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
