import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorize, type Identity, signatureOf } from './auth.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './errors.ts';
import { type Faults, strikes } from './faults.ts';
import { makeInstances } from './instances.ts';
import { checkPresigned } from './s3/presigned.ts';
import { s3 } from './s3/service.ts';
import { type Store, stored } from './s3/store.ts';
import { realAgents } from './ssm/agent.ts';
import { cannedAgents } from './ssm/canned.ts';
import { ssm } from './ssm/service.ts';
import type { Answer, AwsOptions, Call, Instance, LoggedCall, Service } from './types.ts';
import { failure, success } from './wire/answer.ts';
import { type Addressed, address, readRequest } from './wire/request.ts';

/** A fake of AWS on one port of this machine. See README.md for what it is and is not. */
export interface FakeAws {
  url: string;
  /** For a client or a `play` that shall talk to it. */
  env: Record<string, string>;
  /** Every call that has come in, oldest first. */
  calls: LoggedCall[];
  /** How many there were of one operation, e.g. `ssm:SendCommand`. */
  count(action: string): number;
  instances: Map<string, Instance>;
  /** Changeable at any time. */
  faults: Faults;
  /** The objects of S3: name of a bucket, key. */
  buckets: Store;
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
  const { region = 'eu-central-1', account = '123456789012', secondMs = 1000, faults = {}, environment = {} } = options;
  const timers = new Set<NodeJS.Timeout>();
  const cloud: Cloud = {
    instances: makeInstances(options),
    faults,
    calls: [],
    region,
    account,
    url: '',
    milliseconds: (seconds) => Math.min(seconds * secondMs, 2 ** 31 - 1),
    after(ms, task) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, ms);
      timers.add(timer);
      return timer;
    },
  };
  const identities = new Map<string, Identity>([
    [keys.accessKeyId, { ...keys, arn: `arn:aws:iam::${account}:user/play` }],
  ]);
  const buckets: Store = new Map((options.buckets ?? []).map((name) => [name, new Map()]));
  const agents = options.canned ? cannedAgents(options.canned) : realAgents({ environment });
  const commands = ssm({
    cloud,
    agents,
    buckets: {
      has: (name) => buckets.has(name),
      put: (name, key, body) => void buckets.get(name)?.set(key, stored(body)),
    },
    given: options.parameters,
  });
  const services: Record<string, Service> = { ssm: commands.service, s3: s3(cloud, buckets) };
  const striking = strikes(faults);

  const answer = async (message: IncomingMessage): Promise<Answer | 'reset'> => {
    const request = await readRequest(message);
    const signed = signatureOf(request);
    let addressed: Addressed = { protocol: 's3', service: 's3', action: '', params: {} };
    let logged: LoggedCall | undefined;
    try {
      addressed = address(request);
      const { service, action, params } = addressed;
      const call: Call = {
        service,
        action,
        params,
        region: signed?.region ?? region,
        accessKeyId: signed?.accessKeyId ?? '',
        at: new Date(),
      };
      logged = call;
      cloud.calls.push(logged);
      const breakage = striking.check(call);
      if (breakage === 'reset') return 'reset';
      if (breakage !== undefined)
        throw new AwsError('InternalServerError', 'An error occurred on the server side.', breakage);
      const identity = authorize(call, { signed, identities, cloud });
      if (identity) checkPresigned(request, identity.secretAccessKey);
      const operation = services[service]?.[action];
      if (!operation) throw new AwsError('UnknownOperationException', `test aws: ${service}:${action} is not modelled`);
      return success(addressed, await operation(call as unknown as Call<never>));
    } catch (error) {
      const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', `test aws: ${error}`, 500);
      if (logged) logged.error = refusal.code;
      return failure(addressed, refusal);
    }
  };
  const server = createServer((message, response: ServerResponse) => {
    void answer(message).then((said) => {
      if (said === 'reset') {
        message.socket.resetAndDestroy();
        return;
      }
      response.writeHead(said.status, said.headers);
      response.end(message.method === 'HEAD' ? undefined : said.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cloud.url = url;

  const close = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    agents.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      // No file of the user's and no instance metadata shall matter.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    calls: cloud.calls,
    count: (action) => cloud.calls.filter((call) => `${call.service}:${call.action}` === action).length,
    instances: cloud.instances,
    faults,
    buckets,
    openCommands: commands.open,
    root(instanceId) {
      const instance = cloud.instances.get(instanceId);
      return instance
        ? agents.root(instance)
        : Promise.reject(new Error(`test aws: there is no instance ${instanceId}`));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
