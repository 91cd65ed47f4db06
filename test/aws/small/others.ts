import { randomUUID } from 'node:crypto';
import type { PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Answer, Call, Service } from '../types.ts';

/** What of these services can be looked at afterwards. */
export interface Arrived {
  /** Topics by ARN, with what was published to each. */
  topics: Map<string, { id: string; message: string; subject: string | undefined }[]>;
  metrics: PutMetricDataInput[];
}

/** A function of Lambda: what it throws is an error of the function, not of the call. */
export type LambdaFunction = (event: unknown) => unknown;

/** SNS: topics are made, and take what is published. Source: its API reference. */
export function sns(cloud: Cloud, { topics }: Arrived): Service {
  return {
    CreateTopic({ params, region }: Call<{ Name: string }>) {
      const TopicArn = `arn:aws:sns:${region}:${cloud.account}:${params.Name}`;
      if (!topics.has(TopicArn)) topics.set(TopicArn, []);
      return { TopicArn };
    },
    ListTopics: () => ({ Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) }),
    Publish({ params }: Call<{ TopicArn?: string; Message?: string; Subject?: string }>) {
      const topic = topics.get(params.TopicArn ?? '');
      if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
      if (!params.Message) throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
      const id = randomUUID();
      topic.push({ id, message: params.Message, subject: params.Subject });
      return { MessageId: id };
    },
  };
}

/** CloudWatch: metrics are kept as they come. Source: PutMetricData of its API reference. */
export function cloudwatch({ metrics }: Arrived): Service {
  return {
    PutMetricData({ params }: Call<PutMetricDataInput>) {
      if (!params.Namespace) throw new AwsError('MissingParameter', 'The parameter Namespace is required.');
      if (params.Namespace.startsWith('AWS/')) {
        throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
      }
      metrics.push(params);
      return {};
    },
  };
}

/** ECR: a token for `docker login`, good for twelve hours. Source: GetAuthorizationToken of its API reference. */
export function ecr(cloud: Cloud): Service {
  return {
    GetAuthorizationToken: ({ region }: Call) => ({
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${randomUUID()}`).toString('base64'),
          expiresAt: (Date.now() + cloud.milliseconds(12 * 3600)) / 1000,
          proxyEndpoint: `https://${cloud.account}.dkr.ecr.${region}.amazonaws.com`,
        },
      ],
    }),
  };
}

interface Invocation {
  FunctionName: string;
  Payload: Buffer;
  headers: Record<string, string | undefined>;
}

/** Lambda: functions of the test are called. Source: Invoke of its API reference. */
export function lambda(functions: Record<string, LambdaFunction> = {}): Service {
  return {
    async Invoke({ params, region }: Call<Invocation>): Promise<Answer> {
      const name = params.FunctionName.split(':function:').at(-1)?.split(':')[0] ?? '';
      const call = functions[name];
      if (!call) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Function not found: arn:aws:lambda:${region}:function:${name}`,
          404,
        );
      }
      const kind = params.headers['x-amz-invocation-type'] ?? 'RequestResponse';
      // "DryRun: validate parameter values and verify that the caller has permission": 204; an event is taken with 202.
      if (kind === 'DryRun') return { status: 204, headers: {}, body: '' };
      const said = params.Payload.toString();
      const event: unknown = said === '' ? {} : JSON.parse(said);
      if (kind === 'Event') {
        void Promise.resolve(event)
          .then(call)
          .catch(() => undefined);
        return { status: 202, headers: {}, body: '' };
      }
      const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
      try {
        return { status: 200, headers, body: JSON.stringify((await call(event)) ?? null) };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error(String(error));
        return {
          status: 200,
          headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
          body: JSON.stringify({ errorType, errorMessage }),
        };
      }
    },
  };
}
