import type { CancelCommandRequest, SendCommandRequest } from '@aws-sdk/client-ssm';
import type { Cloud } from '../cloud.ts';
import type { AwsOptions, Call, Service } from '../types.ts';
import type { Agents } from './agent.ts';
import { type Command, isOver } from './command.ts';
import { nodes } from './nodes.ts';
import { parameterStore } from './parameters.ts';
import { runs } from './rates.ts';
import { commandReads, commandView, knownCommand, outputKeys } from './reads.ts';
import { newCommand } from './send.ts';

/** Where whole outputs are written. */
export interface Buckets {
  has(bucket: string): boolean;
  put(bucket: string, key: string, body: Buffer): void;
}

export interface Ssm {
  service: Service;
  /** Commands that are not over, by id: what a killed controller leaves behind. */
  open(): string[];
}

/** Systems Manager: Run Command, managed nodes, Parameter Store. */
export function ssm(options: { cloud: Cloud; agents: Agents; buckets: Buckets; given: AwsOptions['parameters'] }): Ssm {
  const { cloud, agents, buckets } = options;
  const commands = new Map<string, Command>();
  const parameters = parameterStore(cloud, options.given);
  const { pump, cancel } = runs({
    cloud,
    agents,
    spool(command, invocation) {
      const keys = outputKeys(command, invocation);
      if (!keys || !invocation.outcome) return;
      const { stdout, stderr } = invocation.outcome;
      // Nothing is written for a stream that was empty.
      if (stdout.length > 0) buckets.put(keys.bucket, keys.stdout, stdout);
      if (stderr.length > 0) buckets.put(keys.bucket, keys.stderr, stderr);
    },
  });
  return {
    open: () => [...commands.values()].filter(({ queue }) => !queue.every(isOver)).map(({ id }) => id),
    service: {
      ...nodes(cloud),
      ...parameters.service,
      ...commandReads({ cloud, commands }),
      SendCommand(call: Call<SendCommandRequest>) {
        const command = newCommand(call, { cloud, resolve: parameters.resolve, hasBucket: buckets.has });
        commands.set(command.id, command);
        const view = commandView(command);
        pump(command);
        return { Command: view };
      },
      CancelCommand(call: Call<CancelCommandRequest>) {
        cancel(knownCommand(call, commands), call.params.InstanceIds);
        return {};
      },
    },
  };
}
