import type { EngineFault } from './engine.ts';

interface Explanation {
  detail: string;
  advice?: string;
}

/** The engine's wordings (its version is pinned), and ours for them. */
const WORDINGS: [RegExp, (...parts: string[]) => Explanation][] = [
  [/^no such overload: ([-!])(\S+)$/, (operator, type) => ({ detail: `${operator} does not work on ${kind(type)}` })],
  [/^no such overload: (.+) (\S+) (\S+(?:, \S+)?)$/, binary],
  [
    /^found no matching overload for '(?:(.+)\.)?(\w+)\((.*)\)'$/,
    (receiver, name, args = '') => {
      const given = args === '' ? 'no arguments' : args.split(', ').map(kind).join(', ');
      if (!receiver) return { detail: `${name}() cannot be used with ${given}` };
      return { detail: `${name}() cannot be used on ${kind(receiver)} with ${given}` };
    },
  ],
  [
    /^Logical operator requires bool operands, got '(.+)'$/,
    (type) => ({ detail: `&& and || go between true and false, not ${kind(type)}` }),
  ],
  [
    /^Ternary condition must be bool, got '(.+)'$/,
    (type) => ({ detail: `what stands before ? is true or false, not ${kind(type)}` }),
  ],
  [
    /predicate must return bool, got '(.+)'$/,
    (type) => ({ detail: `the test of each item must be true or false, not ${kind(type)}` }),
  ],
  [
    /^Ternary branches must have the same type, got '(.+)' and '(.+)'$/,
    (yes, no) => ({ detail: `both sides of : must be of one kind, not ${kind(yes)} and ${kind(no)}` }),
  ],
  [
    /^has\(\) invalid argument$/,
    () => ({ detail: 'has() asks for a field of something', advice: 'for a variable, write: has(vars.NAME)' }),
  ],
  [/^(\w+)\(\) (?:type|conversion) error/, (to) => ({ detail: `this cannot be made into ${kind(to)}` })],
  [
    /^Unsupported type/,
    () => ({ detail: 'a mapping in it has a key named "constructor", which no expression can hold' }),
  ],
];

/** What the engine says, in everyday words, with advice where there is some. */
export function explain(fault: EngineFault): Explanation {
  for (const [pattern, words] of WORDINGS) {
    const parts = pattern.exec(fault.summary);
    if (parts) return words(...parts.slice(1));
  }
  return { detail: fault.summary };
}

const KINDS: Record<string, string> = {
  double: 'a number',
  int: 'a whole number',
  string: 'text',
  bool: 'true or false',
  null: 'null',
  type: 'a type',
  dyn: 'this',
};

/** A CEL type in everyday words. */
export function kind(type = ''): string {
  const inner = type.replace(/^dyn<(.*)>$/, '$1');
  if (inner.startsWith('list')) return 'a list';
  if (inner.startsWith('map')) return 'a mapping';
  return KINDS[inner] ?? inner;
}

function binary(left?: string, operator?: string, right?: string): Explanation {
  const kinds = [kind(left), kind(right)];
  const detail = `${operator} does not work between ${kinds[0]} and ${kinds[1]}`;
  if (!kinds.includes('text') || !kinds.some((one) => one.includes('number'))) return { detail };
  return {
    detail,
    advice: operator === '+' ? 'make text of the number: string(…)' : 'make a number of the text: int(…) or double(…)',
  };
}
