import type { PlannedReader } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Where } from '../problems/words/analyze.ts';
import { similar } from '../util/similar.ts';
import { type Fields, fieldsOf, missingField, spell } from './fields.ts';
import type { Giver } from './givers.ts';

/** Fields of a result that are read. */
export interface ResultReading {
  name: string;
  path: readonly string[];
  /** The tasks that may have given it. */
  givers: readonly Giver[];
  /** The task reads its own result, which is that of one item. */
  own: boolean;
  where(): Where;
  at: Problem['at'];
}

/** Fields of every result, whatever the module; `msg` where it failed. */
const COMMON = ['changed', 'failed', 'skipped', 'msg'];
/** Fields that are there after a skip and after `until`: known, but nobody is told of them. */
const RARE = ['skip_reason', 'attempts'];
/** Fields of a loop's result; those of the module are in each of its results. */
const LOOP = ['results', 'changed', 'failed', 'skipped'];

/** Checks fields against what modules declare; what set_fact gives may have any. */
export function createResultCheck(): (reading: ResultReading) => Problem | undefined {
  const known = new Map<PlannedReader['module'], Fields>();
  const fieldsOfModule = (module: PlannedReader['module']): Fields => {
    const fields = known.get(module) ?? fieldsOf([...Object.keys(module.result), ...COMMON, ...RARE]);
    known.set(module, fields);
    return fields;
  };
  const fieldsOfAll = (givers: readonly Giver[]): Fields => {
    const [first, ...others] = new Set(givers.map(({ planned }) => planned.module));
    if (!first || others.length === 0) return first ? fieldsOfModule(first) : new Map();
    return new Map([first, ...others].flatMap((module) => [...fieldsOfModule(module)]));
  };
  return (reading) => {
    const { path, givers, own } = reading;
    if (path.length === 0 || givers.some(({ kind, planned }) => kind === 'set_fact' || planned.module.openResult))
      return undefined;
    const loops = own ? [] : givers.filter(({ planned }) => planned.task.loop !== undefined);
    if (loops.length === givers.length) return loopFault(reading, fieldsOfAll(givers));
    const singles = loops.length === 0 ? givers : givers.filter((giver) => !loops.includes(giver));
    const isOfLoop = loops.length > 0 && LOOP.includes(path[0] ?? '');
    return isOfLoop ? undefined : singleFault(reading, fieldsOfAll(singles));
  };
}

function loopFault({ name, path, givers, where, at }: ResultReading, ofItem: Fields): Problem | undefined {
  const [field = '', , ...below] = path;
  const module = moduleOf(givers);
  if (field === 'results') {
    const wrong = missingField(below, new Map([...ofItem, ['item', NOTHING]]));
    const facts = wrong && { name: `${name}.results[…]`, module, ...told(wrong) };
    return facts && problem('E_REGISTER_FIELD', facts, at, madeHere(name, givers));
  }
  if (LOOP.includes(field)) return undefined;
  if (ofItem.has(field)) {
    return problem('E_REGISTER_LOOP', { name, field, in: where() }, at, madeHere(name, givers));
  }
  const near = similar(field, [...LOOP, ...ofItem.keys()]);
  const facts = { name, field, module: `a loop of ${module}`, similar: near, fields: LOOP };
  return problem('E_REGISTER_FIELD', facts, at, madeHere(name, givers));
}

function singleFault({ name, path, givers, own, at }: ResultReading, fields: Fields): Problem | undefined {
  const wrong = missingField(path, fields);
  if (!wrong) return undefined;
  const also = own ? undefined : madeHere(name, givers);
  if (path[0] === 'results') return problem('E_REGISTER_NO_LOOP', { name }, at, also);
  const written = spell([name, ...wrong.above]);
  return problem('E_REGISTER_FIELD', { name: written, module: moduleOf(givers), ...told(wrong) }, at, also);
}

const NOTHING: Fields = new Map();

function moduleOf([giver]: readonly Giver[]): string {
  return giver?.planned.module.name ?? '';
}

function madeHere(name: string, [giver]: readonly Giver[]): Problem['also'] {
  return giver && [{ at: giver.at, label: `"${name}" is made here` }];
}

function told(wrong: NonNullable<ReturnType<typeof missingField>>): {
  field: string;
  similar: string | undefined;
  fields: string[];
} {
  return { field: wrong.field, similar: wrong.similar, fields: wrong.fields.filter((each) => !RARE.includes(each)) };
}
