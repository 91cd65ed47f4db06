/** One thing that a person gets wrong: the files of the folder, and what is typed. */
export interface Mistake {
  name: string;
  files?: Record<string, string>;
  args: string[];
}

const good = `- hosts: web
  tasks:
    - name: Say hello
      command: echo hello
      tags: greeting
`;
const commands = `commands:
  restart:
    params: { service: { enum: [web, db], positional: true, required: true } }
    hosts: localhost
    tasks: [debug: '{{params.service}}']
  status: { hosts: localhost, tasks: [] }
`;
const on = ['-i', 'hosts.yml'];

/** A playbook `site.yml` with these lines below `tasks:` of a play for the web hosts. */
function tasks(name: string, lines: string, head = ''): Mistake {
  const body = lines
    .split('\n')
    .map((line) => (line === '' ? line : `    ${line}`))
    .join('\n');
  return { name, files: { 'site.yml': `- hosts: web\n${head}  tasks:\n${body}` }, args: ['site.yml', ...on] };
}

/** Words on the command line. */
const typed: Mistake[] = [
  { name: 'nothing-typed', args: [] },
  { name: 'no-such-playbook', args: ['nosuch.yml'] },
  { name: 'playbook-misspelt', files: { 'site.yml': good }, args: ['stie.yml', ...on] },
  { name: 'command-misspelt', args: ['chekc', 'site.yml'] },
  { name: 'command-of-playbook-missing', files: { 'ops.yml': commands }, args: ['ops.yml'] },
  { name: 'command-of-playbook-misspelt', files: { 'ops.yml': commands }, args: ['ops.yml', 'restrat', 'web'] },
  { name: 'command-of-playbook-without-its-word', files: { 'ops.yml': commands }, args: ['ops.yml', 'restart'] },
  {
    name: 'command-of-playbook-one-word-too-many',
    files: { 'ops.yml': commands },
    args: ['ops.yml', 'restart', 'web', 'db'],
  },
  {
    name: 'nothing-piped-in',
    files: { 'in.yml': "- hosts: localhost\n  tasks: [debug: '{{stdin.json.name}}']\n" },
    args: ['in.yml'],
  },
  {
    name: 'exit-with-a-code-of-play',
    files: { 'site.yml': '- hosts: localhost\n  tasks: [exit: 3]\n' },
    args: ['site.yml'],
  },
  {
    name: 'parse-with-a-pattern-without-names',
    files: { 'site.yml': "- hosts: localhost\n  tasks:\n    - command: id\n      parse: { regex: 'uid=(\\d+)' }\n" },
    args: ['site.yml'],
  },
  {
    name: 'sqlite-without-a-value',
    files: {
      'site.yml':
        "- hosts: localhost\n  tasks:\n    - sqlite: { db: a.db, query: 'SELECT * FROM t WHERE a = :a AND b = :b', named_args: { a: 1, c: 2 } }\n",
    },
    args: ['site.yml'],
  },
  { name: 'folder-as-playbook', files: { 'site.yml': good }, args: ['.', ...on] },
  { name: 'inventory-as-playbook', args: ['hosts.yml'] },
  { name: 'two-playbooks', files: { 'site.yml': good }, args: ['site.yml', 'more.yml', ...on] },
  { name: 'forks-no-number', files: { 'site.yml': good }, args: ['site.yml', ...on, '--forks', 'x'] },
  { name: 'view-misspelt', files: { 'site.yml': good }, args: ['site.yml', ...on, '-o', 'lives'] },
  { name: 'two-views-on-stdout', files: { 'site.yml': good }, args: ['site.yml', ...on, '-o', 'lines', '-o', 'json'] },
  { name: 'view-file-not-writable', files: { 'site.yml': good }, args: ['site.yml', ...on, '-o', 'json=no/such/file'] },
  { name: 'option-misspelt', files: { 'site.yml': good }, args: ['site.yml', ...on, '--chek'] },
  { name: 'option-of-ansible', files: { 'site.yml': good }, args: ['site.yml', ...on, '-e', 'a=b'] },
  { name: 'inventory-misspelt', files: { 'site.yml': good }, args: ['site.yml', '-i', 'host.yml'] },
  { name: 'inventory-forgotten', files: { 'site.yml': good }, args: ['site.yml'] },
  { name: 'host-without-comma', files: { 'site.yml': good }, args: ['site.yml', '-i', 'web1'] },
  { name: 'limit-misspelt', files: { 'site.yml': good }, args: ['site.yml', ...on, '-l', 'wbe'] },
  { name: 'limit-leaves-none', files: { 'site.yml': good }, args: ['site.yml', ...on, '-l', 'db1'] },
  { name: 'limit-file-missing', files: { 'site.yml': good }, args: ['site.yml', ...on, '-l', '@failed.txt'] },
  { name: 'tag-misspelt', files: { 'site.yml': good }, args: ['site.yml', ...on, '-t', 'greetings'] },
  { name: 'skip-tag-misspelt', files: { 'site.yml': good }, args: ['site.yml', ...on, '--skip-tags', 'slow'] },
  { name: 'password-without-terminal', files: { 'site.yml': good }, args: ['site.yml', ...on, '-K'] },
];

/** Inventories. */
const inventories: Mistake[] = [
  {
    name: 'host-name-that-is-an-option',
    files: { 'site.yml': good, 'hosts.yml': 'web:\n  hosts:\n    -oProxyCommand=reboot:\n' },
    args: ['site.yml', ...on],
  },
  {
    name: 'host-name-with-a-command',
    files: { 'site.yml': good, 'hosts.yml': 'web:\n  hosts:\n    "web1;reboot":\n    "a\\nb":\n' },
    args: ['site.yml', ...on],
  },
  {
    name: 'address-that-is-an-option',
    files: { 'site.yml': good, 'hosts.yml': 'web:\n  hosts:\n    web1:\n      ansible_host: -oProxyCommand=reboot\n' },
    args: ['site.yml', ...on],
  },
  {
    name: 'port-said-twice',
    files: {
      'site.yml': good,
      'hosts.yml': 'web:\n  vars:\n    ansible_port: 2222\n  hosts:\n    web1:\n      port: 8080\n    web2:\n',
    },
    args: ['site.yml', ...on],
  },
  {
    name: 'address-from-a-fact',
    files: { 'site.yml': good, 'hosts.yml': 'web:\n  hosts:\n    web1:\n      ansible_host: "{{facts.hostname}}"\n' },
    args: ['site.yml', ...on],
  },
  {
    name: 'vault-file',
    files: {
      'site.yml': good,
      'group_vars/web.yml': '$ANSIBLE_VAULT;1.1;AES256\n62313365396662343061393464336163\n',
    },
    args: ['site.yml', ...on],
  },
];

/** Playbooks. */
const playbooks: Mistake[] = [
  tasks('tab', '- name: Say hello\n\tcommand: echo hello\n'),
  tasks('braces-without-quotes', '- file:\n    path: {{ dir }}/logs\n    state: directory\n'),
  tasks('colon-in-name', '- name: Note: restart follows\n  command: uptime\n'),
  tasks('key-twice', '- command: uptime\n  register: a\n  register: b\n'),
  tasks('module-misspelt', '- fil: { path: /srv }\n- comand: uptime\n'),
  tasks('param-misspelt', '- file: { pth: /srv, state: directory }\n- copy: { src: a, dst: /b }\n'),
  tasks('param-at-the-wrong-level', '- copy:\n    dest: /srv/a\n    content: hi\n    when: true\n    notify: x\n'),
  tasks('yes-and-no', '- file: { path: /srv, state: directory, recurse: yes }\n  become: yes\n'),
  tasks('mode-as-a-number', '- file: { path: /srv, mode: 0888 }\n- copy: { dest: /a, content: hi, mode: rw }\n'),
  tasks(
    'ansible-task',
    '- apt: name=nginx state=present\n- ansible.builtin.copy: { src: a, dest: /b }\n  with_items: [a]\n',
  ),
  tasks('host-of-delegate', '- name: Leave the pool\n  command: pool remove {{host.name}}\n  delegate_to: lb1\n'),
  tasks(
    'files-that-are-missing',
    '- copy: { src: nginx.conf, dest: /etc/nginx/nginx.conf }\n- template: { src: site.hbs, dest: /etc/site }\n- script: setup.sh --fast\n',
  ),
  tasks(
    'variable-undefined',
    '- lineinfile: { path: /etc/app.conf, line: "listen {{prot}}" }\n',
    '  vars: { port: 80 }\n',
  ),
  tasks('variable-on-one-host-only', '- debug: "{{site}}"\n'),
  tasks('variable-in-a-condition', '- command: uptime\n  when: prot == 80\n'),
  tasks(
    'variable-of-a-variable',
    '- debug: "{{url}}"\n',
    '  vars: { url: "http://{{domian}}/", domain: example.org }\n',
  ),
  tasks('variables-that-need-each-other', '- debug: "{{a}}"\n', '  vars: { a: "{{b}}", b: "{{c}}", c: "{{a}}" }\n'),
  tasks('register-used-before', '- debug: "{{out.stdout}}"\n- command: uptime\n  register: out\n'),
  tasks('register-with-a-dash', '- command: uptime\n  register: my-out\n'),
  {
    name: 'handler-misspelt',
    files: {
      'site.yml':
        '- hosts: web\n  tasks:\n    - command: uptime\n      notify: restart ngnix\n  handlers:\n    - name: restart nginx\n      command: "true"\n',
    },
    args: ['site.yml', ...on],
  },
  tasks(
    'jinja',
    `- debug: "{{ list | join(', ') }}"
- debug: "{{ title | default('none') }}"
- command: uptime
  when: title is defined and title != ''
- command: uptime
  when: "'{{ title }}' == 'x'"
- command: uptime
  when: not list
- debug: "{% if title %}x{% endif %}"
- debug: "{{ title + 'x' }}"
`,
    '  vars: { list: [a, b], title: "" }\n',
  ),
  tasks('condition-with-one-equals-sign', '- command: uptime\n  when: size = 1\n', '  vars: { size: 1 }\n'),
  tasks('condition-that-is-text', '- command: uptime\n  when: "web1"\n'),
  tasks('go-template', "- command: docker ps --format '{{.Names}}'\n"),
  tasks('block-never-closed', '- debug: "{{#if ready}}x"\n', '  vars: { ready: true }\n'),
  tasks('loop-over-a-word', '- debug: "{{item}}"\n  loop: a, b\n'),
  {
    name: 'template-file-with-a-mistake',
    files: {
      'site.yml': '- hosts: web\n  tasks:\n    - template: { src: site.hbs, dest: /etc/site }\n',
      'templates/site.hbs': 'listen {{port}}\n{{#each servers}}\nserver {{name | upper}};\n{{/each}}\n',
    },
    args: ['site.yml', ...on],
  },
  { name: 'hosts-misspelt', files: { 'site.yml': good.replace('web', 'wbe') }, args: ['site.yml', ...on] },
  { name: 'tasks-without-a-play', files: { 'site.yml': '- command: uptime\n' }, args: ['site.yml', ...on] },
  { name: 'empty-playbook', files: { 'site.yml': '' }, args: ['site.yml', ...on] },
  tasks(
    'alias-bomb',
    '- debug: hi\n',
    `  vars:\n    a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefg'.replaceAll(/./g, bombLine)}`,
  ),
];

function bombLine(name: string): string {
  const before = String.fromCharCode(name.charCodeAt(0) - 1);
  return `    ${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]\n`;
}

/** Everything, by name. */
export const mistakes: Mistake[] = [...typed, ...inventories, ...playbooks];
