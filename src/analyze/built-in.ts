import type { Reference } from '../expr/expression.ts';
import type { Inventory } from '../model/inventory.ts';
import { facts } from '../modules/facts/index.gen.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Where } from '../problems/words/analyze.ts';
import { similar } from '../util/similar.ts';
import { type Fields, fieldsOf, missingField, spell } from './fields.ts';

/** What names of play's own stand for, as far as it is known before the run. */
export interface BuiltInNames {
  inventory: Inventory;
  /** The environment that play runs in. */
  env: Readonly<Record<string, string | undefined>>;
  /** The names of declared parameters. */
  params: readonly string[];
  /** Why a field of standard input has no value; undefined: it has. Not given: nobody has piped anything yet. */
  stdin?(field: string): string | undefined;
}

/** A name below one of play's own that is not there. */
export interface BuiltInFault {
  problem: Problem;
  /** `always`: whenever it is read. `here`: with this inventory and environment, so that a task may be meant for another one. */
  missing: 'always' | 'here';
}

/** Checks what is read of `facts`, `host`, `env` and the like. */
export function createBuiltInCheck({
  inventory,
  env,
  params,
  stdin,
}: BuiltInNames): (reference: Reference, where: () => Where) => BuiltInFault | undefined {
  const declared: Record<string, Fields> = {
    params: fieldsOf(params),
    facts: fieldsOf(facts.flatMap((group) => Object.keys(group.fields))),
    host: fieldsOf(['name', 'address', 'groups', 'vars']),
    stdin: fieldsOf(['text', 'lines', 'json']),
    run: fieldsOf(['id', 'check', 'playbook', 'started']),
  };
  const ofHost = declared['host'] ?? new Map();
  const fieldProblem = (
    { root, path }: Reference,
    wrong: NonNullable<ReturnType<typeof missingField>>,
    at: Problem['at'],
  ): Problem => {
    const near = wrong.similar ?? elsewhere(path, declared[root]);
    return problem(
      'E_FIELD_UNKNOWN',
      { of: spell([root, ...wrong.above]), field: wrong.field, similar: near, fields: wrong.fields },
      at,
    );
  };
  return (reference, where) => {
    const { root, path, at } = reference;
    const [first, ...rest] = path;
    if (root === 'params' && params.length === 0)
      return { problem: problem('E_PARAMS_NONE', {}, at), missing: 'always' };
    if (root === 'stdin') {
      const fault = stdin?.(first ?? 'text');
      if (fault !== undefined)
        return { problem: problem('E_STDIN', { field: first ?? 'text', fault }, at), missing: 'here' };
    }
    if (first === undefined) return undefined;
    const fields = Object.hasOwn(declared, root) ? declared[root] : undefined;
    if (fields) {
      const wrong = missingField(path, fields);
      return wrong && { problem: fieldProblem(reference, wrong, at), missing: 'always' };
    }
    if (root === 'env' && env[first] === undefined) {
      const facts = { name: first, similar: similar(first, Object.keys(env)), in: where() };
      return { problem: problem('E_ENV_UNSET', facts, at), missing: 'here' };
    }
    const names = root === 'groups' ? inventory.groups : root === 'hosts' ? inventory.hosts : undefined;
    if (!names) return undefined;
    if (!names.has(first)) {
      const known = [...names.keys()];
      const facts = { of: root, field: first, similar: similar(first, known), fields: known };
      return { problem: problem('E_FIELD_UNKNOWN', facts, at), missing: 'here' };
    }
    const wrong = root === 'hosts' ? missingField(rest, ofHost) : undefined;
    return wrong && { problem: fieldProblem({ ...reference, root: `hosts.${first}` }, wrong, at), missing: 'always' };
  };
}

/** A field of that name in another place: `facts.family` is probably `facts.os.family`. */
function elsewhere(path: readonly string[], fields: Fields | undefined): string | undefined {
  const wanted = path[0] ?? '';
  for (const [name, below] of fields ?? []) if (below.has(wanted)) return `${name}.${wanted}`;
  return undefined;
}
