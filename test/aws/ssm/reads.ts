import type {
  CancelCommandRequest,
  CommandFilter,
  GetCommandInvocationRequest,
  ListCommandInvocationsRequest,
  ListCommandsRequest,
} from '@aws-sdk/client-ssm';
import type { Cloud } from '../cloud.ts';
import { AwsError, within } from '../errors.ts';
import { page } from '../pages.ts';
import type { Call, Service } from '../types.ts';
import type { Outcome } from './agent.ts';
import { type Command, type Invocation, isOver, responseCode, statusOf, totals } from './command.ts';
import { cut, join, limits } from './output.ts';

/** The operations that look at commands. */
export function commandReads({ cloud, commands }: { cloud: Cloud; commands: Map<string, Command> }): Service {
  const isVisible = ({ at }: Command): boolean => Date.now() - at >= (cloud.faults.consistency?.ms ?? 0);
  const visible = (region: string): Command[] =>
    [...commands.values()].filter((command) => command.region === region && isVisible(command)).reverse();

  return {
    GetCommandInvocation({ params, region }: Call<GetCommandInvocationRequest>) {
      const command = commands.get(params.CommandId ?? '');
      const invocation = command?.region === region ? command.invocations.get(params.InstanceId ?? '') : undefined;
      // Said of wrong ids too, and for a while after SendCommand: "Run Command is eventually consistent"
      // (GetCommandInvocation; https://github.com/aws/aws-cli/issues/3546).
      const nothing = new AwsError(
        'InvocationDoesNotExist',
        "The command ID and managed node ID you specified didn't match any invocations.",
      );
      if (!command || !invocation || !isVisible(command)) throw nothing;
      if (invocation.missed++ < (cloud.faults.consistency?.calls ?? 0)) throw nothing;
      if (params.PluginName !== undefined && params.PluginName !== 'aws:runShellScript') {
        throw new AwsError('InvalidPluginName', "The plugin name isn't valid.");
      }
      return invocationView(command, invocation, cloud.faults.cutSilently);
    },

    ListCommandInvocations({ params, region }: Call<ListCommandInvocationsRequest>) {
      const { CommandId, InstanceId, MaxResults, NextToken, Details = false, Filters = [] } = params;
      within(MaxResults, 'maxResults', [1, 50]);
      const one = commands.get(CommandId ?? '');
      const chosen = CommandId === undefined ? visible(region) : one?.region === region && isVisible(one) ? [one] : [];
      const all = chosen.length === 1 ? chosen[0]!.queue : chosen.flatMap(({ queue }) => queue);
      const { items, next } = page(all, {
        size: MaxResults ?? 50,
        token: NextToken,
        faults: cloud.faults,
        where: (invocation) =>
          (InstanceId === undefined || invocation.instanceId === InstanceId) &&
          (Filters.length === 0 || fits(Filters, { ...invocation.command, ...statuses(invocation) })),
      });
      const seen = items.filter((invocation) => (cloud.faults.consistency?.calls ?? 0) <= invocation.missed++);
      return {
        CommandInvocations: seen.map((invocation) => listedView(invocation, { Details, cloud })),
        NextToken: next,
      };
    },

    ListCommands({ params, region }: Call<ListCommandsRequest>) {
      const { CommandId, InstanceId, MaxResults, NextToken, Filters = [] } = params;
      within(MaxResults, 'maxResults', [1, 50]);
      const { items, next } = page(visible(region), {
        size: MaxResults ?? 50,
        token: NextToken,
        faults: cloud.faults,
        where: (command) =>
          (CommandId === undefined || command.id === CommandId) &&
          (InstanceId === undefined || command.invocations.has(InstanceId)) &&
          fits(Filters, { ...command, ...totals(command) }),
      });
      return { Commands: items.map(commandView), NextToken: next };
    },
  };
}

/** CancelCommand is no read, but looks for a command in the same way. */
export function knownCommand({ params, region }: Call<CancelCommandRequest>, commands: Map<string, Command>): Command {
  const command = commands.get(params.CommandId ?? '');
  if (command?.region !== region) throw new AwsError('InvalidCommandId', "The specified command ID isn't valid.");
  for (const id of params.InstanceIds ?? []) {
    if (!command.invocations.has(id))
      throw new AwsError('InvalidInstanceId', `The instance ${id} isn't one of the command's.`);
  }
  return command;
}

function statuses({ detail }: Invocation): { status: string; detail: string } {
  return { status: statusOf(detail), detail };
}

/** "InvokedAfter, InvokedBefore, Status, ExecutionStage, DocumentName" (CommandFilter). */
function fits(
  filters: readonly CommandFilter[],
  seen: { at: number; request: Command['request']; status: string; detail: string },
): boolean {
  return filters.every(({ key, value = '' }) => {
    if (key === 'InvokedAfter') return seen.at >= Date.parse(value);
    if (key === 'InvokedBefore') return seen.at < Date.parse(value);
    if (key === 'DocumentName') return seen.request.DocumentName === value;
    if (key === 'Status') return seen.status === value || seen.detail === value;
    const isExecuting = ['Pending', 'InProgress', 'Cancelling', 'Delayed'].includes(seen.status);
    if (key === 'ExecutionStage') return value === (isExecuting ? 'Executing' : 'Complete');
    throw new AwsError('InvalidFilterKey', `The filter key ${String(key)} isn't valid.`);
  });
}

function invocationView(
  command: Command,
  invocation: Invocation,
  silently: boolean | undefined,
): Record<string, unknown> {
  const { stdout, stderr } = outputsOf(invocation);
  const { startedAt, endedAt } = invocation;
  const keys = outputKeys(command, invocation);
  const url = (name: 'stdout' | 'stderr'): string =>
    keys ? `https://s3.${command.region}.amazonaws.com/${keys.bucket}/${keys[name]}` : '';
  return {
    ...about(command),
    InstanceId: invocation.instanceId,
    PluginName: 'aws:runShellScript',
    ResponseCode: responseCode(invocation),
    ExecutionStartDateTime: startedAt === undefined ? '' : new Date(startedAt).toISOString(),
    ExecutionElapsedTime: startedAt === undefined ? '' : `PT${((endedAt ?? Date.now()) - startedAt) / 1000}S`,
    ExecutionEndDateTime: startedAt === undefined || endedAt === undefined ? '' : new Date(endedAt).toISOString(),
    Status: statusOf(invocation.detail),
    StatusDetails: invocation.detail,
    StandardOutputContent: cut(stdout, limits.stdout, { silently }),
    StandardOutputUrl: url('stdout'),
    StandardErrorContent: cut(stderr, limits.stderr, { silently }),
    StandardErrorUrl: url('stderr'),
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

/** "If the command hasn't finished running, this string is empty" (GetCommandInvocation). */
function outputsOf(invocation: Invocation): Pick<Outcome, 'stdout' | 'stderr'> {
  const none = Buffer.alloc(0);
  return isOver(invocation) && invocation.outcome ? invocation.outcome : { stdout: none, stderr: none };
}

function listedView(
  invocation: Invocation,
  { Details, cloud }: { Details: boolean; cloud: Cloud },
): Record<string, unknown> {
  const { command } = invocation;
  const { detail, startedAt, endedAt } = invocation;
  const status = { Status: statusOf(detail), StatusDetails: detail };
  const { stdout, stderr } = outputsOf(invocation);
  const keys = outputKeys(command, invocation);
  const plugin = Details && {
    Name: 'aws:runShellScript',
    ...status,
    ResponseCode: responseCode(invocation),
    ...(startedAt === undefined ? {} : { ResponseStartDateTime: startedAt / 1000 }),
    ...(endedAt === undefined ? {} : { ResponseFinishDateTime: endedAt / 1000 }),
    Output: join(stdout, stderr),
    ...(keys ? { OutputS3BucketName: keys.bucket, OutputS3KeyPrefix: keys.prefix } : {}),
  };
  return {
    ...about(command),
    InstanceId: invocation.instanceId,
    InstanceName: cloud.instances.get(invocation.instanceId)?.hostname ?? '',
    RequestedDateTime: command.at / 1000,
    ...status,
    CommandPlugins: plugin ? [plugin] : [],
  };
}

/** What of a command is the same everywhere. */
function about({ id, request }: Command): Record<string, unknown> {
  return {
    CommandId: id,
    Comment: request.Comment ?? '',
    DocumentName: request.DocumentName,
    DocumentVersion: '$DEFAULT',
  };
}

/** As SendCommand and ListCommands give it. */
export function commandView(command: Command): Record<string, unknown> {
  const { request, at, deliveryTimeout, executionTimeout } = command;
  const { targets, completed, errors, deliveryTimedOut, status, detail } = totals(command);
  return {
    ...about(command),
    // "If a command expires, it changes its status to DeliveryTimedOut": both timeouts together (Command, ExpiresAfter).
    ExpiresAfter: at / 1000 + deliveryTimeout + executionTimeout,
    Parameters: request.Parameters,
    InstanceIds: request.InstanceIds ?? [],
    Targets: request.Targets ?? [],
    RequestedDateTime: at / 1000,
    Status: status,
    StatusDetails: detail,
    OutputS3BucketName: request.OutputS3BucketName ?? '',
    OutputS3KeyPrefix: request.OutputS3KeyPrefix ?? '',
    MaxConcurrency: request.MaxConcurrency ?? '50',
    MaxErrors: request.MaxErrors ?? '0',
    TargetCount: targets,
    CompletedCount: completed,
    ErrorCount: errors,
    DeliveryTimedOutCount: deliveryTimedOut,
    TimeoutSeconds: deliveryTimeout,
  };
}

/**
 * Where the whole outputs go: PREFIX/COMMAND/INSTANCE/awsrunShellScript/0.awsrunShellScript/stdout
 * ("OutputS3BucketName" of CommandPlugin in the API reference; the last folder is what the agent adds for the first step).
 */
export function outputKeys(
  { id, request }: Command,
  { instanceId }: Invocation,
): { bucket: string; prefix: string; stdout: string; stderr: string } | undefined {
  if (!request.OutputS3BucketName) return undefined;
  const start = request.OutputS3KeyPrefix ? [request.OutputS3KeyPrefix.replace(/\/$/, '')] : [];
  const prefix = [...start, id, instanceId, 'awsrunShellScript'].join('/');
  const folder = `${prefix}/0.awsrunShellScript`;
  return { bucket: request.OutputS3BucketName, prefix, stdout: `${folder}/stdout`, stderr: `${folder}/stderr` };
}
