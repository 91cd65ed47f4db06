import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDesk } from '../rig/cli.ts';
import { mistakes } from './mistakes.ts';

/*
 * What people really get wrong, with the whole screen they get for it (golden/mistakes/NAME.txt).
 * `npx vitest run -u test/e2e/input-mistakes` writes the screens anew; read what changed.
 */
let contacted = 0;
let listener: Server;
let port = 0;

beforeAll(async () => {
  listener = createServer((socket) => {
    contacted += 1;
    socket.destroy();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});

afterAll(() => {
  listener.close();
});

/** Two web hosts and a database, all of which would be found at the listener. */
const inventory = (): string => `all:
  vars:
    ansible_host: 127.0.0.1
    ansible_port: ${port}
  hosts:
    db1:
  children:
    web:
      hosts:
        web1:
          site: one
        web2:
`;

describe.concurrent('a mistake is told before any host is contacted', () => {
  test.for(mistakes)('$name', async ({ name, files = {}, args }, { expect }) => {
    await using desk = await createDesk({ 'hosts.yml': inventory(), ...files });
    const { exit, stdout, stderr } = await desk.play(args);
    const screen = `${stdout}${stderr}`.replaceAll(desk.dir, '/desk').replaceAll(String(port), 'PORT');
    await expect(`$ play ${args.join(' ')}\n${screen}exit ${exit}\n`).toMatchFileSnapshot(
      `golden/mistakes/${name}.txt`,
    );
    expect(exit).toBe(2);
    expect(screen).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    const recorded = await desk.play(['runs']);
    expect(recorded.stdout).toContain('no run is recorded');
  });
});

test('a value that is null is never an empty word: the task fails before its host is contacted', async () => {
  await using desk = await createDesk({
    'hosts.yml': inventory(),
    'site.yml': '- hosts: web\n  vars: { dir: }\n  tasks: [ { shell: "rm -rf /{{dir}}" } ]\n',
  });
  const { exit, stdout } = await desk.play(['site.yml', '-i', 'hosts.yml']);
  expect(stdout).toContain('dir is null');
  expect(exit).toBe(3);
});

test('in all of that no host was contacted', () => {
  expect(contacted).toBe(0);
});

test('a good playbook does contact the hosts', async () => {
  await using desk = await createDesk({
    'hosts.yml': inventory(),
    'site.yml': '- hosts: web\n  tasks: [ { command: uptime } ]\n',
  });
  const { exit } = await desk.play(['site.yml', '-i', 'hosts.yml']);
  expect(exit).toBe(4);
  expect(contacted).toBeGreaterThan(0);
});
