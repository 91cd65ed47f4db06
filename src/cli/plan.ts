import { relative, resolve } from 'node:path';
import type { SavedParam, SavedPlan } from '../model/saved-plan.ts';
import type { Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { valueHash } from '../saved/hash.ts';
import { writePlan } from '../saved/plan-file.ts';
import { createRecorder, type Recorder } from '../saved/recorder.ts';
import { inputHashes, recordable } from './announce.ts';
import type { RunOptions } from './options.ts';
import type { Prepared } from './prepare.ts';
import { run } from './run.ts';
import type { Surroundings } from './surroundings.ts';

type Ready = NonNullable<Prepared['ready']>;

/** `play plan FILE -o PLAN`: a check run whose findings are saved. Gives the exit code; nothing is saved when it failed. */
export async function plan(file: string, options: RunOptions & { out: string }, around: Surroundings): Promise<number> {
  const salt = around.random(16).toString('hex');
  let save: (() => SavedPlan) | undefined;
  return run(file, { ...options, check: true, diff: true }, around, {
    prepared(ready, sources, secrets) {
      const made = createRecorder(salt, (text) => secrets.mask(text));
      const playbook = relative(around.cwd, resolve(around.cwd, file));
      save = () => savedPlan({ playbook, salt, ready, sources, recorder: made, options, now: around.now() });
      return { concluded: made.concluded };
    },
    ended(exit) {
      if (exit !== 0 && exit !== 10) {
        around.stderr.write('no plan is saved, because the check has failed\n');
        return;
      }
      const saved = save?.();
      if (!saved) return;
      writePlan(resolve(around.cwd, options.out), options.out, saved);
      const steps = Object.values(saved.hosts).flatMap((host) => host.steps);
      const count = (status: string): number => steps.filter((step) => step.status === status).length;
      around.stderr.write(`saved to ${options.out}: ${count('would-change')} to change, ${count('unknown')} unknown\n`);
    },
  });
}

function savedPlan(from: {
  playbook: string;
  salt: string;
  ready: Ready;
  sources: Sources;
  recorder: Recorder;
  options: RunOptions;
  now: number;
}): SavedPlan {
  const { playbook, salt, ready, sources, recorder, options } = from;
  const names = [...new Set(ready.plan.plays.flatMap(({ hosts }) => hosts))];
  const { hosts: vars } = recordable(ready.inventory);
  return {
    format: 1,
    created: new Date(from.now).toISOString(),
    playbook,
    salt,
    files: inputHashes(ready.files, sources),
    options: { ...savedOptions(options), param: givenTexts(options, ready) },
    params: savedParams(salt, ready),
    plays: ready.plan.plays.map(({ play, hosts }) => ({ name: play.name, hosts })),
    hosts: Object.fromEntries(
      names.map((name) => [name, { vars: valueHash(salt, vars[name] ?? {}), steps: recorder.steps(name) }]),
    ),
    seal: '',
  };
}

/** Values of parameters; of secret ones only what tells whether another value is the same. */
export function savedParams(salt: string, { params }: Ready): Record<string, SavedParam> {
  return Object.fromEntries(
    params.declarations.flatMap(({ name, secret }): [string, SavedParam][] => {
      const value = params.values[name];
      if (value === undefined) return [];
      return [[name, secret ? { secret: valueHash(salt, value) } : { value }]];
    }),
  );
}

/** What the command line gave, as it was typed; secrets are left out and asked for again. */
function givenTexts({ flags = [], param }: RunOptions, { params }: Ready): string[] {
  const secret = new Set(params.declarations.filter((each) => each.secret).map(({ name }) => name));
  const typed = [...flags.map(({ name, text }) => `${name}=${text}`), ...param];
  return typed.filter((pair) => !secret.has(pair.slice(0, pair.indexOf('='))));
}

/** What chooses hosts and tasks, and how hosts are reached. */
const kept = [
  'entry',
  'inventory',
  'limit',
  'tags',
  'skipTags',
  'startAt',
  'set',
  'identity',
  'paramsFile',
  'user',
  'privateKey',
  'knownHosts',
  'sshConfig',
] as const satisfies (keyof RunOptions)[];

/** `play apply` does it the same way. */
function savedOptions(options: RunOptions): Fields {
  return Object.fromEntries(kept.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}
