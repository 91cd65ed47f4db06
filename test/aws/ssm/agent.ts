import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Instance } from '../types.ts';
import { closeWorlds, openWorld, restart, type World } from '../world.ts';
import { letGo, type Pipe, pipeOf } from './pipe.ts';

/** What an agent is told to do. */
export interface Job {
  commandId: string;
  script: string;
  workingDirectory: string;
}

export interface Outcome {
  /** What the agent reports: 137 for one that it killed itself, -1 for one that a signal ended. */
  code: number;
  stdout: Buffer;
  stderr: Buffer;
}

/** A job on its way. */
export interface Running {
  /** The process has begun; until then its time does not count. */
  started: Promise<unknown>;
  done: Promise<Outcome>;
  /** Kills the process and all of its group, as the agent does for a cancel and a timeout. */
  kill(): void;
}

/** Who carries out commands on instances. */
export interface Agents {
  run(instance: Instance, job: Job): Running;
  /** The instance is gone: its processes end and nobody hears of them. */
  die(instance: Instance): void;
  /** All processes of an instance end. */
  reboot(instance: Instance): void;
  /** Where this process finds the files of an instance. */
  root(instance: Instance): Promise<string>;
  close(): Promise<void>;
}

/** The exit code for "I want a reboot, and then run me again" ("Handling reboots when running commands" of the user guide). */
const reboot = 194;

/**
 * Agents that run everything for real, as root.
 * As the agent does it (https://github.com/aws/amazon-ssm-agent, plugins runscript, executers; unit file amazon-ssm-agent.service):
 * the commands become the lines of one executable file, `sh -c FILE` runs it, so that its first line may name another shell; input is
 * empty; the environment is that of a systemd service, without HOME; the working directory is the agent's, /usr/bin, if none is given;
 * output is read to its end, so that a process in the background that still holds it keeps the command in progress.
 */
export function realAgents({ environment }: { environment: () => Record<string, string> }): Agents {
  const worlds = new Map<string, Promise<World>>();
  const worldOf = (instance: Instance): Promise<World> => {
    const known = worlds.get(instance.id) ?? openWorld(instance);
    worlds.set(instance.id, known);
    return known;
  };
  const inWorld = (instance: Instance, task: (world: World) => void): void => {
    void worlds.get(instance.id)?.then(task, () => undefined);
  };
  return {
    run(instance, job) {
      const kills = { wanted: false, now: () => {} };
      const opened = worldOf(instance);
      const start = async (): Promise<Outcome> => {
        const world = await opened;
        if (kills.wanted) return killed;
        for (;;) {
          const outcome = await runOnce({ instance, job, world, environment: environment(), kills });
          if (outcome.code !== reboot) return outcome;
          restart(world);
        }
      };
      return {
        started: opened,
        done: start(),
        kill: () => {
          kills.wanted = true;
          kills.now();
        },
      };
    },
    die: (instance) => inWorld(instance, restart),
    reboot: (instance) => inWorld(instance, restart),
    root: async (instance) => (await worldOf(instance)).root,
    async close() {
      const opened = await Promise.allSettled(worlds.values());
      closeWorlds(opened.flatMap((world) => (world.status === 'fulfilled' ? [world.value] : [])));
    },
  };
}

/** An outcome of which only this much is known. */
export function outcomeOf(code: number, said = ''): Outcome {
  return { code, stdout: Buffer.alloc(0), stderr: Buffer.from(said) };
}

/** How the agent reports what it has killed. */
export const killed = outcomeOf(137);

interface Start {
  instance: Instance;
  job: Job;
  world: World;
  environment: Record<string, string>;
  kills: { wanted: boolean; now: () => void };
}

async function runOnce({ instance, job, world, environment, kills }: Start): Promise<Outcome> {
  const folder = `/var/lib/amazon/ssm/${instance.id}/document/orchestration/${job.commandId}/awsrunShellScript/0.awsrunShellScript`;
  const script = `${folder}/_script.sh`;
  mkdirSync(dirname(world.root + script), { recursive: true, mode: 0o700 });
  writeFileSync(world.root + script, `${job.script}\n`, { mode: 0o700 });
  const fifos = ['stdout', 'stderr'].map((name) => `${world.root}${folder}/${name}`);
  await promisify(execFile)('mkfifo', ['-m', '600', ...fifos]);
  const pipes = fifos.map(pipeOf);
  const [stdout, stderr] = pipes as [Pipe, Pipe];
  // As the agent says it when the working directory is not there.
  const change = 'cd "$1" 2>/dev/null || { echo "chdir $1: no such file or directory" >&2; exit 1; }; exec sh -c "$2"';
  const [program = '', ...words] = [...world.enter, 'sh', '-c', change, 'agent', job.workingDirectory, script];
  const child = spawn(program, words, {
    stdio: ['ignore', stdout.end, stderr.end],
    detached: true,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      AWS_SSM_INSTANCE_ID: instance.id,
      AWS_SSM_REGION_NAME: instance.region,
      ...environment,
    },
  });
  pipes.forEach(letGo);
  let isKilled = false;
  kills.now = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
    isKilled = true;
    // What has been written is read; those who still hold the output are not waited for.
    setTimeout(() => {
      for (const { drop } of pipes) drop();
    }, 50);
  };
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
  if (kills.wanted) kills.now();
  const [code] = await Promise.all([exited, ...pipes.map(({ closed }) => closed)]);
  return { code: isKilled ? killed.code : code, stdout: stdout.bytes(), stderr: stderr.bytes() };
}
