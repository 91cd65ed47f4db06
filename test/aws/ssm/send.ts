import { randomUUID } from 'node:crypto';
import type { SendCommandRequest, Target } from '@aws-sdk/client-ssm';
import type { Cloud } from '../cloud.ts';
import { AwsError, atMost, beyondModel, within } from '../errors.ts';
import type { Call, Instance } from '../types.ts';
import type { Command, Invocation } from './command.ts';

/** What SendCommand needs of the rest. */
export interface Sending {
  cloud: Cloud;
  /** The value of a parameter for `{{ssm:NAME}}`; throws what the service says of one that is not there. */
  resolve(name: string, region: string): string;
  hasBucket(name: string): boolean;
}

/**
 * Bytes of all parameters' values together that are taken. AWS documents no number for them; it documents `MaxDocumentSizeExceeded` among
 * the errors of SendCommand, "the size limit of a document is 64 KB", and the parameters become part of the document.
 */
const largestParameters = 64 * 1024;

const parameterNames = ['commands', 'workingDirectory', 'executionTimeout'];

/**
 * Checks a request and makes the command of it.
 * Limits: "SendCommand" and "Target" of the API reference of Systems Manager; AWS-RunShellScript as `aws ssm get-document` shows it.
 */
export function newCommand({ params: request, region }: Call<SendCommandRequest>, sending: Sending): Command {
  const { InstanceIds = [], Targets = [], TimeoutSeconds, Parameters = {}, OutputS3BucketName } = request;
  atMost(InstanceIds, 'instanceIds', 50);
  atMost(Targets, 'targets', 5);
  for (const [index, { Values }] of Targets.entries()) atMost(Values, `targets.${index + 1}.member.values`, 50);
  within(TimeoutSeconds, 'timeoutSeconds', [30, 2_592_000]);
  if ((request.Comment ?? '').length > 100)
    throw beyondModel(request.Comment, 'comment', 'have length less than or equal to 100');
  if (request.DocumentName !== 'AWS-RunShellScript') {
    throw new AwsError('InvalidDocument', `Document with name ${request.DocumentName} does not exist.`);
  }
  if (OutputS3BucketName !== undefined && !sending.hasBucket(OutputS3BucketName)) {
    throw new AwsError('InvalidOutputFolder', `The S3 bucket ${OutputS3BucketName} doesn't exist.`);
  }
  if (InstanceIds.length > 0 && Targets.length > 0) {
    throw new AwsError('InvalidParameters', 'Only one of InstanceIds and Targets can be specified.');
  }
  if (InstanceIds.length === 0 && Targets.length === 0) {
    throw new AwsError('InvalidInstanceId', 'InstanceIds or Targets must be specified.');
  }
  const values = checkedParameters(Parameters, (name) => sending.resolve(name, region));
  const instances =
    InstanceIds.length > 0 ? byId(InstanceIds, region, sending.cloud) : byTarget(Targets, region, sending.cloud);
  const count = instances.length;
  const command: Command = {
    id: randomUUID(),
    region,
    request,
    at: Date.now(),
    script: values('commands').join('\n'),
    workingDirectory: values('workingDirectory')[0] || '/usr/bin',
    executionTimeout: executionTimeout(values('executionTimeout')[0]),
    // "If this time is reached and the command has not already started, it won't run"; an hour is the default of the console and the CLI.
    deliveryTimeout: TimeoutSeconds ?? 3600,
    maxConcurrency: Math.max(1, share(request.MaxConcurrency ?? '50', 'maxConcurrency', count)),
    maxErrors: share(request.MaxErrors ?? '0', 'maxErrors', count),
    invocations: new Map(),
    counts: new Map([['Pending', count]]),
    queue: [],
    next: 0,
    out: 0,
    errors: 0,
    cancelled: false,
  };
  if (count === 0) return { ...command, empty: 'NoInstancesInTag' };
  if (count > (sending.cloud.faults.mostPending ?? count)) return { ...command, empty: 'RateExceeded' };
  for (const { id } of instances) {
    const invocation: Invocation = { command, instanceId: id, detail: 'Pending', sent: false, missed: 0 };
    command.queue.push(invocation);
    command.invocations.set(id, invocation);
  }
  return command;
}

function checkedParameters(
  parameters: Record<string, string[]>,
  resolve: (name: string) => string,
): (name: string) => string[] {
  for (const name of Object.keys(parameters)) {
    if (!parameterNames.includes(name)) {
      throw new AwsError('InvalidParameters', `Parameter "${name}" is not defined in the document.`);
    }
  }
  if (!parameters['commands']?.length) throw new AwsError('InvalidParameters', 'Missing required parameter: commands');
  const size = Object.values(parameters)
    .flat()
    .reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (size > largestParameters) {
    throw new AwsError('MaxDocumentSizeExceeded', `The parameters have ${size} bytes, more than ${largestParameters}.`);
  }
  // "Using Parameter Store parameters in Systems Manager documents" of the user guide.
  return (name) =>
    (parameters[name] ?? []).map((value) =>
      value.replace(/\{\{\s*ssm:([^}\s]+)\s*\}\}/g, (_, key: string) => resolve(key)),
    );
}

/** Seconds. The agent takes its default for what it cannot read; the document's pattern lets nothing above 172,800 through. */
function executionTimeout(given: string | undefined): number {
  if (given === undefined || given === '') return 3600;
  const seconds = Number(given);
  if (!/^\d+$/.test(given) || seconds < 1 || seconds > 172_800) {
    throw new AwsError(
      'InvalidParameters',
      `Parameter "executionTimeout" value "${given}" does not match the allowed pattern.`,
    );
  }
  return seconds;
}

/** A number, or a percentage of the targets: "10%" of 50 is 5 ("Run commands at scale", rate controls). */
function share(text: string, field: string, targets: number): number {
  if (!/^([1-9]\d{0,6}|0|[1-9]\d%|[0-9]%|100%)$/.test(text))
    throw beyondModel(text, field, 'satisfy regular expression pattern: ^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$');
  return text.endsWith('%') ? Math.floor((targets * Number(text.slice(0, -1))) / 100) : Number(text);
}

function byId(ids: readonly string[], region: string, { instances, account }: Cloud): Instance[] {
  if (new Set(ids).size < ids.length) throw new AwsError('DuplicateInstanceId', 'An instance ID is there twice.');
  const found = ids.map((id) => instances.get(id));
  const bad = ids.filter((_, index) => !isCommandable(found[index], region));
  if (bad.length > 0) {
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${bad.join(', ')}]] not in a valid state for account ${account}`,
    );
  }
  const chosen = found.flatMap((instance) => instance ?? []);
  if (chosen.some(({ platform }) => platform !== 'Linux')) {
    throw new AwsError(
      'UnsupportedPlatformType',
      'The document does not support the platform type of the given instance IDs.',
    );
  }
  return chosen;
}

/** "Valid states are Running, Pending, Stopped and Stopping", and the agent has registered (SendCommand, InvalidInstanceId). */
function isCommandable(instance: Instance | undefined, region: string): instance is Instance {
  return Boolean(
    instance?.managed && instance.region === region && !['shutting-down', 'terminated'].includes(instance.state),
  );
}

function byTarget(targets: readonly Target[], region: string, cloud: Cloud): Instance[] {
  const ids = targets.find(({ Key }) => Key === 'InstanceIds');
  if (ids) return byId(ids.Values ?? [], region, cloud);
  const wanted = targets.map(({ Key = '', Values = [] }) => {
    const tag = /^tag:(.+)$/.exec(Key)?.[1];
    if (Key !== 'tag-key' && tag === undefined)
      throw new AwsError('InvalidTarget', `The target key ${Key} isn't valid.`);
    // All targets have to fit, one of the values of each.
    return ({ tags }: Instance): boolean =>
      tag === undefined ? Values.some((value) => value in tags) : Values.includes(tags[tag] ?? '');
  });
  return [...cloud.instances.values()].filter(
    (instance) => isCommandable(instance, region) && wanted.every((fits) => fits(instance)),
  );
}
