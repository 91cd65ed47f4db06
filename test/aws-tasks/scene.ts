import { join } from 'node:path';
import { type FakeAws, startAws } from '../aws/aws.ts';
import type { AwsOptions } from '../aws/types.ts';
import { openStage, type Stage, type Story } from '../e2e/stage.ts';
import { builtPlay } from '../rig/built.ts';

/** A fake of AWS, and a folder with playbooks whose tasks talk to it. */
export interface Scene {
  aws: FakeAws;
  stage: Stage;
  /** The folder of the playbook. */
  dir: string;
  /** Runs tasks, written as YAML below `tasks:`. `env` is set beside, or instead of, what leads to the fake; undefined takes away. */
  run(tasks: string, args?: readonly string[], env?: Record<string, string | undefined>): Promise<Story>;
  /** What is said of tasks that are wrong before anything runs. */
  refused(tasks: string, env?: Record<string, string>): Promise<string>;
  /** The tasks for real, then a second time. */
  twice(tasks: string): Promise<[first: Story, second: Story]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens one. */
export async function openScene(options: AwsOptions = {}): Promise<Scene> {
  const [aws, stage] = await Promise.all([
    startAws({ secondMs: 20, ...options }),
    openStage('local', 1),
    // The first test would wait for it.
    builtPlay(),
  ]);
  const play: Scene['run'] = (tasks, args = [], env = {}) => {
    const lines = tasks.replace(/^\n/, '').replace(/\s+$/, '').split('\n');
    const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
    const body = lines.map((line) => `    ${line.slice(indent)}`).join('\n');
    return stage.run(`- hosts: all\n  tasks:\n${body}\n`, args, { env: said({ ...aws.env, ...env }) });
  };
  const run: Scene['run'] = async (...asked) => {
    const story = await play(...asked);
    if (story.exit === 2) throw new Error(`the tasks were refused:\n${story.stderr}`);
    return story;
  };
  return {
    aws,
    stage,
    dir: join(stage.desk.dir, '.'),
    run,
    refused: async (tasks, env) => (await play(tasks, [], env)).stderr,
    twice: async (tasks) => [await run(tasks), await run(tasks)],
    async [Symbol.asyncDispose]() {
      await Promise.all([aws.close(), stage[Symbol.asyncDispose]()]);
    },
  };
}

function said(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
