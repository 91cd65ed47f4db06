import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  paginateDescribeInstances,
  StopInstancesCommand,
  waitUntilInstanceStopped,
} from '@aws-sdk/client-ec2';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  BatchGetSecretValueCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from './aws.ts';
import { clientOptions } from './clients.ts';
import type { AwsOptions } from './types.ts';

let aws: FakeAws;

async function start(options: AwsOptions): Promise<ReturnType<typeof clientOptions>> {
  aws = await startAws({ secondMs: 10, ...options });
  return clientOptions(aws);
}
afterEach(() => aws.close());

describe('EC2', () => {
  it('lists instances by filter and in pages, with their tags and addresses', async () => {
    const specs = Array.from({ length: 7 }, (_, index) => ({
      tags: { Env: index < 6 ? 'prod-eu' : 'test' },
      publicIp: '203.0.113.7',
    }));
    const client = new EC2Client(await start({ instances: specs }));
    const Filters = [
      { Name: 'tag:Env', Values: ['prod-*'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const names: unknown[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: 5 }, { Filters })) {
      names.push(
        Reservations.flatMap(({ Instances = [] }) =>
          Instances.map(({ Tags }) => Tags?.find(({ Key }) => Key === 'Name')?.Value),
        ),
      );
    }
    expect(names).toEqual([['node-1', 'node-2', 'node-3', 'node-4', 'node-5'], ['node-6']]);
    const InstanceIds = [[...aws.instances.keys()][0]!];
    const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds }));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      State: { Name: 'running', Code: 16 },
      PrivateIpAddress: '10.10.0.0',
      PublicIpAddress: '203.0.113.7',
      Placement: { AvailabilityZone: 'eu-central-1a' },
      LaunchTime: new Date('2026-01-01T00:00:00Z'),
    });
    const unknown = client.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] }));
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  });

  it('stops them, which takes a while, and tags them', async () => {
    const client = new EC2Client(await start({ instances: 2 }));
    const [first = '', second = ''] = aws.instances.keys();
    const trial = client.send(new StopInstancesCommand({ InstanceIds: [first], DryRun: true }));
    await expect(trial).rejects.toMatchObject({ name: 'DryRunOperation' });
    const { StoppingInstances } = await client.send(new StopInstancesCommand({ InstanceIds: [first] }));
    expect(StoppingInstances).toMatchObject([
      { CurrentState: { Name: 'stopping' }, PreviousState: { Name: 'running' } },
    ]);
    await waitUntilInstanceStopped({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { InstanceIds: [first] });
    const { InstanceStatuses } = await client.send(new DescribeInstanceStatusCommand({}));
    expect(InstanceStatuses).toMatchObject([{ InstanceId: second, InstanceStatus: { Status: 'ok' } }]);
    await client.send(new CreateTagsCommand({ Resources: [second], Tags: [{ Key: 'Env', Value: 'a & b' }] }));
    expect(aws.instances.get(second)?.tags['Env']).toBe('a & b');
    aws.faults.deny = ['ec2:*'];
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
    });
    aws.faults.throttle = [{ action: 'ec2:*' }];
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  });
});

describe('STS', () => {
  it('says who asks, and lends a role until its credentials end', async () => {
    const options = await start({});
    const client = new STSClient(options);
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/play',
    });
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::123456789012:role/deploy',
        RoleSessionName: 'me',
        DurationSeconds: 900,
      }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const lent = new STSClient({ ...options, credentials });
    expect((await lent.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      'arn:aws:sts::123456789012:assumed-role/deploy/me',
    );
    const stolen = new STSClient({ ...options, credentials: { ...credentials, sessionToken: 'none' } });
    await expect(stolen.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    aws.faults.expiredFrom = 1;
    await expect(lent.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
  });
});

describe('Secrets Manager', () => {
  it('keeps values with their versions, one by one and together', async () => {
    const client = new SecretsManagerClient(await start({ secrets: { 'db/password': 'old' } }));
    await client.send(new PutSecretValueCommand({ SecretId: 'db/password', SecretBinary: Buffer.from('new') }));
    const now = await client.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
    expect(Buffer.from(now.SecretBinary!).toString()).toBe('new');
    const before = await client.send(new GetSecretValueCommand({ SecretId: now.ARN, VersionStage: 'AWSPREVIOUS' }));
    expect(before.SecretString).toBe('old');
    const { SecretValues, Errors } = await client.send(
      new BatchGetSecretValueCommand({ SecretIdList: ['db/password', 'none'] }),
    );
    expect([SecretValues?.length, Errors?.[0]?.ErrorCode]).toEqual([1, 'ResourceNotFoundException']);
    await client.send(new DeleteSecretCommand({ SecretId: 'db/password' }));
    const gone = client.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
    await expect(gone).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });
});

describe('the small ones', () => {
  it('take messages, metrics and calls, and what has come can be looked at', async () => {
    const options = await start({
      queues: ['jobs'],
      topics: ['news'],
      functions: {
        double: (event) => ({ doubled: (event as { n: number }).n * 2 }),
        broken: () => {
          throw new TypeError('no');
        },
      },
    });
    const queue = new SQSClient(options);
    const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: 'do it' }));
    const { Messages } = await queue.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.[0]?.Body).toBe('do it');
    await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect(aws.queues.get('jobs')).toEqual([]);
    const nowhere = queue.send(new GetQueueUrlCommand({ QueueName: 'none' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'QueueDoesNotExist' });

    const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:news';
    await new SNSClient(options).send(new PublishCommand({ TopicArn, Message: 'héllo', Subject: 's' }));
    expect(aws.topics.get(TopicArn)).toMatchObject([{ message: 'héllo', subject: 's' }]);

    const functions = new LambdaClient(options);
    const doubled = await functions.send(new InvokeCommand({ FunctionName: 'double', Payload: '{"n": 21}' }));
    expect(doubled.Payload?.transformToString()).toBe('{"doubled":42}');
    const failed = await functions.send(new InvokeCommand({ FunctionName: 'broken' }));
    expect([failed.FunctionError, failed.Payload?.transformToString()]).toEqual([
      'Unhandled',
      '{"errorType":"TypeError","errorMessage":"no"}',
    ]);

    const MetricData = Array.from({ length: 300 }, (_, index) => ({
      MetricName: `deploys-${index}`,
      Value: index,
      Unit: 'Count' as const,
    }));
    await new CloudWatchClient(options).send(new PutMetricDataCommand({ Namespace: 'Play', MetricData }));
    expect(aws.metrics[0]?.MetricData?.at(-1)).toMatchObject({ MetricName: 'deploys-299', Value: 299 });

    const { authorizationData } = await new ECRClient(options).send(new GetAuthorizationTokenCommand({}));
    expect(authorizationData?.[0]).toMatchObject({
      proxyEndpoint: 'https://123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    });
  });
});
