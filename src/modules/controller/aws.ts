import { type Static, Type } from 'typebox';
import { inputFaults, toInput } from '../../aws/tasks/input.ts';
import { plainOutput } from '../../aws/tasks/output.ts';
import { queried, queryFault } from '../../aws/tasks/query.ts';
import { findOperation, findWaiter, loadSdk, UnknownName } from '../../aws/tasks/sdk.ts';
import { secretParts } from '../../aws/tasks/secret-parts.ts';
import { isRead, joinedPages, type Service } from '../../aws/tasks/service.ts';
import type { ControllerContext, ControllerModule, ControllerResult, Mistake } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { ProblemError, sentence } from '../../problems/problem.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { flag, text } from '../shared/params.ts';
import { showValue } from '../shared/show-value.ts';

const anyFields = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

const params = Type.Object(
  {
    service: text(
      'The service, as boto3, the command line tool or the SDK call it: `dynamodb`, `secretsmanager`, `logs`.',
    ),
    operation: Type.Optional(text('What to do: `PutItem`; `put_item` and `put-item` are the same.')),
    params: Type.Optional(
      anyFields(
        'What the operation takes, with the names that AWS documents. Bytes are given in base64, times as ISO 8601 or in seconds; a mapping where AWS wants text or bytes is sent as JSON.',
      ),
    ),
    paginate: Type.Optional(flag('Read all pages and join them.')),
    query: Type.Optional(text('A query in JMESPath; what it finds is `result`.')),
    wait_until: Type.Optional(
      Type.Union(
        [
          text('A waiter: `instance_running`. It gets the same `params`.'),
          Type.Object(
            {
              waiter: text('The waiter: `instance_running`.'),
              params: Type.Optional(anyFields('What it looks at, when that is not what the operation was given.')),
              timeout: Type.Optional(
                Type.Number({ description: 'Seconds until the task fails.', exclusiveMinimum: 0, default: 600 }),
              ),
              delay: Type.Optional(
                Type.Number({
                  description: 'Seconds between two looks; as the service suggests when not said.',
                  exclusiveMinimum: 0,
                }),
              ),
            },
            { additionalProperties: false },
          ),
        ],
        { description: 'What to wait for afterwards, or without an operation.' },
      ),
    ),
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** Larger answers belong into files. */
const mostBytes = 64 * 1024 * 1024;

const rules = { name: 'aws', requireOne: [['operation', 'wait_until']] };

/** Any call of any service of AWS. */
export const aws = {
  name: 'aws',
  on: 'controller',
  pure: false,
  summary: 'A service of AWS has been asked for something. Not run on a real system.',
  params,
  result: {
    response: 'The answer, with the names that AWS documents. Bytes are in base64, times are ISO 8601.',
    result: 'With `query`: what it has found.',
    ...faultFields,
  },
  examples: [
    {
      aws: {
        service: 'dynamodb',
        operation: 'put_item',
        params: { TableName: 'releases', Item: { name: { S: 'shop' }, version: { S: '{{params.version}}' } } },
        region: 'eu-central-1',
      },
    },
    {
      name: 'addresses of the web servers',
      aws: {
        service: 'ec2',
        operation: 'DescribeInstances',
        params: { Filters: [{ Name: 'tag:role', Values: ['web'] }] },
        paginate: true,
        query: 'Reservations[].Instances[].PrivateIpAddress',
      },
      register: 'web',
    },
    {
      name: 'the stack is there',
      aws: {
        service: 'cloudformation',
        operation: 'CreateStack',
        params: { StackName: 'shop', TemplateURL: 'https://example.com/shop.json' },
        wait_until: { waiter: 'stack_create_complete', params: { StackName: 'shop' }, timeout: 1800 },
        role_arn: 'arn:aws:iam::123456789012:role/deploy',
      },
    },
    {
      aws: {
        service: 'iam',
        operation: 'CreatePolicy',
        params: {
          PolicyName: 'read-releases',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }],
          },
        },
        profile: 'prod',
      },
    },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'operation',
  requireOne: rules.requireOne,
  texts: { query: queryFault },
  mistakes: (written, near) => mistakesOf(written as Params, near),
  async run(given, context) {
    checkArgs(rules, given);
    return withAws('aws', given, context, async (open) => {
      const service = open(given.service);
      const done = given.operation === undefined ? undefined : await operated(service, given.operation, given, context);
      if (done && (context.check || given.wait_until === undefined) && done.changed) return done;
      if (done?.failed !== undefined) return done;
      if (given.wait_until === undefined) return done ?? { changed: false, fields: {} };
      const waited = await waitedFor(service, given, context);
      return done ? { ...done, message: [done.message, waited.message].join('\n') } : waited;
    });
  },
} satisfies ControllerModule<typeof params>;

async function operated(
  service: Service,
  name: string,
  given: Params,
  context: ControllerContext,
): Promise<ControllerResult> {
  const operation = findOperation(service.sdk, name);
  const input = (given.params ?? {}) as Fields;
  const faults = inputFaults(operation, input, { filledIn: true });
  const [fault] = faults;
  if (fault) throw badArgs('aws', `${[...['params'], ...fault.path].join('.')}: ${fault.detail}`, fault.advice);
  const sent = (operation.input === undefined ? input : toInput(operation.input, input)) as object;
  const call = `${given.service}:${operation.name}`;
  const reads = isRead(operation.name);
  // What a schema marks is a secret on its way there as well as on its way back.
  const hidden = await plainOutput(input, operation.input);
  for (const each of hidden.secrets) context.secret(secretParts(each));
  if (context.check && !reads)
    return {
      changed: true,
      fields: {},
      isForecast: true,
      message: `${call} would be sent:\n${showValue(input)}`,
    };
  const answer = given.paginate
    ? await allPages(service, operation.name, sent)
    : await service.call(operation.name, sent);
  const { ContentLength: size = 0 } = answer as { ContentLength?: number };
  if (size > mostBytes)
    return {
      changed: !reads,
      fields: {},
      failed: `${call}: the answer has ${size} bytes; s3_object downloads to a file`,
    };
  const { value: response, secrets } = await plainOutput(answer, operation.output);
  for (const each of secrets) context.secret(secretParts(each));
  const fields: Fields = { response };
  if (given.query !== undefined) fields['result'] = found(response, given.query);
  const shown = given.query === undefined ? response : (fields['result'] ?? null);
  return { changed: !reads, fields, ...(reads && { message: showValue(shown) }) };
}

async function allPages(service: Service, operation: string, input: object): Promise<object> {
  const pages: object[] = [];
  for await (const page of service.pages(operation, input)) pages.push(page);
  return joinedPages(pages);
}

function found(response: Fields, query: string) {
  try {
    return queried(response, query);
  } catch (error) {
    throw badArgs('aws', `query "${query}": ${error instanceof Error ? error.message : error}`);
  }
}

async function waitedFor(service: Service, given: Params, context: ControllerContext): Promise<ControllerResult> {
  const wait = typeof given.wait_until === 'string' ? { waiter: given.wait_until } : given.wait_until;
  const { waiter = '', params: own = given.params ?? {}, timeout = 600, delay } = wait ?? {};
  const { name } = findWaiter(service.sdk, waiter);
  if (context.check) return { changed: false, fields: {}, unknown: `${name} is waited for only in the real run` };
  await service.wait(waiter, own, { timeout, delay });
  return { changed: false, fields: {}, message: `${name} is so` };
}

/** Mistakes in names and types, where the package of the service is installed: what it knows of its operations is asked. */
function mistakesOf({ service, operation, params: input, wait_until: wait }: Params, near: string): Mistake[] {
  if (!isSaid(service)) return [];
  const waiter = typeof wait === 'object' ? wait.waiter : wait;
  return caught('service', () => {
    const sdk = loadSdk(service, near);
    const faults = caught('wait_until', () => {
      if (isSaid(waiter)) findWaiter(sdk, waiter);
      return [];
    });
    if (!isSaid(operation)) return faults;
    const wrong = caught('operation', () => {
      if (typeof input === 'string') return [];
      const found = inputFaults(findOperation(sdk, operation), (input ?? {}) as Fields);
      return found.map((fault) => ({ ...fault, path: ['params', ...fault.path] }));
    });
    return [...faults, ...wrong];
  });
}

/** Whether it was given and has no template in it, which is known only in the run. */
function isSaid(text: string | undefined): text is string {
  return text !== undefined && !text.includes('{{');
}

/** What is thrown for a name, as a mistake in this parameter. */
function caught(param: string, look: () => Mistake[]): Mistake[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof UnknownName) {
      const { message: detail, advice } = error;
      return [{ path: [param], detail, ...(advice !== undefined && { advice }) }];
    }
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map((each) => {
      const { message: detail, hint } = sentence(each);
      return { path: [param], detail, ...(hint !== undefined && { advice: hint }) };
    });
  }
}
