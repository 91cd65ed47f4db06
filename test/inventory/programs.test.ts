import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/inventory/program.ts';
import { hostNames, inFolder, layers, load, shown, summary } from './rig.ts';

/** A program that prints this for `--list`, and what `host` says for `--host NAME`. */
const program = (list: unknown, host = 'echo "asked for $2" >&2; exit 9'): string =>
  `#!/bin/sh\nif [ "$1" = --list ]; then cat <<'EOF'\n${JSON.stringify(list)}\nEOF\nelse ${host}\nfi\n`;

describe('inventory programs', () => {
  it('gives groups, children, variables and what _meta says of hosts, without asking for each', async () => {
    const list = {
      web: { hosts: ['web1', 'web2'], vars: { port: 80 } },
      db: ['db1'],
      site: { children: ['web', 'db'], vars: { tier: 'front' } },
      _meta: { hostvars: { web1: { port: 81, list: [1, { a: null }] }, nobody: { x: 1 } } },
    };
    const { inventory, screen } = await load({ cloud: program(list) }, { sources: ['cloud'] });
    expect(screen).toEqual([]);
    expect(summary(inventory)).toEqual({
      groups: {
        all: ['web1', 'web2', 'db1'],
        ungrouped: [],
        web: ['web1', 'web2'],
        db: ['db1'],
        site: ['web1', 'web2', 'db1'],
      },
      hosts: {
        web1: { tier: 'front', port: 81, list: [1, { a: null }] },
        web2: { tier: 'front', port: 80 },
        db1: { tier: 'front' },
      },
    });
    expect(layers(inventory, 'web1', 'port')).toEqual(['group web of cloud=80', 'host web1 of cloud=81']);
  });

  it('asks for each host when there is no _meta', async () => {
    const list = { web: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] };
    const host = 'printf \'{"me": "%s", "city": "%s"}\' "$2" "$CITY"';
    const { inventory, screen } = await load({ cloud: program(list, host) }, { sources: ['cloud'] });
    expect(screen).toEqual([]);
    expect(summary(inventory).hosts['j']).toEqual({ me: 'j', city: 'Ghent' });
    expect(Object.keys(summary(inventory).hosts)).toEqual(list.web);
  });

  it('takes no output for a host as no variables', async () => {
    const { inventory, screen } = await load({ cloud: program({ web: ['a'] }, ':') }, { sources: ['cloud'] });
    expect(screen).toEqual([]);
    expect(summary(inventory).hosts).toEqual({ a: {} });
  });

  it('takes an empty answer as an empty inventory', async () => {
    const { inventory, screen } = await load({ cloud: '#!/bin/sh\n' }, { sources: ['cloud'] });
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual([]);
  });

  it('never takes its values for templates', async () => {
    const list = {
      web: { hosts: ['a'], vars: { evil: '{{ env.HOME }}' } },
      _meta: { hostvars: { a: { worse: '{{= 1 + 1 }}' } } },
    };
    const { inventory } = await load({ cloud: program(list) }, { sources: ['cloud'] });
    const definitions = [...(inventory.hosts.get('a')?.vars.values() ?? [])].flat();
    expect(definitions.map(({ data, value }) => [data, value])).toEqual([
      [true, '{{ env.HOME }}'],
      [true, '{{= 1 + 1 }}'],
    ]);
  });

  it('starts in the folder of the command, with an empty standard input', async () => {
    const text =
      '#!/bin/sh\nread x && exit 5\nprintf \'{"web": {"hosts": ["a"], "vars": {"has": "%s"}}, "_meta": {}}\' "$(ls)"\n';
    const { inventory, screen } = await load({ 'inv/cloud': text }, { sources: ['inv/cloud'] });
    expect(screen).toEqual([]);
    expect(summary(inventory).hosts['a']).toEqual({ has: 'inv' });
  });

  it('keeps what it says on standard error to itself when all is well', async () => {
    const text = '#!/bin/sh\necho "deprecated" >&2\necho \'{"web": ["a"], "_meta": {}}\'\n';
    const { screen } = await load({ cloud: text }, { sources: ['cloud'] });
    expect(screen).toEqual([]);
  });

  it('mixes with files of a folder, in the order of their names', async () => {
    const files = {
      'inv/10-cloud.sh': program({ web: { hosts: ['vm'], vars: { v: 'cloud' } }, _meta: {} }),
      'inv/10-cloud.ini': '[settings]\nregion = x\n',
      'inv/20-own': '[web]\na\n[web:vars]\nv=own\n',
      'inv/30-more.yml': 'web: { hosts: { b: } }',
      'inv/group_vars/web.yml': 'w: file',
      'inv/old.retry': 'zzz',
    };
    const { inventory, screen } = await load(files, { sources: ['inv'] });
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['vm', 'a', 'b']);
    expect(layers(inventory, 'vm', 'v')).toEqual(['group web of inv/10-cloud.sh="cloud"', 'group web="own"']);
    expect(summary(inventory).hosts['vm']).toEqual({ v: 'own', w: 'file' });
  });

  it('says which interpreter is missing', async () => {
    const { screen } = await load({ cloud: '#!/opt/no/such/python\n' }, { sources: ['cloud'] });
    expect(screen).toEqual([
      'the inventory program cloud cannot be started: the interpreter in its first line is not there',
    ]);
  });

  it('stops one that does not end, and tells what it said', async () => {
    await inFolder({ slow: '#!/bin/sh\necho "waiting for the cloud" >&2\nexec sleep 600\n' }, async (cwd) => {
      const env = { PATH: process.env['PATH'] };
      const answer = await runProgram({ path: join(cwd, 'slow'), shown: 'slow', cwd, env, timeout: 1500 }, ['--list']);
      expect('problem' in answer && shown(answer.problem)).toBe(
        '"slow --list" did not end within 1.5 s; it said:\nwaiting for the cloud | run it by hand to see what it waits for; it gets nothing on standard input',
      );
    });
  });
});
