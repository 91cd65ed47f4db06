import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import type { AwsEnv } from '../aws/access.ts';
import { type Account, openAccount } from '../aws/ssm/account.ts';
import { type Program, type Shooter, type Shot, type ShotEnd, shoot } from '../aws/ssm/shot.ts';
import { type Timing, usualTiming } from '../aws/ssm/timing.ts';
import type { Connection, Pipe, PipeEnd, PipeSink, SsmSettings, Transport } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { exitOf } from './pipe.ts';
import { within } from './within.ts';

/** What the transport gets from its surroundings. */
export interface SsmTransportSettings {
  /** For credentials, region and endpoint. */
  env: AwsEnv;
  timing?: Partial<Timing>;
  /** Makes the account of a region and profile; that of the SDK when not said. */
  open?: (access: { region?: string; profile?: string }, timing: Timing) => Promise<Account>;
}

/**
 * Makes the transport of one run that sends commands through AWS Systems Manager. It holds what hosts share: clients, the rate of calls, what is
 * sent together. A pipe collects what is written; at its end that becomes one command.
 */
export function createSsmTransport({ env, timing, open }: SsmTransportSettings): Transport {
  const times = { ...usualTiming, ...timing };
  const accounts = new Map<string, Promise<Account>>();
  const accountOf = ({ region, profile }: SsmSettings): Promise<Account> => {
    const key = JSON.stringify([region, profile]);
    const access = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
    const account = accounts.get(key) ?? (open ? open(access, times) : openAccount(access, env, times));
    accounts.set(key, account);
    return account;
  };
  return {
    name: 'ssm',
    spreads: true,
    async connect({ name: host, ssm: settings }, options) {
      if (!settings) throw new Error(`${host} has no settings for Systems Manager`);
      if (options.signal.aborted) throw new ProblemError(problem('E_CONNECT_CANCELLED', { host }));
      const account = await accountOf(settings);
      return connectionOf({ host, settings, account, options, isPlain: false });
    },
  };
}

function connectionOf(shooter: Shooter): Connection {
  const { account, options } = shooter;
  const running = new Set<HeldPipe>();
  const shots = new Set<Promise<void>>();
  // What has been sent goes on until it is closed, and what is sent from then on ends it; what waits is not sent.
  const holdBack = (): void => {
    for (const pipe of running) pipe.holdBack();
  };
  // All hosts of a run listen to the same signal; Node takes more than ten for a leak.
  setMaxListeners(0, options.signal);
  options.signal.addEventListener('abort', holdBack, { once: true });
  return {
    capabilities: { interactive: false, streams: false, recorded: true },
    async open(command, sink) {
      const pipe = createPipe(command, sink, (program, to) => {
        const shot = shoot(program, to, shooter);
        const over = shot.end.then(
          () => undefined,
          () => undefined,
        );
        shots.add(over);
        void over.then(() => shots.delete(over));
        return shot;
      });
      running.add(pipe);
      void pipe.ended.then(() => running.delete(pipe));
      return pipe;
    },
    async close() {
      options.signal.removeEventListener('abort', holdBack);
      for (const pipe of running) pipe.close();
      await farewell([...shots], account);
    },
  };
}

/** Waits for what was called off and for what removes leftovers, but not long: both go on for as long as this process does. */
async function farewell(shots: readonly Promise<void>[], { errands, leftovers, timing }: Account): Promise<void> {
  const all = async (): Promise<void> => {
    await Promise.all(shots);
    await errands.calledOff();
    await Promise.all(leftovers);
  };
  await within(timing.farewell, all());
}

/** A pipe that can be told not to begin any more. */
interface HeldPipe extends Pipe {
  holdBack(): void;
}

function createPipe(command: string, sink: PipeSink, start: (program: Program, sink: PipeSink) => Shot): HeldPipe {
  let written: Buffer[] = [];
  let shot: Shot | undefined;
  let isOver = false;
  let settle: (end: PipeEnd) => void = () => {};
  const ended = new Promise<PipeEnd>((resolve) => {
    settle = resolve;
  });
  const finish = (end: PipeEnd): void => {
    if (isOver) return;
    isOver = true;
    written = [];
    settle(end);
  };
  const guarded: PipeSink = {
    stdout: (chunk) => {
      if (!isOver) sink.stdout(chunk);
    },
    stderr: (chunk) => {
      if (!isOver) sink.stderr(chunk);
    },
  };
  return {
    ended,
    write(bytes) {
      if (!isOver && !shot) written.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
      return Promise.resolve();
    },
    end() {
      if (isOver || shot) return;
      const [only, ...more] = written;
      const input = only && more.length === 0 ? only : Buffer.concat(written);
      shot = start({ command, input }, guarded);
      written = [];
      shot.end.then(
        (end) => finish(pipeEnd(end)),
        (error: Error) => finish({ kind: 'lost', reason: error.message }),
      );
    },
    holdBack: () => shot?.holdBack(),
    close() {
      if (isOver) return;
      shot?.callOff();
      finish({ kind: 'lost', reason: 'closed before it ended' });
    },
  };
}

/** Names of signals by what a shell makes of them. */
const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number + 128, name]));

/** A shell has one number for both: what is 128 and a signal's number is taken for the signal. */
function pipeEnd(end: ShotEnd): PipeEnd {
  if (end.kind === 'refused') return { kind: 'refused', error: new ProblemError(end.problem) };
  if (end.kind === 'lost') return end;
  return { ...exitOf(end.status, signals.get(end.status)), ...(end.isHeld && { held: true }) };
}
