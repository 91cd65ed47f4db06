import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BookOptions, readBook, readCase } from './book.ts';

/*
 * Books that are right, though some of them look as if they were not: nothing may be said about them.
 * A case holds further files below `### NAME`, as the cases of golden/ do.
 */
const books: Record<string, string> = {
  'a name that is asked for before it is used': `
hosts: localhost
tasks:
  - debug: '{{proxy}}'
    when: has(vars.proxy)
  - debug: '{{proxy.host}} {{proxy.port}}'
    when: [has(vars.proxy), proxy.port > 80]
  - debug: '{{= has(vars.proxy) ? proxy : "none" }}'
  - debug: '{{#if= has(vars.proxy) }}yes{{/if}}'
  - debug: '{{proxy}}'
    when: vars.?proxy.orValue("") != ""
  - debug: '{{proxy}}'
    when: '"proxy" in vars'
`,

  'a name with a default': `
name: Shop
vars:
  root: '{{default base "/srv"}}'
  level: '{{= vars.?wanted.orValue(1) }}'
plays:
  - hosts: localhost
    tasks:
      - debug: '{{root}} {{level}} {{default a.b.c "x"}} {{upper (default who "ann")}}'
      - debug: x
        when: vars.?mode.orValue("plain") == "plain"
`,

  'the result of a task in its own conditions': `
hosts: localhost
tasks:
  - command: date
    register: out
    until: out.rc == 0 && result.stdout != ""
    changed_when: out.rc == 0 && result.changed
    failed_when: [out.rc > 1, out.stderr.contains("bad"), 'out.stdout_lines.size() == 0']
  - command: 'id {{item}}'
    loop: [a, b]
    register: ids
    changed_when: ids.rc == 0 && item == "a" && index == 0
    failed_when: result.rc > 1
  - command: date
    failed_when: result.rc != 0 && !result.skipped
`,

  'results that later tasks use': `
hosts: localhost
tasks:
  - command: date
    register: out
  - debug: '{{out.stdout}} {{out.rc}} {{out.changed}} {{out.failed}} {{out.skipped}}'
    when: out.rc == 0 && !out.failed
  - stat: { path: /etc/passwd }
    register: passwd
  - debug: '{{passwd.stat.mode}} {{passwd.stat.size}}'
    when: passwd.stat.exists && passwd.stat.isreg
  - command: 'id {{item}}'
    loop: '{{out.stdout_lines}}'
    register: ids
  - debug: '{{#each ids.results}}{{stdout}} {{item}} {{../out.stdout}}{{/each}} {{ids.results[0].rc}} {{ids.changed}}'
  - debug: x
    when: ids.results.all(r, r.rc == 0) && ids.results.map(r, r.item).size() > 0 && ids.results[0].item == "x"
  - debug: '{{out.msg}}'
    when: out.failed
  - command: 'echo {{item.stdout}}'
    loop: ids.results
    register: again
  - set_fact: { chosen: { a: '{{out.stdout}}' } }
  - debug: '{{chosen.a}} {{chosen.what_ever}}'
`,

  'a result that is given twice': `
hosts: localhost
tasks:
  - command: one
    register: out
    when: env.HOME == "/"
  - stat: { path: /x }
    register: out
    when: env.HOME != "/"
  - debug: '{{out.stdout}} {{out.stat.exists}}'
  - command: 'id {{item}}'
    loop: [1]
    register: out
  - debug: '{{out.results}} {{out.stdout}}'
`,

  'a variable of facts and results, used once they are there': `
name: Shop
vars:
  package: '{{= facts.os.family == "debian" ? "apache2" : "httpd" }}'
  version: '{{out.stdout}}'
  disk: '{{facts.disks[0].mount}} {{facts.interfaces[0].addresses[0]}} {{facts.os.like[0]}}'
plays:
  - hosts: localhost
    tasks:
      - debug: '{{package}} {{disk}} {{facts.arch}} {{facts.hostname}} {{facts.cpus.count}}'
      - command: date
        register: out
      - debug: '{{version}}'
      - debug: x
        when: 'facts.disks.exists(d, d.mount == "/" && d.available > 1000) && facts.interfaces.size() > 0'
      - debug: '{{json facts}} {{= facts.keys() }}'
`,

  'names that set_fact gives': `
hosts: localhost
vars: { mode: plain }
tasks:
  - set_fact: { mode: fast, port: 80 }
    when: facts.cpus.count > 4
  - set_fact: { port: 8080 }
    when: facts.cpus.count <= 4
  - debug: '{{mode}} {{port}}'
  - set_fact: { total: '{{= vars.?total.orValue(0) + item }}' }
    loop: [1, 2, 3]
  - debug: '{{total}}'
handlers:
  - name: never
    debug: '{{total}}'
`,

  'handlers that use results of tasks and of each other': `
hosts: localhost
tasks:
  - command: date
    register: out
    notify: [first, second]
handlers:
  - name: first
    debug: '{{out.stdout}}'
  - name: second
    command: 'echo {{= vars.?third_result.orValue("") }}'
    register: done
    notify: third
  - name: third
    command: 'echo {{done.stdout}}'
    register: third_result
`,

  'results of an earlier play on the same hosts': `
- hosts: all
  tasks:
    - command: date
      register: out
    - set_fact: { colour: red }
- hosts: web
  tasks:
    - debug: '{{out.stdout}} {{colour}}'
  handlers:
    - name: h
      debug: '{{out.stdout}}'
### inventory.yml
web: { hosts: { web1: , web2: } }
db: { hosts: { db1: } }
`,

  'results that together cover all hosts': `
- hosts: web
  tasks:
    - command: date
      register: out
- hosts: db
  tasks:
    - command: uptime
      register: out
- hosts: all
  tasks:
    - debug: '{{out.stdout}}'
### inventory.yml
web: { hosts: { web1: , web2: } }
db: { hosts: { db1: } }
`,

  'variables that every host has from somewhere else': `
hosts: all
tasks:
  - file: { path: '{{root}}/{{kind}}', state: directory }
  - template: { src: a.hbs, dest: '{{path}}' }
### inventory.yml
all:
  vars: { path: '{{root}}/conf' }
web: { hosts: { web1: { root: /a }, web2: { root: '/b/{{kind}}' } }, vars: { kind: web } }
db: { hosts: { db1: }, vars: { root: /c, kind: '{{deep.name}}', deep: { name: '{{host.name}}' } } }
### templates/a.hbs
{{root}} {{#each deep_list}}{{kind}} {{name}}{{else}}{{kind}}{{/each}}
### group_vars/all.yml
deep_list: []
`,

  'variables that only the hosts have that need them': `
hosts: all
vars: { feature: false, all_items: [{ name: a }, { name: b, port: 1 }] }
tasks:
  - debug: '{{proxy}}'
    when: use_proxy
  - debug: '{{proxy}}'
    when: host.name == "web1"
  - debug: '{{proxy}}'
    when: '"web" in host.groups && use_proxy'
  - debug: '{{= use_proxy ? proxy : "direct" }} {{#if use_proxy}}{{proxy}}{{/if}}'
  - debug: x
    when: use_proxy && proxy != ""
  - debug: '{{nowhere}}'
    when: feature
  - debug: '{{mirror}}'
    when: facts.os.family == "debian"
  - debug: '{{proxy}} {{item.port}}'
    loop: all_items
    when: host.name == "web1" && item.name == "b"
  - debug: '{{env.TOKEN}} {{groups.canary}}'
    when: env.HOME == "/nowhere" && "canary" in groups
  - debug: '{{env.TOKEN}}'
    when: facts.os.family == "debian"
  - template: { src: a.hbs, dest: /etc/a }
  - copy: { src: missing.txt, dest: /etc/b }
    when: feature
  - template: { src: missing.hbs, dest: /etc/b }
    when: 'env.HOME == "/nowhere"'
  - debug: '{{setting}}'
    vars: { setting: '{{= use_proxy ? proxy : "none" }}' }
### inventory.yml
all: { vars: { use_proxy: false } }
web: { hosts: { web1: { proxy: here, use_proxy: true }, web2: } }
deb: { hosts: { deb1: { mirror: there } } }
### templates/a.hbs
{{#if use_proxy}}
proxy {{proxy}}
{{/if}}
`,

  'outer names in blocks': `
hosts: localhost
vars:
  app: shop
  port: 80
  users: [{ name: ann, roles: [a] }]
  settings: { a: 1 }
tasks:
  - debug: '{{#each users}}{{name}} {{app}} {{../port}} {{#each roles}}{{this}} {{name}} {{app}} {{@index}}{{/each}}{{/each}}'
  - debug: '{{#each users as |user i|}}{{user.name}} {{i}} {{vars.app}} {{= user.name + app }}{{/each}}'
  - debug: '{{#with settings}}{{a}} {{app}}{{/with}} {{#each settings}}{{@key}}={{this}}{{/each}}'
  - debug: '{{#each= users.filter(u, u.name != "bob") }}{{= this.name + app }} {{= @index + 1 }}{{/each}}'
`,

  'a variable with the name of a field that its items have': `
hosts: localhost
vars:
  users: [{ name: ann }, { name: bob }]
  name: '{{#each users}}{{name}} {{/each}}'
  owner: '{{= users.map(owner, owner.name)[0] }}'
tasks:
  - debug: '{{name}} {{owner}}'
`,

  'loops of all kinds': `
hosts: localhost
vars: { words: [a, b], nested: [[1], [2]] }
tasks:
  - debug: '{{item}} {{index}} {{mine}}'
    loop: words
    vars: { mine: '{{item}}-{{index}}' }
  - debug: '{{item.name}}'
    loop: [{ name: '{{words[0]}}' }, { name: b }]
    loop_control: { label: '{{item.name}}' }
  - name: 'say {{item}}'
    debug: '{{item}}'
    loop: '{{words}}'
    when: item != "a"
    env: { ITEM: '{{item}}' }
    delegate_to: localhost
  - debug: '{{item[0]}}'
    loop: nested.map(n, n)
  - debug: '{{item}}'
    loop: range(3)
  - debug: '{{item}}'
    loop: vars.?others.orValue([])
  - debug: '{{item}}'
    loop: facts.disks.map(d, d.mount)
`,

  'a name that a task only shows': `
hosts: localhost
tasks:
  - name: 'deploy {{version.stdout}}'
    debug: hello
  - command: cat /etc/version
    register: version
`,

  'variables by the name of a helper, a word of expressions, and of computed names': `
hosts: localhost
vars: { lower: x, loop: 2, package: y, which: lower, my_name: '{{vars.lower}}' }
tasks:
  - debug: '{{lower}} {{vars.package}} {{= vars.loop + 1 }} {{= vars[which] }} {{my_name}}'
`,

  'data that holds braces': `
hosts: localhost
tasks:
  - debug: '\\{{.Names}} {{env.HOME}}'
  - copy: { dest: /etc/x, content: '\\{{ not.a.name }}' }
### options
{ "env": { "HOME": "{{nothing}}" } }
`,

  'files in every place where they may be': `
hosts: web
vars: { kind: shop }
tasks:
  - copy: { src: a.txt, dest: /a }
  - copy: { src: files/b.txt, dest: /b }
  - template: { src: '{{kind}}.hbs', dest: /c }
  - template: { src: '{{item}}.hbs', dest: /d }
    loop: ['{{kind}}', '{{site}}']
  - copy: { src: '{{out.stdout}}', dest: /e }
    vars: { x: 1 }
    when: has(vars.out)
  - script: setup.sh {{kind}}
  - script: { cmd: 'setup.sh a b' }
### inventory.yml
web: { hosts: { web1: { site: one }, web2: { site: two } } }
### a.txt
x
### files/b.txt
x
### files/setup.sh
#!/bin/sh
### templates/shop.hbs
{{kind}} {{site}}
### templates/one.hbs
{{= kind + site }}
### templates/two.hbs
two
`,

  'tags that leave out a task, but not what later tasks need': `
hosts: localhost
tasks:
  - command: cat /etc/version
    register: version
    tags: always
  - debug: '{{version.stdout}}'
    tags: deploy
  - debug: '{{nothing_gives_this}}'
    tags: other
### options
{ "tags": ["deploy"] }
`,

  'hosts that --limit leaves out have no say': `
hosts: web
tasks:
  - debug: '{{root}}'
### inventory.yml
web: { hosts: { web1: { root: /a }, web2: } }
### options
{ "limit": "web1" }
`,

  'a play without hosts': `
- hosts: web
  tasks:
    - debug: '{{anything}}'
### inventory.yml
web: { hosts: {} }
db: { hosts: { db1: } }
`,

  'a result with the name of an inventory variable': `
hosts: web
tasks:
  - command: cat /etc/version
    register: version
  - debug: '{{version.stdout}}'
### inventory.yml
web: { hosts: { web1: }, vars: { version: unknown } }
`,

  'a result with the name of a variable of an earlier play, or of one on other hosts': `
- hosts: web
  vars: { version: 1 }
  tasks:
    - debug: '{{version}}'
- hosts: web
  tasks:
    - command: cat /etc/version
      register: version
- hosts: db
  vars: { version: 2 }
  tasks:
    - debug: '{{version}}'
### inventory.yml
web: { hosts: { web1: } }
db: { hosts: { db1: } }
`,

  'variables in the order of their use, not of their writing': `
name: Shop
vars:
  c: '{{b}}'
  b: '{{a}}'
  a: 1
plays:
  - hosts: localhost
    vars: { d: '{{c}}{{a}}' }
    tasks:
      - debug: '{{d}} {{e}}'
        vars: { e: '{{d}}{{f}}', f: '{{c}}' }
`,

  'a variable that nobody reads, whatever it names': `
name: Shop
vars:
  unused: '{{nothing_gives_this}} {{item}}'
plays:
  - hosts: localhost
    tasks:
      - debug: hello
        vars: { also: '{{unused}}' }
`,

  'values of the wrong kind on the way, that only the run can judge': `
hosts: localhost
vars: { text: abc }
tasks:
  - debug: '{{text.length}}'
    when: facts.cpus.count > 100
  - debug: '{{= text + 1 }}'
    ignore_errors: true
`,
};

test.each(Object.keys(books))('%s', async (name) => {
  const { files, options } = readCase((books[name] ?? '').trimStart());
  expect((await readBook(files, options)).screen).toBe('');
});

const folder = new URL('../../playbooks/', import.meta.url);
const own = readdirSync(folder).filter((name) => /^[a-z].*\.yml$/.test(name));

test.each(own)('%s, which the project ships', async (name) => {
  const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
  const files: Record<string, string> = { 'play.yml': read(name) };
  for (const template of readdirSync(new URL('templates/', folder)))
    files[`templates/${template}`] = read(`templates/${template}`);
  const inventory = name === 'fleet.yml' ? 'inventory/fleet-ssm.yml' : 'inventory/web.yml';
  if (name !== 'quickstart.yml') files['inventory.yml'] = read(inventory);
  const options: BookOptions = { env: { HOME: '/home/ann' } };
  expect((await readBook(files, options)).screen).toBe('');
});
