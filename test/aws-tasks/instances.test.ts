import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instance } from '../aws/types.ts';
import { openScene, type Scene } from './scene.ts';

/* Instances of EC2 that are there: found, stopped, started, tagged. */

let scene: Scene;
let web: Instance;
let batch: Instance;
beforeAll(async () => {
  scene = await openScene({
    instances: [
      { name: 'web-1', tags: { role: 'web', old: 'yes' } },
      { name: 'batch-1', tags: { role: 'batch' } },
      { name: 'gone', state: 'terminated', tags: { role: 'batch' } },
    ],
  });
  [web, batch] = [...scene.aws.instances.values()] as [Instance, Instance];
});
afterAll(() => scene[Symbol.asyncDispose]());

describe('instances of EC2', () => {
  test('are found by what they have, in small letters', async () => {
    const story = await scene.run(
      `
      - ec2_instance_info: { filters: { 'tag:role': web, instance-state-name: [running, stopped] } }
        register: web
      - ec2_instance_info: {}
        register: all
      - assert:
          that:
            - web.instances.size() == 1
            - web.instances[0].instance_id == "${web.id}"
            - web.instances[0].tags.Name == "web-1"
            - web.instances[0].state.name == "running"
            - web.instances[0].private_ip_address == "${web.privateIp}"
            - all.instances.size() == 2
      `,
      ['--check'],
    );
    expect(story.exit, story.stdout).toBe(0);
  });

  test('are stopped once and started again; check mode only tells', async () => {
    const stop = `- ec2_instance: { filters: { 'tag:role': batch }, state: stopped, wait_timeout: 20 }`;
    const check = await scene.run(stop, ['--check', '--diff']);
    expect(check.told('web1', 'ec2_instance')).toContain(`+${batch.id}: stopped`);
    expect(scene.aws.count('ec2:StopInstances')).toBe(0);
    const [first, second] = await scene.twice(stop);
    expect([first, second].map((story) => story.did('web1')[0]?.split(' ')[0])).toEqual(['changed', 'ok']);
    expect([batch.state, web.state]).toEqual(['stopped', 'running']);
    const start = await scene.run(`
      - ec2_instance: { instance_ids: [${batch.id}, ${web.id}], state: running, wait_timeout: 20 }
        register: started
      - assert: { that: ['started.changed_ids == ["${batch.id}"]', 'started.instances.all(i, i.state.name == "running")'] }
    `);
    expect(start.exit, start.stdout).toBe(0);
  });

  test('are never all that there are because a filter is left out', async () => {
    const before = [...scene.aws.instances.values()].map(({ state }) => state);
    const story = await scene.run(`
      - ec2_instance: { filters: {}, state: terminated }
        ignore_errors: true
      - ec2_instance: { filters: { 'tag:role': '{{omit}}' }, state: terminated }
    `);
    expect(story.exit).not.toBe(0);
    expect(story.stdout.match(/filters is empty, which would mean all instances/g)?.length).toBeGreaterThan(1);
    expect([...scene.aws.instances.values()].map(({ state }) => state)).toEqual(before);
  });

  test('that are not there are told of, and those that cannot be started', async () => {
    const story = await scene.run(`
      - ec2_instance: { filters: { 'tag:role': nothing }, state: running }
        ignore_errors: true
      - ec2_instance: { instance_ids: [i-0123456789abcdef0], state: running }
        ignore_errors: true
    `);
    expect(story.stdout).toContain('there are no such instances');
    expect(story.stdout).toContain('InvalidInstanceID.NotFound');
    expect(await scene.refused('- ec2_instance: { state: running, instance_ids: [i-1], image_id: ami-1 }')).toContain(
      'instances are not made here',
    );
  });

  test('get tags and lose them', async () => {
    const tag = `- ec2_tag: { resource: ${web.id}, tags: { role: web, tier: front } }`;
    const check = await scene.run(tag, ['--check', '--diff']);
    expect(check.told('web1', 'ec2_tag')).toContain('+tier: front');
    expect(web.tags['tier']).toBeUndefined();
    const [first, second] = await scene.twice(tag);
    expect([first, second].map((story) => story.did('web1')[0]?.split(' ')[0])).toEqual(['changed', 'ok']);
    expect(web.tags).toEqual({ Name: 'web-1', role: 'web', old: 'yes', tier: 'front' });
    await scene.run(`- ec2_tag: { resource: ${web.id}, tags: { old: '', tier: other }, state: absent }`);
    expect(web.tags).toEqual({ Name: 'web-1', role: 'web', tier: 'front' });
    await scene.run(`- ec2_tag: { resource: ${web.id}, tags: { Name: web-1 }, purge_tags: true }`);
    expect(web.tags).toEqual({ Name: 'web-1' });
  });
});
