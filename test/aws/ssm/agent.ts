import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Instance } from '../types.ts';
import { openWorld, type World } from '../world.ts';

/** What an agent is told to do. */
export interface Job {
  commandId: string;
  script: string;
  workingDirectory: string;
}

export interface Outcome {
  /** What the agent reports: 137 for one that it killed itself, -1 for one that a signal ended. */
  code: number;
  stdout: string;
  stderr: string;
}

/** A job on its way. */
export interface Running {
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
  close(): void;
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
export function realAgents({ environment }: { environment: Record<string, string> }): Agents {
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
      const start = async (): Promise<Outcome> => {
        const world = await worldOf(instance);
        if (kills.wanted) return killed;
        for (;;) {
          const outcome = await runOnce({ instance, job, world, environment, kills });
          if (outcome.code !== reboot) return outcome;
          world.kill();
        }
      };
      return {
        done: start(),
        kill: () => {
          kills.wanted = true;
          kills.now();
        },
      };
    },
    die: (instance) => inWorld(instance, (world) => world.kill()),
    reboot: (instance) => inWorld(instance, (world) => world.kill()),
    root: async (instance) => (await worldOf(instance)).root,
    close: () => {
      for (const world of worlds.values())
        void world.then(
          (open) => open.close(),
          () => undefined,
        );
    },
  };
}

const killed: Outcome = { code: 137, stdout: '', stderr: '' };

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
  // As the agent says it when the working directory is not there.
  const change = 'cd "$1" 2>/dev/null || { echo "chdir $1: no such file or directory" >&2; exit 1; }; exec sh -c "$2"';
  const [program = '', ...words] = [...world.enter, 'sh', '-c', change, 'agent', job.workingDirectory, script];
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      AWS_SSM_INSTANCE_ID: instance.id,
      AWS_SSM_REGION_NAME: instance.region,
      ...environment,
    },
  });
  const out = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => out.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => out.stderr.push(chunk));
  return new Promise((resolve) => {
    const outcome = (code: number): Outcome => ({
      code,
      stdout: Buffer.concat(out.stdout).toString(),
      stderr: Buffer.concat(out.stderr).toString(),
    });
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
        child.stdout.destroy();
        child.stderr.destroy();
      }, 50);
    };
    child.once('error', (error) => resolve({ code: 1, stdout: '', stderr: error.message }));
    child.once('close', (code) => resolve(outcome(isKilled ? killed.code : (code ?? -1))));
    if (kills.wanted) kills.now();
  });
}
