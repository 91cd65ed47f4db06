import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScene, type Scene } from './scene.ts';

/* What playbooks tell others: queues, topics, metrics, functions; and the login to a registry. */

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({
    queues: ['jobs'],
    topics: ['alarms'],
    functions: {
      add: (event) => {
        const { a, b } = event as { a: number; b: number };
        return { sum: a + b };
      },
      broken: () => {
        throw new RangeError('out of range');
      },
    },
  });
});
afterAll(() => scene[Symbol.asyncDispose]());

const tasks = `
  - sqs_send: { queue: jobs, body: { do: reindex }, attributes: { priority: 3 } }
    register: sent
  - sns: { topic: alarms, subject: disk, msg: 'full on {{host.name}}' }
    register: told
  - cloudwatch_metric: { namespace: Shop, name: Deployments, value: 1, unit: Count, dimensions: { Host: web1 } }
  - lambda_execute: { name: add, payload: { a: 2, b: 3 } }
    register: added
  - lambda_execute: { name: add, payload: { a: 2, b: 3 }, wait: false }
`;

describe('messages', () => {
  test('check mode sends nothing, and Lambda is asked whether it would', async () => {
    const story = await scene.run(tasks, ['--check']);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.did('web1').map((line) => line.split(' ')[0])).toEqual(Array(5).fill('would-change'));
    expect([scene.aws.queues.get('jobs'), [...scene.aws.topics.values()], scene.aws.metrics]).toEqual([[], [[]], []]);
  });

  test('are sent', async () => {
    const story = await scene.run(`${tasks}
  - assert: { that: ['added.result.output.sum == 5', 'sent.message_id != ""', 'told.sns_arn.endsWith(":alarms")'] }
`);
    expect(story.exit, story.stdout).toBe(0);
    expect(scene.aws.queues.get('jobs')).toMatchObject([{ body: '{"do":"reindex"}' }]);
    expect([...scene.aws.topics.values()]).toMatchObject([[{ subject: 'disk', message: 'full on web1' }]]);
    expect(scene.aws.metrics).toMatchObject([
      {
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Deployments', Value: 1, Dimensions: [{ Name: 'Host', Value: 'web1' }] }],
      },
    ]);
  });

  test('that cannot be sent are told of', async () => {
    const story = await scene.run(`
      - sqs_send: { queue: nowhere, body: x }
        ignore_errors: true
      - sns: { topic: nowhere, msg: x }
        ignore_errors: true
      - lambda_execute: { name: nowhere }
        ignore_errors: true
      - lambda_execute: { name: broken }
        ignore_errors: true
    `);
    expect(story.stdout).toContain('sqs:GetQueueUrl:');
    expect(story.stdout).toContain('there is no topic nowhere in this region');
    expect(story.stdout).toContain('lambda:Invoke: ResourceNotFoundException');
    expect(story.stdout).toContain('the function failed: RangeError: out of range');
  });
});

describe('ecr_login', () => {
  test('hands docker the password on its standard input, where nobody sees it', async () => {
    const docker = scene.stage.desk.file('bin/docker', '#!/bin/sh\necho "$@" >"$0.args"; cat >"$0.password"\n');
    chmodSync(docker, 0o755);
    const task = `- ecr_login: { docker: '${docker}' }`;
    const check = await scene.run(task, ['--check']);
    expect(check.did('web1')[0]).toContain('would-change ecr_login');
    const story = await scene.run(task, ['-vv']);
    expect(story.exit, story.stdout).toBe(0);
    const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    expect(readFileSync(`${docker}.args`, 'utf8')).toBe(`login --username AWS --password-stdin ${registry}\n`);
    const password = readFileSync(join(scene.dir, 'bin/docker.password'), 'utf8').trim();
    expect(password.length).toBeGreaterThan(20);
    expect(story.stdout + JSON.stringify(story.events)).not.toContain(password);
  });
});
