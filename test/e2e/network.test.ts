import { createSocket, type Socket } from 'node:dgram';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

/*
 * A network that only the host knows: it has another /etc/hosts and another name server than this machine. What is seen from there is the
 * matter of `from: target`. Needs root.
 */
const inside = '127.77.0.5';
const nameServer = '127.77.0.53';
let rig: Rig;
let desk: Desk;
let server: Server;
let dns: Socket;
let port: number;

beforeAll(async () => {
  await builtPlay();
  desk = await createDesk();
  const hosts = desk.file('etc-hosts', `127.0.0.1 localhost\n${inside} db.internal\n`);
  const resolv = desk.file('etc-resolv', `# ours\nnameserver ${nameServer}\n`);
  const own = `mount --bind ${hosts} /etc/hosts && mount --bind ${resolv} /etc/resolv.conf && exec "$@"`;
  rig = await startSshd({
    hosts: 2,
    within: ['unshare', '-m', 'sh', '-c', own, 'sh'],
    accounts: { app: { sudo: 'nopasswd' } },
  });
  server = createServer((peer) => {
    peer.on('error', () => undefined);
    peer.write('ready\n');
    peer.on('data', (data) => setTimeout(() => peer.end(`got ${data}`), 500));
  });
  await new Promise<void>((resolve) => server.listen(0, inside, resolve));
  port = (server.address() as AddressInfo).port;
  dns = createSocket('udp4').on('message', (message, from) => {
    const query = decode(message);
    const name = query.questions?.[0]?.name ?? '';
    const answers = [{ type: 'A' as const, name, ttl: 5, data: '10.9.8.7' }];
    dns.send(encode({ ...query, type: 'response', answers }), from.port, from.address);
  });
  await new Promise<void>((resolve) => dns.bind(53, nameServer, resolve));
  desk.file('~/.ssh/known_hosts', rig.knownHosts());
  const vars = { ansible_user: rig.user, ansible_port: rig.port, ansible_ssh_private_key_file: rig.key };
  const all = {
    web1: { ansible_host: rig.addresses[0], ...vars },
    // Known by this name here and nowhere else.
    db1: { ansible_host: inside },
    gone: { ansible_host: '192.0.2.200' },
  };
  desk.file('hosts.yml', JSON.stringify({ all: { hosts: all } }));
});
afterAll(async () => {
  server?.close();
  dns?.close();
  await rig?.stop();
  await desk?.[Symbol.asyncDispose]();
});

const run = async (tasks: string, args: string[] = []) => {
  desk.file('site.yml', `- hosts: web1\n  vars: { port: ${port} }\n  tasks:\n${tasks}`);
  const played = await desk.play(['site.yml', '-i', 'hosts.yml', ...args], { env: { COLUMNS: '200' } });
  return { ...played, said: played.stdout.replace(/\s+/g, ' ') };
};

describe('from: target', () => {
  const tasks = `
    - port_check: { host: db.internal, port: '{{port}}', from: target, allow: [db.internal] }
      register: inside
    - dns_query: { name: db.internal, from: target }
      register: name
    - socket: { host: db.internal, port: '{{= int(port) }}', expect: '^ready', from: target, allow: [db.internal] }
      register: spoken
    - assert:
        that:
          - inside.open == 1
          - inside.ports[0].time > 0.0
          - 'name.data == ["10.9.8.7"]'
          - name.server == "${nameServer}"
          - 'spoken.received == "ready\\n"'
`;

  test('asks as the host does: with its names, its name server and its ways', async () => {
    const { exit, stdout } = await run(tasks);
    expect(exit, stdout).toBe(0);
  });

  test('looks in check mode, too, and sends nothing there', async () => {
    const { exit, stdout, said } = await run(
      `${tasks}    - socket: { host: db.internal, port: '{{= int(port) }}', send: x, from: target, allow: [db.internal] }\n`,
      ['--check'],
    );
    expect(exit, stdout).toBe(0);
    expect(said).toContain('a check sends nothing, so what would come back is not known');
  });

  test('is another thing than to ask from here', async () => {
    const { exit, said } = await run(
      `    - port_check: { host: db.internal, port: '{{port}}', allow: [db.internal] }\n`,
    );
    expect(exit).toBe(3);
    expect(said).toMatch(/db\.internal: the name (has no address|cannot be looked up now)/);
  });

  test('without a host asks the host itself', async () => {
    const { exit, said } = await run(
      `    - port_check: { port: ['${rig.port}', 3], from: target, state: any }\n      register: own\n    - assert: { that: ['own.ports.map(p, p.state) == ["open", "closed"]', 'own.ports[0].host == "localhost"'] }\n`,
    );
    expect(exit, said).toBe(0);
  });

  test('goes to no machine that is neither in the inventory nor allowed', async () => {
    const { exit, said } = await run(`    - port_check: { host: 198.51.100.1, port: 80, from: target }\n`);
    expect(exit).toBe(3);
    expect(said).toContain('198.51.100.1 is neither a host of the inventory nor allowed');
  });

  test('needs the host, and asking from here does not', async () => {
    desk.file('gone.yml', `- hosts: gone\n  tasks:\n    - port_check: { host: db1, port: ${port} }\n`);
    const here = await desk.play(['gone.yml', '-i', 'hosts.yml']);
    expect(here.exit, here.stdout).toBe(0);
  });
});

test('a host of the inventory is meant by its name there, wherever it is reached', async () => {
  const { exit, stdout } = await run(`
    - port_check: { host: db1, port: '{{port}}', from: '{{item}}' }
      loop: [controller, target]
    - net_ping: { dest: db1, count: 1 }
      become: true
    - net_ping: { dest: db.internal, count: 1, allow: [db.internal] }
      become: true
`);
  expect(exit, stdout).toBe(0);
});

test('what is sent stands in no list of processes of the host', async () => {
  const { exit, stdout } = await run(
    `
    - shell: |
        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; sleep 0.1; done >"{{home}}/seen"
      async: 60
      poll: 0
      register: watch
    - socket: { host: db.internal, port: '{{= int(port) }}', send: pa55w0rd, read: all, from: target, allow: [db.internal] }
      register: spoken
    - async_status: { jid: '{{watch.job_id}}' }
      register: watched
      until: watched.finished
      retries: 30
      delay: 1
    - slurp: { src: '{{home}}/seen' }
      register: seen
    - assert: { that: ['spoken.received == "ready\\ngot pa55w0rd"', '!contains(b64decode(seen.content), "pa55w0rd")', 'contains(b64decode(seen.content), "sshd")'] }
`.replaceAll('{{home}}', rig.accounts['app']?.home ?? ''),
  );
  expect(exit, stdout).toBe(0);
});
