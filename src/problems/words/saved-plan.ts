import { words } from './entry.ts';

const planAgain = (): string => 'make a new plan with `play plan`, look at it, and apply that one';

/** Faults of saved plans: `play plan` and `play apply`. Those of a step begin with E_PLAN_. */
export const savedPlanWords = {
  E_PLAN_DRIFT: words<{ seen: string; now: string }>({
    exit: 3,
    say: (f) => `not as planned: it was ${f.seen}, now it is ${f.now}`,
    hint: planAgain,
  }),
  E_PLAN_ASKS: words<{ module: string }>({
    exit: 3,
    say: (f) => `not as planned: the parameters of ${f.module} have become others`,
    hint: () => 'facts or results that they are made of have changed since; make a new plan with `play plan`',
  }),
  E_PLAN_UNPLANNED: words<Record<string, never>>({
    exit: 3,
    say: () => 'not as planned: this step is not in the plan',
    hint: planAgain,
  }),
  E_SAVED_PLAN_READ: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `${f.path} is not a plan that can be applied: ${f.reason}`,
    hint: () => '`play plan FILE -o PLAN` writes one',
  }),
  E_SAVED_PLAN_WRITE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `the plan cannot be written to ${f.path}: ${f.reason}`,
  }),
  E_SAVED_PLAN_EDITED: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} was changed after \`play plan\` wrote it`,
    hint: planAgain,
  }),
  E_SAVED_PLAN_FILES: words<{ changed: string[]; removed: string[]; added: string[] }>({
    exit: 12,
    say: (f) =>
      `the plan is outdated: ${[
        ...f.changed.map((path) => `${path} has changed`),
        ...f.removed.map((path) => `${path} is gone`),
        ...f.added.map((path) => `${path} is new`),
      ].join(', ')}`,
    hint: planAgain,
  }),
  E_SAVED_PLAN_HOSTS: words<{ play: string; planned: string[]; now: string[] }>({
    exit: 12,
    say: (f) =>
      `the plan is outdated: play "${f.play}" was planned for ${f.planned.join(', ') || 'no host'}, now it is for ${f.now.join(', ') || 'no host'}`,
    hint: planAgain,
  }),
  E_SAVED_PLAN_VARS: words<{ hosts: string[] }>({
    exit: 12,
    say: (f) => `the plan is outdated: the inventory gives other variables to ${f.hosts.join(', ')}`,
    hint: planAgain,
  }),
  E_SAVED_PLAN_PARAM: words<{ name: string; secret: boolean }>({
    exit: 12,
    say: (f) => `the plan was made with another value of \`${f.name}\``,
    hint: (f) => (f.secret ? `give the same secret: -p ${f.name}=…` : 'give the same value, or make a new plan'),
  }),
};
