import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Where } from '../problems/words/analyze.ts';
import { similar } from '../util/similar.ts';
import { type Fields, fieldsOf, missingField, spell } from './fields.ts';

/** A task that leaves a name behind, for the hosts of its play. */
export interface Giver {
  name: string;
  kind: 'register' | 'set_fact';
  planned: PlannedTask;
  play: PlannedPlay;
}

/** Fields of every result, whatever the module; `msg` where it failed, `skip_reason` where it was skipped, `attempts` after `until`. */
const COMMON = ['changed', 'failed', 'skipped', 'msg', 'skip_reason', 'attempts'];

/** Fields of a loop's result beside those of its items. */
const LOOP = ['results', 'changed', 'failed', 'skipped'];

/** The names that a task leaves behind: its register, and what set_fact sets. */
export function givenBy(planned: PlannedTask, play: PlannedPlay): Giver[] {
  const { register, module, args } = planned.task;
  const facts = module === 'set_fact' ? Object.keys(args.value) : [];
  return [
    ...(register === undefined ? [] : [{ name: register, kind: 'register', planned, play } as const]),
    ...facts.map((name) => ({ name, kind: 'set_fact', planned, play }) as const),
  ];
}

/** What is wrong with the fields that are read of a result; several tasks may have given it. `own`: the task reads its own, of one item. */
export function resultFault(options: {
  name: string;
  path: readonly string[];
  givers: readonly Giver[];
  own: boolean;
  in: Where;
  at: Problem['at'];
}): Problem | undefined {
  const { name, path, givers, own, at } = options;
  const [field = '', , ...ofItem] = path;
  const [first] = givers;
  if (path.length === 0 || !first || givers.some((giver) => giver.kind === 'set_fact')) return undefined;
  const loops = own ? [] : givers.filter((giver) => giver.planned.task.loop !== undefined);
  const singles = givers.filter((giver) => !loops.includes(giver));
  const itemFields = (list: readonly Giver[]): Fields => fieldsOf(list.flatMap(({ planned }) => declared(planned)));
  const module = first.planned.task.module;
  const also = [{ at: first.planned.task.source.locate(['register']), label: `"${name}" is made here` }];
  if (singles.length === 0) {
    const wrong =
      field === 'results' ? missingField(ofItem, new Map([...itemFields(loops), ['item', NOTHING]])) : undefined;
    if (wrong) return problem('E_REGISTER_FIELD', { ...facts(wrong, module), name: `${name}.results[…]` }, at, also);
    if (LOOP.includes(field)) return undefined;
    const fields = itemFields(loops);
    if (fields.has(field)) return problem('E_REGISTER_LOOP', { name, field, in: options.in }, at, also);
    const near = similar(field, [...LOOP, ...fields.keys()]);
    return problem(
      'E_REGISTER_FIELD',
      { name, field, module: `a loop of ${module}`, similar: near, fields: LOOP },
      at,
      also,
    );
  }
  if (loops.length > 0 && LOOP.includes(field)) return undefined;
  const fields = itemFields(singles);
  if (field === 'results' && !fields.has(field)) return problem('E_REGISTER_NO_LOOP', { name }, at, also);
  const wrong = missingField(path, fields);
  if (!wrong) return undefined;
  const written = spell([name, ...wrong.above]);
  return problem('E_REGISTER_FIELD', { ...facts(wrong, module), name: written }, at, own ? undefined : also);
}

const NOTHING: Fields = new Map();

function declared({ module }: PlannedTask): string[] {
  return [...Object.keys(module.result), ...COMMON];
}

function facts(
  wrong: NonNullable<ReturnType<typeof missingField>>,
  module: string,
): { field: string; module: string; similar: string | undefined; fields: string[] } {
  const { field, similar: near, fields } = wrong;
  return { field, module, similar: near, fields: fields.filter((each) => !['skip_reason', 'attempts'].includes(each)) };
}
