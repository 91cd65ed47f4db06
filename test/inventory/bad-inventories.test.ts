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
  [
    'typos of connection settings',
    'web:\n  vars:\n    ansible_hots: a\n    ansible_ssh_prot: 22\n    ansible_usr: b\n    ansible_becom: true\n',
  ],
  ['names that mean something else', 'web:\n  vars:\n    env: prod\n    hosts: [a]\n  hosts:\n    a: { item: 1 }\n'],
  ['a priority that is no number', 'web:\n  vars:\n    ansible_group_priority: high\n'],
  ['a plugin that play does not have', 'plugin: azure.azcollection.azure_rm\n'],
  ['names that no variable can have', 'web:\n  vars:\n    http-port: 1\n    2nd: 2\n    "": 3\n'],
];

/** What is wrong, and an INI file. */
const iniFiles: [string, string][] = [
  ['a section that is not closed', '[web\nweb1\n'],
  ['a section with a space', '[web servers]\nweb1\n'],
  ['a section without a name', '[]\nweb1\n'],
  ['a section with something behind it', '[web] web1\n[db] ; ours\n'],
  ['a section of too many parts', '[web:vars:more]\na=1\n[:vars]\na=1\n'],
  ['a misspelt kind of section', '[web]\nweb1\n[web:var]\na=1\n[web:childs]\ndb\n[web:settings]\n'],
  ['variables of a group that is nowhere', '[web]\nweb1\n[wbe:vars]\na=1\n[other:vars]\na=1\n'],
  ['children that are nowhere', '[web]\nweb1\n[site:children]\nwbe\ndatabases\n'],
  ['a quote that is not closed', '[web]\nweb1 motd="it\nweb2 motd=it\'s\n'],
  ['a backslash at the end', '[web]\nweb1 a=1 \\\n  b=2\n'],
  ['a number sign inside a value', '[web]\nweb1 password=ab#cd user=x\n'],
  ['words without a value', '[web]\nweb1 flag\nweb2 web3\nweb4 list=[1, 2]\n'],
  ['spaces around the sign', '[web]\nweb1 a = 1\nweb2 a =1\nweb3 a= 1\n'],
  ['variables where hosts are expected', 'port=80\n[web]\nhttp_port = 80\n'],
  ['a variable without a value', '[web]\nweb1\n[web:vars]\nflag\nport: 80\n=1\n'],
  ['a child with variables', '[web]\nweb1\n[site:children]\nweb port=80\n'],
  ['YAML in the middle', '[web]\nweb1:\n- web2\n'],
  ['a host that is an option', '[web]\n-oProxyCommand=reboot\n"a b"\nweb1;reboot\n'],
  ['ports and ranges', '[web]\nweb1:ssh\nweb2:0\nweb[3:1]\nweb[1:3\na:22:33\n'],
  ['a circle', '[a:children]\nb\n[b:children]\na\n'],
  ['a group in itself', '[a:children]\na\n'],
  ['a host with the name of a group', '[web]\ndb\n[db]\ndb1\n'],
  ['names that no variable can have', '[web]\nweb1 http-port=1 2nd=2\n[web:vars]\na.b = 3\n'],
  [
    'typos of connection settings',
    '[web]\nweb1 ansible_hots=10.0.0.1 ansible_ssh_prot=22\n[web:vars]\nansible_conection=ssh\n',
  ],
  ['a group with a sign of patterns', '[web*]\nweb1\n[a,b]\n[!c]\n'],
];

/** What is wrong, and what an inventory program does. */
const programs: [string, string][] = [
  ['fails', 'echo "no credentials for $1" >&2; exit 3'],
  ['fails without a word', 'exit 1'],
  ['is killed', 'kill -9 $$'],
  ['prints something before the JSON', 'echo "Loading..."; echo "{}"'],
  ['prints half of it', 'printf \'{"web": {\\n  "hosts": ["a",\''],
  ['prints a comma too many', 'printf \'{"web": {\\n  "hosts": ["a",]\\n}}\''],
  ['prints a list', 'echo "[1]"'],
  ['names hosts as text', 'echo \'{"web": {"hosts": "a"}}\''],
  ['names hosts as numbers', 'echo \'{"web": ["a", 5]}\''],
  ['has variables that are a list', 'echo \'{"web": {"hosts": [], "vars": []}}\''],
  ['has an unknown key', 'echo \'{"web": {"hostz": ["a"]}}\''],
  ['has a group that is text', 'echo \'{"web": "a"}\''],
  ['has names that are not safe', 'echo \'{"web": ["-oProxyCommand=reboot", "a b"], "x:y": []}\''],
  ['has hostvars that are a list', 'echo \'{"web": ["a"], "_meta": {"hostvars": []}}\''],
  ['has variables of a host that are text', 'echo \'{"web": ["a"], "_meta": {"hostvars": {"a": "x"}}}\''],
  ['fails for one host', 'test $1 = --list && echo \'{"web": ["a", "b"]}\' || { echo "who is $2?" >&2; exit 1; }'],
];

/** What is wrong, and a file with constructed groups. */
const constructed: [string, string][] = [
  ['a misspelt key', 'constructed:\n  group: {}\n  keyed_groups:\n    - { kye: os }\n'],
  ['a key of the plugin', 'plugin: constructed\ncach: true\nkeyed_groups:\n  - { key: os, prefx: a }\n'],
  [
    'the wrong shapes',
    'constructed:\n  strict: maybe\n  groups: [a]\n  compose: { a: [1] }\n  keyed_groups: { key: os }\n',
  ],
  ['more than that', 'constructed: []\nweb:\n  hosts:\n    b:\n'],
  ['a condition that is text', 'constructed:\n  groups:\n    linux: os\n'],
  [
    'Jinja in a condition',
    'plugin: constructed\ngroups:\n  linux: os is defined and os == "linux"\n  loud: os | upper == "LINUX"\n',
  ],
  ['Jinja braces', 'constructed:\n  groups:\n    linux: "{{ os }} == 1"\n'],
  ['a broken expression', 'constructed:\n  compose:\n    x: os ==\n'],
  ['a name that nobody has, strictly', 'constructed:\n  strict: true\n  groups:\n    linux: oss == "linux"\n'],
  ['kinds that do not go together', 'constructed:\n  compose:\n    x: os + 1\n'],
  ['a key that is a list of lists', 'constructed:\n  keyed_groups:\n    - { key: "[[os]]", prefix: a }\n'],
  ['facts', 'constructed:\n  groups:\n    linux: facts.os.family == "debian"\n'],
  ['a variable that cannot be named so', 'constructed:\n  compose:\n    a-b: os\n    ansible_hots: os\n'],
  ['a group that cannot be named so', 'constructed:\n  groups:\n    "a:b": true\n'],
];

/** What is wrong, the files, and the sources. */
const sources: [string, Record<string, string>, string[]][] = [
  ['a file that is not there', { 'hosts.yml': '' }, ['host.yml']],
  ['a host without a comma', {}, ['web1']],
  ['a folder that holds only INI files with an ending', { 'inv/hosts.ini': '[web]\nweb1\n' }, ['inv']],
  ['a program that may not be run', { 'inv/cloud': '\0ELF' }, ['inv/cloud']],
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

  it('in a bad INI inventory', async () => {
    const cases = iniFiles.map(([title, text]) => ({
      title,
      written: text,
      load: () => load({ hosts: text }, { sources: ['hosts'] }),
    }));
    await expect(await screens(cases)).toMatchFileSnapshot('golden/bad-ini.txt');
  });

  it('by an inventory program', async () => {
    const cases = programs.map(([title, text]) => ({
      title: `a program that ${title}`,
      written: text,
      load: () => load({ 'cloud.sh': `#!/bin/sh\n${text}\n` }, { sources: ['cloud.sh'] }),
    }));
    await expect(await screens(cases)).toMatchFileSnapshot('golden/bad-programs.txt');
  });

  it('about constructed groups', async () => {
    const hosts = 'web: { hosts: { a: { os: linux } } }';
    const cases = constructed.map(([title, text]) => ({
      title,
      written: text,
      load: () => load({ 'hosts.yml': hosts, 'z.yml': text }, { sources: ['hosts.yml', 'z.yml'] }),
    }));
    await expect(await screens(cases)).toMatchFileSnapshot('golden/bad-constructed.txt');
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
