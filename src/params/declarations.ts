import { type ParamDeclaration, type ParamType, paramTypes } from '../model/param.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { describe } from '../parse/describe.ts';
import { variableNameFault } from '../parse/names.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { checkParamValue } from './check-value.ts';
import { parseSize } from './size.ts';

const KEYS = [
  'type',
  'required',
  'default',
  'enum',
  'pattern',
  'min',
  'max',
  'env',
  'positional',
  'prompt',
  'confirm',
  'secret',
  'help',
];

/** Words of other tools and languages for a type. */
const OTHER: Readonly<Record<string, ParamType>> = {
  str: 'string',
  text: 'string',
  integer: 'int',
  float: 'number',
  boolean: 'bool',
  array: 'list',
  dict: 'map',
  object: 'map',
  file: 'path',
  password: 'secret',
};

/** Reads `params:` of a playbook or a role: every mistake at its place. A faulty declaration is left out, unless its name and type are known. */
export function readDeclarations(params: Located<Fields>): { declarations: ParamDeclaration[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const declarations = Object.entries(params.value).flatMap(([name, value]) => {
    const read = readOne(params, name, value, problems);
    return read ? [read] : [];
  });
  problems.push(...misplaced(declarations));
  return { declarations, problems };
}

/** Words behind the playbook are told apart by their number alone. */
function misplaced(declarations: readonly ParamDeclaration[]): Problem[] {
  const inOrder = declarations.filter(({ positional }) => positional);
  return inOrder.flatMap(({ name, type, required, at }, i) => {
    const tell = (detail: string): Problem[] => [problem('E_PARAM_DECLARED', { name, detail }, at)];
    if (type === 'bool') return tell('is true or false, which is said by a flag and not by its place');
    if (type === 'list' && i < inOrder.length - 1)
      return tell('takes all words that are left, so it has to be the last');
    const open = inOrder.slice(0, i).find((one) => !one.required);
    return required && open ? tell(`is required, and "${open.name}" before it is not`) : [];
  });
}

type Tell = (path: string[], detail: string, more?: { similar?: string | undefined; advice?: string }) => void;

function readOne(
  params: Located<Fields>,
  name: string,
  value: Value,
  problems: Problem[],
): ParamDeclaration | undefined {
  const at = params.locate([name], 'key');
  const tell: Tell = (path, detail, more = {}) => {
    problems.push(problem('E_PARAM_DECLARED', { name, detail, ...more }, params.locate([name, ...path])));
  };
  if (variableNameFault(name)?.fault === 'characters') {
    problems.push(problem('E_PARAM_DECLARED', { name, detail: 'needs another name: letters, digits and _' }, at));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    tell([], `is declared by a mapping, not ${describe(value)}`, { advice: `for example: ${name}: { type: string }` });
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (KEYS.includes(key)) continue;
    const detail = `has no key "${key}"`;
    const facts = { name, detail, similar: similar(key, KEYS), advice: `it takes ${KEYS.join(', ')}` };
    problems.push(problem('E_PARAM_DECLARED', facts, params.locate([name, key], 'key')));
  }
  const type = readType(value, tell);
  const flag = (key: string): boolean => {
    const given = value[key];
    if (given === undefined || typeof given === 'boolean') return given ?? false;
    tell([key], `needs true or false for "${key}", not ${describe(given)}`);
    return false;
  };
  const text = (key: string): string | undefined => {
    const given = value[key];
    if (given === undefined || (typeof given === 'string' && given !== '')) return given;
    tell([key], `needs text for "${key}", not ${describe(given)}`);
    return undefined;
  };
  const limit = (key: 'min' | 'max'): number | undefined => {
    const given = value[key];
    const number = type === 'size' ? parseSize(given) : given;
    if (number === undefined || typeof number === 'number') return number;
    tell([key], `needs a number for "${key}", not ${describe(given ?? null)}`);
    return undefined;
  };
  const declaration: ParamDeclaration = {
    name,
    type,
    required: flag('required'),
    confirm: flag('confirm'),
    secret: flag('secret') || type === 'secret',
    at,
  };
  const [allowed, pattern, env, help] = [
    readEnum(value, type, tell),
    readPattern(text('pattern'), tell),
    text('env'),
    text('help'),
  ];
  const [min, max] = [limit('min'), limit('max')];
  const { prompt } = value;
  if (prompt !== undefined && typeof prompt !== 'boolean' && typeof prompt !== 'string') {
    tell(['prompt'], `needs true or a question for "prompt", not ${describe(prompt)}`);
  } else if (prompt !== undefined) declaration.prompt = prompt;
  if (min !== undefined && max !== undefined && min > max) tell(['min'], 'has a "min" above its "max"');
  if (declaration.confirm && !declaration.prompt) tell(['confirm'], 'has "confirm" without "prompt": nothing is asked');
  Object.assign(declaration, allowed && { enum: allowed }, pattern && { pattern }, env && { env }, help && { help });
  if (flag('positional')) declaration.positional = true;
  Object.assign(declaration, min !== undefined && { min }, max !== undefined && { max });
  readDefault(declaration, { params, value, problems, tell });
  return declaration;
}

function readType(value: Fields, tell: Tell): ParamType {
  const given = value['type'] ?? (value['enum'] === undefined ? 'string' : 'enum');
  const found = paramTypes.find((type) => type === given);
  if (found) return found;
  const word = String(given);
  const near = Object.hasOwn(OTHER, word) ? OTHER[word] : similar(word, paramTypes);
  tell(['type'], `has no type that is known: ${describe(given)}`, {
    similar: near,
    advice: `the types are ${paramTypes.join(', ')}`,
  });
  return (near as ParamType) ?? 'string';
}

function readEnum(value: Fields, type: ParamType, tell: Tell): Value[] | undefined {
  const given = value['enum'];
  if (given === undefined) {
    if (type === 'enum') tell([], 'is of the type enum and has no "enum"', { advice: 'list its values: enum: [a, b]' });
    return undefined;
  }
  if (Array.isArray(given) && given.length > 0)
    return type === 'string' ? given.map((one) => (typeof one === 'number' ? String(one) : one)) : given;
  tell(['enum'], `needs a list of values for "enum", not ${describe(given)}`);
  return undefined;
}

function readPattern(pattern: string | undefined, tell: Tell): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return pattern;
  } catch (error) {
    tell(
      ['pattern'],
      `has a "pattern" that is no regular expression: ${(error as Error).message.replace(/^.*: /, '')}`,
    );
    return undefined;
  }
}

function readDefault(
  declaration: ParamDeclaration,
  { params, value, problems, tell }: { params: Located<Fields>; value: Fields; problems: Problem[]; tell: Tell },
): void {
  const given = value['default'];
  if (given === undefined) return;
  if (declaration.required) tell(['default'], 'is required and has a default', { advice: 'keep one of the two' });
  if (typeof given === 'string' && given.includes('{{')) {
    declaration.default = given;
    return;
  }
  const checked = checkParamValue(declaration, given, {
    at: params.locate([declaration.name, 'default']),
    from: 'default',
  });
  if (checked.problem) problems.push(checked.problem);
  else declaration.default = checked.value;
}
