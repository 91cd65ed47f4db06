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
  const starts: number[] = [];
  const ends: number[] = [];
  let built = '';
  const add = (text: string, place: (i: number) => [number, number]): void => {
    for (let i = 0; i < text.length; i++) {
      const [start, end] = place(i);
      starts.push(start);
      ends.push(end);
    }
    built += text;
  };
  return {
    verbatim: (text, from) => add(text, (i) => [from + i, from + i + 1]),
    instead: (text, from, to) => add(text, () => [from, to]),
    content: (text, from) => {
      // A lone carriage return would count as a line end for the parser; before a line feed it may stay.
      const safe = text.replace(/[{}\\\0]|\r(?!\n)/g, (char) => hide.get(char) ?? char);
      add(safe, (i) => [from + i, from + i + 1]);
    },
    text: () => built,
    toSource: (start, end) => ({
      start: starts[start] ?? source.length,
      end: end > start ? (ends[end - 1] ?? source.length) : (starts[start] ?? source.length),
    }),
    restore: (text) => text.replace(hidden, (char) => show.get(char) ?? char),
    secret: spare.at(-1) ?? '',
  };
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
