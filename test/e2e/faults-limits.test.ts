import { afterEach, describe, expect, test } from 'vitest';
import { startProxy } from '../rig/proxy.ts';
import { eventually } from '../rig/run.ts';
import { createScene, goodHost, type HostVars, type Scene } from './scene.ts';

let scene: Scene | undefined;
afterEach(async () => {
  expect(await scene?.leftovers()).toEqual([]);
  await scene?.[Symbol.asyncDispose]();
  scene = undefined;
});

test('row 55: forty hosts at one address, with MaxStartups as it comes out of the box', async () => {
  scene = await createScene({ settings: { MaxStartups: '10:30:100' } });
  const hosts = Array.from({ length: 40 }, (_, i): [string, HostVars] => [`web${i}`, { ansible_host: '127.20.0.1' }]);
  scene.hosts(Object.fromEntries(hosts));
  const { exit, verdict } = await scene.run();
  expect({ exit, verdict }).toEqual({ exit: 0, verdict: '✔ done · 41 hosts · 123 changed' });
  expect(scene.rig.log()).not.toContain('MaxStartups throttling');
});

describe('row 56: a server that allows one session for each connection', () => {
  test('is enough', async () => {
    scene = await createScene({ settings: { MaxSessions: '1' } });
    const { exit, of } = await scene.run();
    expect({ exit, good: of('good') }).toEqual({ exit: 0, good: goodHost });
  });

  test('is enough to find out what became of a lost session', async () => {
    const here = await createScene({ settings: { MaxSessions: '1' } });
    scene = here;
    await using proxy = await startProxy({ target: { host: '127.20.0.1', port: here.rig.port } });
    here.hosts({ bad: here.through(proxy) });
    here.desk.file(
      'slow.yml',
      '- hosts: bad\n  tasks:\n    - name: slow\n      shell: echo slow >> log-bad; sleep 1\n    - name: after\n      shell: echo after >> log-bad\n',
    );
    const playing = await here.start(['slow.yml']);
    await eventually('the slow task', 15_000, () => (here.read('log-bad') === 'slow\n' ? true : undefined));
    proxy.reset();
    expect((await playing.done).exit).toBe(0);
    expect(here.read('log-bad')).toBe('slow\nafter\n');
  });
});
