import type { AddressInfo } from 'node:net';
import type { Identity } from './auth.ts';
import type { Cloud } from './cloud.ts';
import { ec2 } from './ec2/service.ts';
import type { Faults } from './faults.ts';
import { front } from './front.ts';
import { makeInstances } from './instances.ts';
import { s3 } from './s3/service.ts';
import { type Store, stored } from './s3/store.ts';
import { describedParameters, describedSecrets } from './small/described.ts';
import { type Arrived, cloudwatch, ecr, lambda, sns } from './small/others.ts';
import { secretsManager } from './small/secrets.ts';
import { type Queues, sqs } from './small/sqs.ts';
import { sso, sts } from './small/sts.ts';
import { realAgents } from './ssm/agent.ts';
import { cannedAgents } from './ssm/canned.ts';
import { ssm } from './ssm/service.ts';
import type { AwsOptions, Instance, LoggedCall } from './types.ts';

/** A fake of AWS on one port of this machine. See README.md for what it is and is not. */
export interface FakeAws extends Arrived {
  url: string;
  /** For a client or a `play` that shall talk to it. */
  env: Record<string, string>;
  /** The same without keys: whoever has it gets those of an instance from the metadata service. */
  instanceEnv: Record<string, string>;
  /** Every call that has come in, oldest first. */
  calls: LoggedCall[];
  /** How many there were of one operation, e.g. `ssm:SendCommand`. */
  count(action: string): number;
  instances: Map<string, Instance>;
  /** Changeable at any time. */
  faults: Faults;
  /** The objects of S3: name of a bucket, key. */
  buckets: Store;
  /** The messages of SQS by name of a queue. */
  queues: Queues;
  /** Ids of commands that still run somewhere. */
  openCommands(): string[];
  /** The path under which an instance's files are found from here. */
  root(instanceId: string): Promise<string>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const keys = { accessKeyId: 'AKIAPLAYFAKEEXAMPLE0', secretAccessKey: 'fake/secret/of/the/tests' };

/** Starts one. */
export async function startAws(options: AwsOptions = {}): Promise<FakeAws> {
  const { environment = () => ({}), canned, port = 0, queues: queueNames = [], topics: topicNames = [] } = options;
  const { cloud, stop } = makeCloud(options);
  const { region, account, faults, instances, calls } = cloud;
  const identities = new Map<string, Identity>([
    [keys.accessKeyId, { ...keys, arn: `arn:aws:iam::${account}:user/play` }],
  ]);
  const buckets: Store = new Map((options.buckets ?? []).map((name) => [name, new Map()]));
  const queues: Queues = new Map(queueNames.map((name) => [name, []]));
  const topics = new Map(topicNames.map((name) => [`arn:aws:sns:${region}:${account}:${name}`, []]));
  const arrived: Arrived = { topics, metrics: [] };
  const agents = canned ? cannedAgents(canned) : realAgents({ environment: () => environment(instanceEnv(cloud)) });
  const commands = ssm({
    cloud,
    agents,
    buckets: {
      has: (name) => buckets.has(name),
      put: (name, key, body) => void buckets.get(name)?.set(key, stored(body)),
    },
    given: options.parameters,
  });
  const server = front({
    cloud,
    identities,
    services: {
      ssm: describedParameters(commands.service),
      ec2: ec2(cloud, agents),
      s3: s3(cloud, buckets),
      sts: sts(cloud, identities),
      sso: sso(cloud, identities),
      secretsmanager: describedSecrets(secretsManager(cloud, options.secrets)),
      sqs: sqs(cloud, queues),
      sns: sns(cloud, arrived),
      lambda: lambda(options.functions),
      cloudwatch: cloudwatch(arrived),
      ecr: ecr(cloud),
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  cloud.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const close = async (): Promise<void> => {
    stop();
    await agents.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    ...arrived,
    url: cloud.url,
    env: {
      ...sharedEnv(cloud),
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    instanceEnv: instanceEnv(cloud),
    calls,
    count: (action) => calls.filter((call) => `${call.service}:${call.action}` === action).length,
    instances,
    faults,
    buckets,
    queues,
    openCommands: commands.open,
    root(instanceId) {
      const instance = instances.get(instanceId);
      return instance
        ? agents.root(instance)
        : Promise.reject(new Error(`test aws: there is no instance ${instanceId}`));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What the services share, and the end of all that is still to happen in it. */
function makeCloud(options: AwsOptions): { cloud: Cloud; stop(): void } {
  const { region = 'eu-central-1', account = '123456789012', secondMs = 1000, faults = {} } = options;
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  const cloud: Cloud = {
    instances: makeInstances(options),
    faults,
    calls: [],
    region,
    account,
    url: '',
    milliseconds: (seconds) => Math.min(seconds * secondMs, 2 ** 31 - 1),
    after(ms, task) {
      if (isStopped) return () => {};
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, ms);
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
  };
  const stop = (): void => {
    isStopped = true;
    for (const timer of timers) clearTimeout(timer);
  };
  return { cloud, stop };
}

function sharedEnv({ url, region }: Cloud): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    // No file of the user's shall matter.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function instanceEnv(cloud: Cloud): Record<string, string> {
  return { ...sharedEnv(cloud), AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud.url };
}
