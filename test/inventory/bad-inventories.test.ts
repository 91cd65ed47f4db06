import { describe, expect, it } from 'vitest';
import { type Loaded, load } from './rig.ts';

/** What is wrong, and the file. What the user then reads stands in golden/. */
const files: [string, string][] = [
  ['a list instead of groups', '- web1\n- web2\n'],
  ['text instead of groups', 'web1\n'],
  ['hosts at the top', 'hosts:\n  web1:\nvars:\n  a: 1\n'],
  ['hosts as a list', 'web:\n  hosts:\n    - web1\n    - web2\n'],
  ['children as a list', 'shop:\n  children: [web]\n'],
  ['vars as a list', 'web:\n  vars:\n    - a: 1\n'],
  ['a group that is text', 'web: web1\n'],
  ['a host that is a number', 'web:\n  hosts:\n    web1: 22\n'],
  ['a misspelt key', 'web:\n  host:\n    web1:\n'],
  ['a group without children: around it', 'shop:\n  web:\n    hosts:\n      web1:\n'],
  ['a variable in a group', 'web:\n  http_port: 80\n'],
  ['a circle of groups', 'a: { children: { b: } }\nb: { children: { c: } }\nc: { children: { a: } }\n'],
  ['a group inside itself', 'a:\n  children:\n    a:\n'],
  ['all inside a group', 'web:\n  children:\n    all:\n'],
  ['a host with the name of a group', 'web:\n  hosts:\n    db:\ndb:\n  hosts:\n    db1:\n'],
  ['a host that is an option', 'web:\n  hosts:\n    -oProxyCommand=reboot:\n'],
  ['a host with a semicolon', 'web:\n  hosts:\n    a;b:\n'],
  ['a host with a line break', 'web:\n  hosts:\n    "a\\nb":\n'],
  ['a host with an escape', 'web:\n  hosts:\n    "a\\e[31mb":\n'],
  ['a host with a space', 'web:\n  hosts:\n    web 1:\n'],
  ['a host with letters that look alike', 'web:\n  hosts:\n    wеb1:\n'],
  ['a user that is an option', 'web:\n  hosts:\n    "-l root@web1":\n'],
  ['too many colons', 'web:\n  hosts:\n    web:22:33:\n'],
  ['a port that is none', 'web:\n  hosts:\n    web1:http:\n    web2:0:\n    web3:70000:\n'],
  [
    'ranges',
    'web:\n  hosts:\n    web[20:01]:\n    web[1-3]:\n    web[1:3:\n    "w[1:9:0]":\n    "w[01:100]":\n    "w[a:5]":\n    "w[1:]":\n',
  ],
  ['a range too long', 'web:\n  hosts:\n    web[1:99999999]:\n    "n[1:900][1:900]":\n'],
  ['a group name with a pattern in it', 'web*:\n  hosts:\n    web1:\n'],
  ['a group name that starts with a dash', 'web:\n  children:\n    -x:\n'],
  ['names that no variable can have', 'web:\n  vars:\n    http-port: 1\n    2nd: 2\n    "": 3\n'],
];

/** What is wrong, the files, and the sources. */
const sources: [string, Record<string, string>, string[]][] = [
  ['a file that is not there', { 'hosts.yml': '' }, ['host.yml']],
  ['a host without a comma', {}, ['web1']],
  ['an INI file', { 'hosts.ini': '[web]\nweb1\n' }, ['hosts.ini']],
  ['an INI file without an ending', { hosts: '# ours\n[web]\nweb1 ansible_host=10.0.0.1\n' }, ['hosts']],
  ['a bare list of hosts', { hosts: 'web1\nweb2\n' }, ['hosts']],
  ['a folder with INI beside YAML', { 'inv/a.yml': '', 'inv/b.ini': '', 'inv/c': '[x]' }, ['inv']],
  ['a bad inline list', {}, ['-oProxyCommand=x,a b,web[3:1],root@:22,$(id),']],
  ['group_vars that are a list', { 'hosts.yml': 'web:', 'group_vars/web.yml': '- a\n' }, ['hosts.yml']],
  [
    'a vault file',
    { 'hosts.yml': 'web:', 'group_vars/web/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' },
    ['hosts.yml'],
  ],
  ['an age file', { 'hosts.yml': 'web:', 'group_vars/web.age': 'x' }, ['hosts.yml']],
];

/** Every case with what a user reads, as one text. */
async function screens(cases: { title: string; written: string; load: () => Promise<Loaded> }[]): Promise<string> {
  const parts: string[] = [];
  for (const { title, written, load } of cases) {
    const { screen } = await load();
    expect(screen, title).not.toEqual([]);
    parts.push(`## ${title}\n${written.trimEnd()}\n--\n${screen.join('\n').replaceAll(' | ', '\n    ')}\n`);
  }
  return parts.join('\n');
}

describe('what is wrong is said with its place and what to do', () => {
  it('in a bad inventory file', async () => {
    const cases = files.map(([title, text]) => ({ title, written: text, load: () => load({ 'hosts.yml': text }) }));
    await expect(await screens(cases)).toMatchFileSnapshot('golden/bad-inventories.txt');
  });

  it('about a bad source', async () => {
    const cases = sources.map(([title, found, given]) => ({
      title,
      written: `-i ${given.join(' -i ')}`,
      load: () => load(found, { sources: given }),
    }));
    await expect(await screens(cases)).toMatchFileSnapshot('golden/bad-sources.txt');
  });

  it('beside what is wrong with the YAML itself', async () => {
    const { problems } = await load({
      'hosts.yml': 'web:\n  hosts:\n    a:\n    a:\n    -x:\n',
      'group_vars/web.yml': 'a: [\n',
    });
    const codes = problems.map((problem) => `${problem.code} ${problem.at?.file}`);
    expect(codes).toEqual([
      'E_YAML_DUPLICATE_KEY hosts.yml',
      'E_HOST_NAME hosts.yml',
      expect.stringMatching(/^E_YAML_.* group_vars\/web.yml$/),
    ]);
  });
});
