import type { Cloud } from '../cloud.ts';
import type { Instance } from '../types.ts';
import { type Agents, type Outcome, outcomeOf } from './agent.ts';
import { type Command, countsAsError, type Detail, type Invocation, isOver, turn } from './command.ts';

/** What happens to commands once they have been taken. */
export interface Runs {
  /** Sends to as many instances as MaxConcurrency lets. */
  pump(command: Command): void;
  /** All invocations, or those of some instances. */
  cancel(command: Command, instanceIds?: readonly string[]): void;
}

export interface RunsOptions {
  cloud: Cloud;
  agents: Agents;
  /** Takes the whole of the outputs when an invocation ends. */
  spool(command: Command, invocation: Invocation): void;
}

/** How often the service tries again to reach a node, in its seconds. */
const retryEvery = 5;

export function runs({ cloud, agents, spool }: RunsOptions): Runs {
  const finish = (command: Command, invocation: Invocation, detail: Detail, outcome?: Outcome): void => {
    if (isOver(invocation)) return;
    turn(invocation, detail);
    invocation.endedAt = Date.now();
    delete invocation.running;
    if (outcome) invocation.outcome = outcome;
    spool(command, invocation);
    if (countsAsError(detail)) command.errors++;
    command.out--;
    if (command.errors > command.maxErrors) terminateRest(command);
    pump(command);
  };

  const pump = (command: Command): void => {
    while (command.out < command.maxConcurrency && command.next < command.queue.length) {
      const invocation = command.queue[command.next++];
      if (!invocation || isOver(invocation)) continue;
      command.out++;
      invocation.sent = true;
      dispatch(command, invocation);
    }
  };

  /** "When the command fails one more time beyond the value of MaxErrors, the system stops sending to additional targets" (SendCommand). */
  const terminateRest = (command: Command): void => {
    for (const invocation of command.queue.slice(command.next)) {
      if (isOver(invocation)) continue;
      turn(invocation, 'Terminated');
      invocation.endedAt = Date.now();
    }
    command.next = command.queue.length;
  };

  const dispatch = (command: Command, invocation: Invocation): void => {
    const instance = cloud.instances.get(invocation.instanceId);
    const {
      delay = 0,
      lost = false,
      denied = false,
    } = {
      ...cloud.faults.delivery?.['*'],
      ...cloud.faults.delivery?.[invocation.instanceId],
    };
    if (!instance || instance.ping === 'ConnectionLost') {
      cloud.after(delay, () => finish(command, invocation, 'Undeliverable'));
      return;
    }
    const refusal = denied ? 'AccessDenied' : instance.platform === 'Linux' ? undefined : 'InvalidPlatform';
    if (refusal) {
      cloud.after(delay, () => finish(command, invocation, refusal));
      return;
    }
    const isWaiting = (): boolean => invocation.detail === 'Pending' || invocation.detail === 'Delayed';
    const callOff = cloud.after(cloud.milliseconds(command.deliveryTimeout), () => {
      if (isWaiting()) finish(command, invocation, 'DeliveryTimedOut');
    });
    const deliver = (): void => {
      if (!isWaiting()) return;
      if (instance.state === 'running') {
        callOff();
        begin(command, { invocation, instance });
        return;
      }
      // "The node was stopped, or for similar reasons. The system tries again."
      turn(invocation, 'Delayed');
      cloud.after(cloud.milliseconds(retryEvery), deliver);
    };
    if (!lost) cloud.after(delay, deliver);
  };

  const begin = (command: Command, { invocation, instance }: { invocation: Invocation; instance: Instance }): void => {
    turn(invocation, 'InProgress');
    invocation.startedAt = Date.now();
    const running = agents.run(instance, {
      commandId: command.id,
      script: command.script,
      workingDirectory: command.workingDirectory,
    });
    invocation.running = running;
    let ending: Detail | undefined;
    let isDead = false;
    let callOff = (): void => {};
    const die = (): void => {
      if (isOver(invocation)) return;
      isDead = true;
      callOff();
      instance.state = 'terminated';
      instance.ping = 'ConnectionLost';
      running.kill();
      agents.die(instance);
      // "If a command expires, it changes to DeliveryTimedOut for all invocations that are InProgress, Pending or Delayed";
      // it does so after both timeouts together (Command, ExpiresAfter).
      const left = cloud.milliseconds(command.deliveryTimeout + command.executionTimeout) - (Date.now() - command.at);
      cloud.after(left, () => finish(command, invocation, 'DeliveryTimedOut'));
    };
    const begun = (): void => {
      callOff = cloud.after(cloud.milliseconds(command.executionTimeout), () => {
        ending = 'ExecutionTimedOut';
        running.kill();
      });
      const death = cloud.faults.dies?.[instance.id];
      if (death) cloud.after(death.after, die);
    };
    void running.started.then(begun, () => undefined);
    void running.done
      .catch((error: Error): Outcome => outcomeOf(1, error.message))
      .then((outcome) => {
        callOff();
        // The agent is gone with its instance: nobody says anything any more.
        if (isDead) return;
        const wasCancelled = invocation.detail === 'Cancelling';
        finish(command, invocation, wasCancelled ? 'Cancelled' : (ending ?? detailOf(outcome)), reported(outcome));
      });
  };

  return {
    pump,
    cancel(command, instanceIds) {
      // "Attempts to cancel": what is over stays as it is (CancelCommand).
      const chosen = instanceIds?.length ? new Set(instanceIds) : undefined;
      if (!chosen) {
        command.cancelled = true;
        command.next = command.queue.length;
      }
      for (const invocation of command.queue) {
        if (isOver(invocation) || (chosen && !chosen.has(invocation.instanceId))) continue;
        if (invocation.running) {
          turn(invocation, 'Cancelling');
          invocation.running.kill();
        } else if (invocation.sent) {
          finish(command, invocation, 'Cancelled');
        } else {
          turn(invocation, 'Cancelled');
          invocation.endedAt = Date.now();
        }
      }
    },
  };
}

/** The agent takes 137 for "I have killed it", also when the script itself ends with it. */
function detailOf({ code }: Outcome): Detail {
  if (code === 0) return 'Success';
  return code === 137 ? 'ExecutionTimedOut' : 'Failed';
}

/** A failure is told once more at the end of stderr, in the agent's words. */
function reported(outcome: Outcome): Outcome {
  const { code } = outcome;
  if (code === 0 || code === 137) return outcome;
  const ended = code === -1 ? 'signal: killed' : `exit status ${code}`;
  return {
    code,
    get stdout() {
      return outcome.stdout;
    },
    get stderr() {
      return Buffer.concat([outcome.stderr, Buffer.from(`failed to run commands: ${ended}`)]);
    },
  };
}
