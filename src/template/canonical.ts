/**
 * Builds the text that the Handlebars parser reads, and remembers where each of its characters comes from.
 * What Handlebars would misread in author text (braces, backslashes, NUL) travels as characters that the author did not use.
 */
export interface Canonical {
  /** Text that stands in the source as it is. */
  verbatim(text: string, from: number): void;
  /** Text that stands for a stretch of the source. */
  instead(text: string, from: number, to: number): void;
  /** Author text between mustaches. */
  content(text: string, from: number): void;
  text(): string;
  /** Turns offsets in the built text into offsets in the source. */
  toSource(start: number, end: number): { start: number; end: number };
  /** Author text as it was, from what the parser gives back. */
  restore(text: string): string;
  /** A name that no author can have written. */
  readonly secret: string;
}

const HIDDEN = ['{', '}', '\\', '\0', '\r'];

/** Starts an empty text for a source. */
export function canonical(source: string): Canonical {
  const spare = spareCharacters(source, HIDDEN.length + 1);
  const hide = new Map(HIDDEN.map((char, i) => [char, spare[i] ?? '']));
  const show = new Map(HIDDEN.map((char, i) => [spare[i] ?? '', char]));
  const hidden = new RegExp(`[${spare.join('')}]`, 'g');
  const stretches: Stretch[] = [];
  let built = '';
  const add = (text: string, from: number, to: number): void => {
    if (text === '') return;
    stretches.push({ at: built.length, from, to, isVerbatim: to - from === text.length });
    built += text;
  };
  return {
    verbatim: (text, from) => add(text, from, from + text.length),
    instead: add,
    // A lone carriage return would count as a line end for the parser; before a line feed it may stay.
    content: (text, from) =>
      add(
        text.replace(/[{}\\\0]|\r(?!\n)/g, (char) => hide.get(char) ?? char),
        from,
        from + text.length,
      ),
    text: () => built,
    toSource: (start, end) => {
      const from = sourceOffset(stretches, start, 'start') ?? source.length;
      return { start: from, end: end > start ? (sourceOffset(stretches, end - 1, 'end') ?? source.length) : from };
    },
    restore: (text) => text.replace(hidden, (char) => show.get(char) ?? char),
    secret: spare.at(-1) ?? '',
  };
}

/** A stretch of the built text and where it comes from. */
interface Stretch {
  at: number;
  from: number;
  to: number;
  /** Character for character; else the whole of it stands for the whole of its source. */
  isVerbatim: boolean;
}

/** Where the character at an offset of the built text starts, or ends, in the source. */
function sourceOffset(stretches: readonly Stretch[], offset: number, edge: 'start' | 'end'): number | undefined {
  let low = 0;
  for (let high = stretches.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const stretch = stretches[low - 1];
  if (!stretch) return undefined;
  const inside = stretch.from + offset - stretch.at;
  if (!stretch.isVerbatim) return edge === 'start' ? stretch.from : stretch.to;
  return inside < stretch.to ? inside + (edge === 'end' ? 1 : 0) : undefined;
}

/** Characters of the private use area that a text does not hold; there are 6,400, and text made of all of them is not text. */
export function spareCharacters(text: string, count: number): string[] {
  const spare: string[] = [];
  for (let code = 0xe000; code < 0xf900 && spare.length < count; code++) {
    const char = String.fromCharCode(code);
    if (!text.includes(char)) spare.push(char);
  }
  return spare;
}
