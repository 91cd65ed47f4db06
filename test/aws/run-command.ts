import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { FakeAws } from './aws.ts';
import { clientOptions, until } from './clients.ts';

/** Run Command as somebody with the SDK uses it. */
export interface RunCommand {
  client: SSMClient;
  /** Sends lines of shell and gives the id of the command. */
  send(commands: string[], options: Partial<SendCommandCommandInput>): Promise<string>;
  look(commandId: string, instanceId: string): Promise<GetCommandInvocationCommandOutput>;
  /** Waits until it is over. */
  ended(commandId: string, instanceId: string): Promise<GetCommandInvocationCommandOutput>;
}

export function runCommand(aws: FakeAws): RunCommand {
  const client = new SSMClient(clientOptions(aws));
  const look: RunCommand['look'] = (CommandId, InstanceId) =>
    client.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
  return {
    client,
    look,
    async send(commands, options) {
      const Parameters = { commands, ...options.Parameters };
      const { Command } = await client.send(
        new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', ...options, Parameters }),
      );
      return Command?.CommandId ?? '';
    },
    ended: (commandId, instanceId) =>
      until(async () => {
        const seen = await look(commandId, instanceId);
        return ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(seen.Status ?? '') ? undefined : seen;
      }),
  };
}
