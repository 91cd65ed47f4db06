import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRead } from '../../src/aws/tasks/service.ts';
import { openScene, type Scene } from './scene.ts';

/* Any operation of any service, as people who know boto3 or the command line tool write it. */

let scene: Scene;
beforeAll(async () => {
  const many = Object.fromEntries(Array.from({ length: 23 }, (_, i) => [`/many/p${i}`, `v${i}`]));
  scene = await openScene({
    instances: [{ name: 'web-1' }, { name: 'web-2', state: 'stopped' }],
    parameters: { ...many, '/shop/pw': { value: 'sesame-4720', type: 'SecureString' }, '/shop/url': 'http://shop' },
    buckets: ['files'],
    queues: ['jobs'],
  });
});
afterAll(() => scene[Symbol.asyncDispose]());

describe('aws', () => {
  test('pages are joined and a query finds things in the answer', async () => {
    const story = await scene.run(`
      - aws:
          service: ssm
          operation: get_parameters_by_path
          params: { Path: /many, MaxResults: 5 }
          paginate: true
          query: 'length(Parameters)'
        register: all
      - aws: { service: ssm, operation: GetParametersByPath, params: { Path: /many, MaxResults: 5 } }
        register: page
      - assert:
          that:
            - all.result == 23
            - all.response.Parameters.size() == 23
            - '!has(all.response.NextToken)'
            - page.response.Parameters.size() == 5
            - page.response.NextToken != ""
            - '!all.changed'
    `);
    expect(story.exit, story.stdout).toBe(0);
  });

  test('check mode reads, and shows what it would send', async () => {
    const story = await scene.run(
      `
      - aws: { service: ssm, operation: get-parameter, params: { Name: /shop/url }, query: Parameter.Value }
        register: url
      - aws: { service: ssm, operation: put_parameter, params: { Name: /shop/new, Value: '{{url.result}}/a', Type: String } }
      `,
      ['--check'],
    );
    expect(story.did('web1')).toEqual(['ok aws get-parameter', 'would-change aws put_parameter']);
    expect(story.told('web1', 'put_parameter')).toContain('ssm:PutParameter would be sent');
    expect(story.told('web1', 'put_parameter')).toContain('"Value": "http://shop/a"');
    expect(scene.aws.count('ssm:PutParameter')).toBe(0);
  });

  test('check mode sends nothing that writes, also where its name begins like that of a question', () => {
    expect(['VerifyEmailIdentity', 'VerifyDomainDkim', 'CheckInLicense', 'CheckoutLicense'].filter(isRead)).toEqual([]);
    expect(['Verify', 'VerifyMac', 'CheckDomainAvailability', 'GetObject'].filter((each) => !isRead(each))).toEqual([]);
  });

  test('what a schema marks as a secret is not shown on its way there either', async () => {
    const tasks = `
      - aws: { service: ssm, operation: put_parameter, params: { Name: /new/pw, Value: hunter-5511, Type: SecureString } }
      - aws: { service: ssm, operation: put_parameter, params: { Name: /new/url, Value: 'http://new', Type: String } }
      - aws: { service: secretsmanager, operation: create_secret, params: { Name: new, SecretString: { username: shop, password: tiger-6622 } } }
      - debug: { msg: 'hunter-5511 and tiger-6622' }
    `;
    for (const args of [['--check', '-vv'], ['-vv']]) {
      const story = await scene.run(tasks, args);
      expect(story.exit, story.stdout).toBe(0);
      expect(story.stdout + JSON.stringify(story.events)).not.toMatch(/hunter-5511|tiger-6622/);
      if (args.includes('--check')) expect(story.stdout).toContain('"Value": "http://new"');
    }
    expect(scene.aws.count('ssm:PutParameter')).toBe(2);
  });

  test('secrets of an answer can be used and are not shown; open values are', async () => {
    const story = await scene.run(
      `
      - aws: { service: ssm, operation: get_parameters, params: { Names: [/shop/pw, /shop/url], WithDecryption: true } }
        register: both
      - copy: { content: '{{both.response.Parameters.[0].Value}}', dest: '{{place}}/pw' }
      - debug: { var: both.response }
      `,
      ['-vv'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(scene.stage.read('web1', 'pw')).toBe('sesame-4720');
    expect(story.stdout + JSON.stringify(story.events)).not.toContain('sesame-4720');
    expect(story.stdout).toContain('http://shop');
  });

  test('bytes are base64, JSON is written as it is thought of, numbers of templates become text', async () => {
    const story = await scene.run(`
      - aws: { service: s3, operation: put_object, params: { Bucket: files, Key: a, Body: aGVsbG8= } }
      - aws: { service: s3, operation: get_object, params: { Bucket: files, Key: a } }
        register: got
      - aws: { service: sqs, operation: get_queue_url, params: { QueueName: jobs } }
        register: queue
      - aws: { service: sqs, operation: send_message, params: { QueueUrl: '{{queue.response.QueueUrl}}', MessageBody: { job: 7 } } }
        register: sent
      - aws: { service: sqs, operation: send_message, params: { QueueUrl: '{{queue.response.QueueUrl}}', MessageBody: '{{n}}' } }
        vars: { n: 42 }
      - assert: { that: ['b64decode(got.response.Body) == "hello"', 'sent.changed', 'sent.response.MessageId != ""'] }
    `);
    expect(story.exit, story.stdout).toBe(0);
    expect(scene.aws.queues.get('jobs')?.map((each) => each.body)).toEqual(['{"job":7}', '42']);
  });

  test('something is waited for, after an operation or by itself', async () => {
    const id = [...scene.aws.instances.values()].find(({ state }) => state === 'stopped')?.id;
    const story = await scene.run(`
      - aws:
          service: ec2
          operation: start_instances
          params: { InstanceIds: [${id}] }
          wait_until: { waiter: instance_running, delay: 0.1, timeout: 20 }
      - aws: { service: ec2, wait_until: { waiter: InstanceStopped, delay: 0.1, timeout: 1 }, params: { InstanceIds: [${id}] } }
        register: never
        ignore_errors: true
    `);
    expect(story.did('web1')).toEqual(['changed aws start_instances', 'failed aws ec2 (ignored)']);
    expect(scene.aws.instances.get(id ?? '')?.state).toBe('running');
    expect(story.stdout).toContain('waiting for InstanceStopped');
    expect(story.stdout).toMatch(/it was not so within 1 s/);
  });

  test('names and types are checked before anything is sent', async () => {
    const calls = scene.aws.calls.length;
    const said = await scene.refused(`
      - aws: { service: ssm, operation: GetParametr, params: { Name: x } }
      - aws: { service: dynamodbb, operation: PutItem }
      - aws: { service: dynamodb, operation: PutItem }
      - aws: { service: ec2, operation: describe_instances, params: { InstanceIDs: [i-1], Filters: { Name: x } } }
      - aws: { service: ssm, operation: get_parameter, params: { WithDecryption: maybe } }
      - aws: { service: ec2, wait_until: instance_runing }
      - aws: { service: s3, operation: delete_objects, params: { Bucket: files, Delete: {} } }
      - aws: { service: s3, operation: put_object, params: { Bucket: files, Key: a, Body: 'not base64!' } }
      - aws: { service: sqs, operation: send_message, params: { QueueUrl: 'x', MessageBody: 5, DelaySeconds: soon } }
      - aws: { service: ec2, operation: describe_the_weather, params: {} }
    `);
    for (const words of [
      'ssm has no operation "GetParametr"',
      'did you mean GetParameter?',
      'there is no service "dynamodbb"',
      'this needs the package @aws-sdk/client-dynamodb, which cannot be loaded: it is not installed',
      'npm install @aws-sdk/client-dynamodb',
      'there is no "InstanceIDs" here',
      'did you mean InstanceIds?',
      'a mapping is not a list',
      'GetParameter needs Name',
      'write params: { Name: … }',
      'Objects is missing here',
      '"maybe" is not true or false',
      'ec2 has no waiter "instance_runing"',
      '"not base64!" is not base64',
      '5 is not text',
      '"soon" is not a number',
      'ec2 has no operation "describe_the_weather"',
    ])
      expect(said).toContain(words);
    expect(scene.aws.calls.length).toBe(calls);
  });

  test('what AWS says no to is a failure with its code, which playbooks can look at', async () => {
    const ask = `- aws: { service: ssm, operation: get_parameter, params: { Name: /nowhere } }`;
    const story = await scene.run(`
      ${ask}
        register: gone
        ignore_errors: true
      - assert: { that: ['gone.error.code == "ParameterNotFound"', 'gone.error.status == 400'] }
    `);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.stdout).toContain('ssm:GetParameter: ParameterNotFound (request');

    scene.aws.faults.deny = ['ssm:GetParameter'];
    const denied = await scene.run(ask);
    scene.aws.faults.deny = [];
    expect(denied.exit).toBe(3);
    expect(denied.stdout).toContain('ssm:GetParameter: AWS denies it');
    expect(denied.stdout).toContain('the identity needs ssm:GetParameter');
  });

  test('the package of a service is taken from beside the playbook, whatever it is', async () => {
    scene.stage.desk.file(
      'node_modules/@aws-sdk/client-weather/index.js',
      `class WeatherClient {
        constructor(config) { this.config = config; }
        async send({ input }) { return { $metadata: {}, Sky: 'blue', Place: input.Place, At: new Date(0) }; }
        destroy() {}
      }
      class GetSkyCommand { constructor(input) { this.input = input; } }
      module.exports = { WeatherClient, GetSkyCommand };`,
    );
    const story = await scene.run(`
      - aws: { service: weather, operation: get_sky, params: { Place: here } }
        register: sky
      - assert: { that: 'sky.response == {"Sky": "blue", "Place": "here", "At": "1970-01-01T00:00:00.000Z"}' }
    `);
    expect(story.exit, story.stdout).toBe(0);
  });
});
