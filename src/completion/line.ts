import type { CommandShape, OptionShape } from './commands.ts';

/** A command line up to the cursor, as far as it is understood. */
export interface Line {
  /** The word in which the cursor is, up to it. */
  current: string;
  /** Words that are neither options nor their values. */
  operands: string[];
  /** What options were given, by their longest name. */
  given: Map<string, string[]>;
  /** The option whose value is typed. `prefix` is what stands before the value in the same word: `--env=`. */
  open?: { option: OptionShape; prefix: string };
  /** After `--` there are no options. */
  ended: boolean;
}

/** Reads words as commander does; the last one is the one that is typed. */
export function readLine(words: readonly string[], { options }: Pick<CommandShape, 'options'>): Line {
  const current = words.at(-1) ?? '';
  const line: Line = { current, operands: [], given: new Map(), ended: false };
  let open: OptionShape | undefined;
  for (const word of words.slice(0, -1)) {
    if (open) {
      give(line, open, word);
      open = undefined;
    } else if (line.ended || !word.startsWith('-') || word === '-') line.operands.push(word);
    else if (word === '--') line.ended = true;
    else open = readOption(line, word, options);
  }
  if (open) return { ...line, open: { option: open, prefix: '' } };
  if (line.ended) return line;
  const [, name, prefix] = /^(--[^=]+)(=)/.exec(current) ?? [];
  const option = options.find((each) => name !== undefined && each.names.includes(name) && each.value !== undefined);
  return option ? { ...line, open: { option, prefix: `${name}${prefix}` } } : line;
}

/** Reads `--name=value`, `--name`, `-n`, `-nvalue` and `-vn`. Gives the option that waits for its value. */
function readOption(line: Line, word: string, options: readonly OptionShape[]): OptionShape | undefined {
  const named = (name: string): OptionShape | undefined => options.find(({ names }) => names.includes(name));
  if (word.startsWith('--')) {
    const [, name = '', value] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const option = named(name);
    if (option?.value === undefined) return undefined;
    if (value === undefined) return option;
    give(line, option, value);
    return undefined;
  }
  for (let i = 1; i < word.length; i += 1) {
    const option = named(`-${word[i]}`);
    if (option?.value === undefined) continue;
    if (i === word.length - 1) return option;
    give(line, option, word.slice(i + 1));
    return undefined;
  }
  return undefined;
}

function give(line: Line, { names }: OptionShape, value: string): void {
  const name = names.at(-1) ?? '';
  line.given.set(name, [...(line.given.get(name) ?? []), value]);
}
