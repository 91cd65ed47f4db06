import { type Argument, FunctionError } from './functions.ts';

/** Orders texts by code unit and numbers by size; throws FunctionError for anything else and for a mixture. */
export function compare(name: string): (a: Argument, b: Argument) => number {
  return (a, b) => {
    const sameKind = typeof a === 'string' ? typeof b === 'string' : isNumber(a) && isNumber(b);
    if (!sameKind || a === null || b === null)
      throw new FunctionError(`${name}() takes a list of texts or a list of numbers`);
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

/** The first item; throws FunctionError for an empty list. */
export function first(name: string, list: Argument[]): Argument {
  const [item] = list;
  if (item === undefined) throw new FunctionError(`${name}() of an empty list`);
  return item;
}

function isNumber(value: Argument): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
