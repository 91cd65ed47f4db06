import type { Value } from '../model/value.ts';
import type { AnyFunction, Example } from './function.ts';

/** An example as an expression: `name(a, b)`, or `a.name(b)`. */
export function asExpression({ name }: AnyFunction, { args }: Example, form: 'call' | 'method' = 'call'): string {
  const [first = '', ...rest] = args.map((arg) => literal(arg));
  if (form === 'method') return `${first.startsWith('-') ? `(${first})` : first}.${name}(${rest.join(', ')})`;
  return `${name}(${args.length === 0 ? '' : [first, ...rest].join(', ')})`;
}

/** An example as a template, with the variables that it reads. Lists, mappings and long text stand in variables, as authors would have them. */
export function asTemplate(
  { name, params }: AnyFunction,
  { args }: Example,
): { template: string; vars: Record<string, Value> } {
  const names = Object.keys(params);
  const vars: Record<string, Value> = {};
  const words = args.map((arg, i) => {
    if (i > 0 && isPlain(arg)) return JSON.stringify(arg);
    const last = names.at(-1) ?? 'value';
    const variable = i < names.length - 1 ? (names[i] ?? last) : args.length > names.length ? `${last}${i + 1}` : last;
    vars[variable] = arg;
    return variable;
  });
  return { template: `{{${[name, ...words].join(' ')}}}`, vars };
}

/** What can be written between the braces as it is: Handlebars knows no escapes. */
function isPlain(value: Value): boolean {
  if (typeof value === 'string') return /^[^"\\\n\t{}]*$/.test(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) < 1e15);
}

function literal(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`)
    .join(', ')}}`;
}
