import { setTimeout as pause } from 'node:timers/promises';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { ProblemError } from '../../problems/problem.ts';
import { type AwsAccess, type AwsEnv, clientConfig, loaded } from '../access.ts';
import { asked, awsProblem, errorName, isThrottled } from '../faults.ts';
import { jittered } from './jitter.ts';
import type { Rate } from './rate.ts';

/** What a command is sent with. */
export interface SendRequest {
  /** At most 50, or the tag that names them: `tag:KEY=VALUE`. */
  to: readonly string[] | { tag: string };
  script: string;
  /** Found again by it when the answer to sending was lost; 100 characters at most. */
  comment: string;
  /** Seconds that the service may take to deliver, and that the script may run. */
  deliveryTimeout: number;
  executionTimeout: number;
  maxConcurrency: string;
  maxErrors: string;
}

/** What came of sending: `unsure` = no answer came, so AWS may have the command or not. */
export type Sent =
  | { kind: 'sent'; id: string }
  | { kind: 'refused'; error: unknown }
  | { kind: 'unsure'; error: unknown };

/** A command on one instance, as it is listed. */
export interface Invocation {
  instance: string;
  /** `StatusDetails` without blanks: `DeliveryTimedOut`. */
  status: string;
  /** Undefined and -1: it has not begun. */
  code?: number;
  hasBegun: boolean;
  /** Both streams, cut at 2,500 characters when listed, and the first 24,000 of standard output when asked for by itself. */
  output: string;
}

/** The operations of Systems Manager that a command needs. Reading goes on until it works or cannot; all obey the rate. */
export interface SsmCalls {
  /** Resolves when something may be sent. */
  ready(): Promise<void>;
  send(request: SendRequest): Promise<Sent>;
  /** A page of at most 50. Throws ProblemError. */
  list(id: string, page?: string): Promise<{ invocations: Invocation[]; next?: string }>;
  /** One by itself; undefined: it is not there yet. */
  get(id: string, instance: string): Promise<Invocation | undefined>;
  /** `StatusDetails` of the whole command, and the id of one with this comment. */
  command(id: string): Promise<string | undefined>;
  find(comment: string, instance?: string): Promise<string | undefined>;
  cancel(id: string, instances?: readonly string[]): Promise<void>;
  /** Of these at most 50, those that have no connection to the service any more. */
  unconnected(instances: readonly string[]): Promise<string[]>;
}

/** How often a call is tried that AWS throttles or that breaks on the way; with the pauses between them about two minutes. */
const tries = 12;
const firstPause = 250;
const longestPause = 20_000;

/** How often an endpoint is tried that takes no connection, before anything has been sent. */
const connects = 4;

/** Faults before anything was sent: trying again cannot run anything twice. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The clients of an account and region. */
export interface SsmClients {
  reading: SSMClient;
  sending: SSMClient;
  region: string;
}

/** Makes them. Throws ProblemError when the SDK, the region or the profile is not there. */
export async function openSsm(access: AwsAccess, env: AwsEnv): Promise<SsmClients> {
  const { SSMClient } = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  // Trying again is decided here: the SDK would send a command twice whose answer was lost.
  const settings = { ...clientConfig(access, env), maxAttempts: 1 };
  const reading = new SSMClient(settings);
  // A connection that was kept open may be closed by the other side just then, and nobody would know whether a command went through.
  const agent = { keepAlive: false, maxSockets: 50 };
  const sending = new SSMClient({ ...settings, requestHandler: { httpAgent: agent, httpsAgent: agent } });
  return { reading, sending, region: await asked('ssm:SendCommand', () => reading.config.region()) };
}

export async function createCalls({ reading: client, sending }: SsmClients, rate: Rate): Promise<SsmCalls> {
  const sdk = await import('@aws-sdk/client-ssm');

  /** Asks until there is an answer. Throws ProblemError when there is none. */
  const read = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    let wait = firstPause;
    for (let left = tries; ; left--) {
      await rate.take();
      try {
        const answer = await ask();
        rate.passed();
        return answer;
      } catch (error) {
        if (isThrottled(error)) rate.slower();
        else if (!isPassing(error)) throw new ProblemError(awsProblem(error, name));
        if (left === 1) throw new ProblemError(awsProblem(error, name));
      }
      await pause(jittered(wait));
      wait = Math.min(wait * 2, longestPause);
    }
  };

  return {
    ready: () => rate.take(),
    async send(request) {
      let wait = firstPause;
      for (let left = tries; ; left--) {
        try {
          const { Command } = await sending.send(new sdk.SendCommandCommand(inputOf(request)));
          rate.passed();
          return { kind: 'sent', id: Command?.CommandId ?? '' };
        } catch (error) {
          const isSlow = isThrottled(error);
          if (isSlow) rate.slower();
          if (!isSlow && !unsent.has(codeOf(error))) return { kind: isPassing(error) ? 'unsure' : 'refused', error };
          if (left === 1 || (!isSlow && left <= tries - connects + 1)) return { kind: 'refused', error };
        }
        await pause(jittered(wait));
        wait = Math.min(wait * 2, longestPause);
        await rate.take();
      }
    },
    async list(id, page) {
      const answer = await read('ssm:ListCommandInvocations', () =>
        client.send(
          new sdk.ListCommandInvocationsCommand({
            CommandId: id,
            Details: true,
            MaxResults: 50,
            ...(page !== undefined && { NextToken: page }),
          }),
        ),
      );
      const invocations = (answer.CommandInvocations ?? []).map((listed): Invocation => {
        const plugin = listed.CommandPlugins?.[0];
        return {
          instance: listed.InstanceId ?? '',
          status: plain(listed.StatusDetails ?? listed.Status),
          hasBegun: plugin?.ResponseStartDateTime !== undefined,
          output: plugin?.Output ?? '',
          ...(plugin?.ResponseCode !== undefined && { code: plugin.ResponseCode }),
        };
      });
      return { invocations, ...(answer.NextToken && { next: answer.NextToken }) };
    },
    get: (id, instance) =>
      read('ssm:GetCommandInvocation', async () => {
        try {
          const one = await client.send(new sdk.GetCommandInvocationCommand({ CommandId: id, InstanceId: instance }));
          return {
            instance,
            status: plain(one.StatusDetails ?? one.Status),
            hasBegun: Boolean(one.ExecutionStartDateTime),
            output: one.StandardOutputContent ?? '',
            ...(one.ResponseCode !== undefined && { code: one.ResponseCode }),
          };
        } catch (error) {
          if (errorName(error) === 'InvocationDoesNotExist') return undefined;
          throw error;
        }
      }),
    async command(id) {
      const { Commands } = await read('ssm:ListCommands', () =>
        client.send(new sdk.ListCommandsCommand({ CommandId: id })),
      );
      const [command] = Commands ?? [];
      return command && plain(command.StatusDetails ?? command.Status);
    },
    async find(comment, instance) {
      const { Commands } = await read('ssm:ListCommands', () =>
        client.send(new sdk.ListCommandsCommand({ MaxResults: 50, ...(instance && { InstanceId: instance }) })),
      );
      return Commands?.find(({ Comment }) => Comment === comment)?.CommandId;
    },
    async cancel(id, instances) {
      await read('ssm:CancelCommand', () =>
        client.send(new sdk.CancelCommandCommand({ CommandId: id, ...(instances && { InstanceIds: [...instances] }) })),
      );
    },
    async unconnected(instances) {
      const { InstanceInformationList } = await read('ssm:DescribeInstanceInformation', () =>
        client.send(
          new sdk.DescribeInstanceInformationCommand({
            Filters: [{ Key: 'InstanceIds', Values: [...instances] }],
            MaxResults: 50,
          }),
        ),
      );
      // What has been terminated is not listed any more.
      const online = (InstanceInformationList ?? []).filter(({ PingStatus }) => PingStatus === 'Online');
      return instances.filter((each) => !online.some(({ InstanceId }) => InstanceId === each));
    },
  };
}

function inputOf(request: SendRequest) {
  const { to } = request;
  const targets = 'tag' in to ? { Targets: [targetOf(to.tag)] } : { InstanceIds: [...to] };
  return {
    ...targets,
    DocumentName: 'AWS-RunShellScript',
    Comment: request.comment,
    TimeoutSeconds: request.deliveryTimeout,
    MaxConcurrency: request.maxConcurrency,
    MaxErrors: request.maxErrors,
    Parameters: { commands: [request.script], executionTimeout: [String(request.executionTimeout)] },
  };
}

function targetOf(tag: string): { Key: string; Values: string[] } {
  const at = tag.indexOf('=');
  return { Key: tag.slice(0, at), Values: [tag.slice(at + 1)] };
}

/** The API has `DeliveryTimedOut` in one place and `Delivery Timed Out` in another. */
function plain(status: string | undefined): string {
  return (status ?? '').replaceAll(' ', '');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether it may be gone the next time: a broken connection, or a fault of the service. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500;
  return codeOf(error) !== '' || error.name === 'TimeoutError';
}
