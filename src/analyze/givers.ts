import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';

/** A task that leaves a name behind, for the hosts of its play. */
export interface Giver {
  name: string;
  kind: 'register' | 'set_fact';
  planned: PlannedTask;
  play: PlannedPlay;
}

/** The names that a task leaves behind: its register, and what set_fact or its like sets. */
export function givenBy(planned: PlannedTask, play: PlannedPlay): Giver[] {
  const { register, module, args } = planned.task;
  const facts = module === 'set_fact' ? Object.keys(args.value) : Object.keys(planned.module.facts ?? {});
  return [
    ...(register === undefined ? [] : [{ name: register, kind: 'register', planned, play } as const]),
    ...facts.map((name) => ({ name, kind: 'set_fact', planned, play }) as const),
  ];
}
