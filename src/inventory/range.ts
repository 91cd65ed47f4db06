/** The names a host entry stands for, or what is wrong with its range. */
export type Expansion = { names: string[] } | { fault: string };

/** More names than this in one entry is taken for a typo. */
const mostNames = 65_536;

const bracket = /\[([^[\]]*)\]/;

/**
 * Expands `web[01:20]`, `db-[a:f]`, `n[0:10:2]` and several of them in one name. Both ends belong to the range;
 * a start with leading zeros sets the width (Ansible's rules).
 */
export function expandRanges(text: string): Expansion {
  const found = bracket.exec(text);
  if (!found) return /[[\]]/.test(text) ? { fault: 'a bracket is not closed' } : { names: [text] };
  const inner = rangeItems(found[1] ?? '');
  if ('fault' in inner) return inner;
  const head = text.slice(0, found.index);
  if (head.includes(']')) return { fault: 'a bracket is not closed' };
  const rest = expandRanges(text.slice(found.index + found[0].length));
  if ('fault' in rest) return rest;
  if (inner.names.length * rest.names.length > mostNames)
    return { fault: `it stands for more than ${mostNames} names` };
  return { names: inner.names.flatMap((item) => rest.names.map((tail) => head + item + tail)) };
}

function rangeItems(text: string): Expansion {
  const parts = text.split(':');
  if (parts.length < 2 || parts.length > 3)
    return { fault: `[${text}] is not of the form [start:end] or [start:end:step]` };
  const [from = '', to = '', by = '1'] = parts;
  if (to === '') return { fault: `[${text}] has no end` };
  const step = /^\d+$/.test(by) ? Number(by) : 0;
  if (step < 1) return { fault: `the step of [${text}] must be a whole number from 1` };
  if (/^\d*$/.test(from) && /^\d+$/.test(to)) return numbers({ text, from: from || '0', to, step });
  if (/^[a-z]$/.test(from) && /^[a-z]$/.test(to)) return letters({ text, from, to, step });
  if (/^[A-Z]$/.test(from) && /^[A-Z]$/.test(to)) return letters({ text, from, to, step });
  return { fault: `the ends of [${text}] must be two numbers, or two letters of one case` };
}

interface Ends {
  text: string;
  from: string;
  to: string;
  step: number;
}

function numbers({ text, from, to, step }: Ends): Expansion {
  const padded = from.length > 1 && from.startsWith('0');
  if (padded && from.length !== to.length)
    return { fault: `the ends of [${text}] must have the same number of digits` };
  return steps({ text, first: Number(from), last: Number(to), step }, (n) =>
    String(n).padStart(padded ? from.length : 0, '0'),
  );
}

function letters({ text, from, to, step }: Ends): Expansion {
  return steps({ text, first: from.charCodeAt(0), last: to.charCodeAt(0), step }, (n) => String.fromCharCode(n));
}

function steps(
  { text, first, last, step }: { text: string; first: number; last: number; step: number },
  show: (n: number) => string,
): Expansion {
  if (last < first) return { fault: `[${text}] runs backwards` };
  if ((last - first) / step >= mostNames) return { fault: `[${text}] stands for more than ${mostNames} names` };
  return { names: Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => show(first + i * step)) };
}
