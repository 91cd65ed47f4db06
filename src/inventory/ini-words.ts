/** One word of a host line: what it says, and where it stands in the line, quotes included. */
export interface IniWord {
  text: string;
  start: number;
  end: number;
  /** Where the first `=` stands in the line; -1 without one. */
  equals: number;
}

/** The words of a line, or what is wrong with it and where. */
export type IniWords = { words: IniWord[] } | { fault: 'quote' | 'escape' | 'hash'; start: number; end: number };

/**
 * Splits a host line as Ansible does, with POSIX shell quoting (Python's `shlex.split(line, comments=True)`): inside '…' nothing is special,
 * inside "…" a backslash stands before `"` and `\`, outside it takes the next character as it is; `#` begins a comment.
 * A `#` inside a word is a fault: shlex would cut the value there, which hardly anybody means.
 */
export function splitIniLine(line: string): IniWords {
  const words: IniWord[] = [];
  let word: IniWord | undefined;
  let at = 0;
  const open = (): IniWord => {
    word ??= { text: '', start: at, end: at, equals: -1 };
    return word;
  };
  const close = (): void => {
    if (word) words.push({ ...word, end: at });
    word = undefined;
  };
  while (at < line.length) {
    const char = line[at] ?? '';
    if (char === '#') {
      if (word) return { fault: 'hash', start: word.start, end: endOfWord(line, at) };
      break;
    }
    if (/\s/.test(char)) {
      close();
      at += 1;
    } else if (char === "'" || char === '"') {
      const started = open();
      const quoted = readQuoted(line, at);
      if (!quoted) return { fault: 'quote', start: at, end: line.length };
      if (started.equals < 0) started.equals = equalsIn(line, at, quoted.end);
      started.text += quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 >= line.length) return { fault: 'escape', start: at, end: at + 1 };
      open().text += line[at + 1];
      at += 2;
    } else {
      const started = open();
      if (char === '=' && started.equals < 0) started.equals = at;
      started.text += char;
      at += 1;
    }
  }
  close();
  return { words };
}

/** The text between the quotes that open at `start`, and the place behind them; undefined when they are not closed. */
function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const quote = line[start];
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    const char = line[at] ?? '';
    const next = line[at + 1] ?? '';
    if (char === quote) return { text, end: at + 1 };
    if (char === '\\' && quote === '"' && (next === '"' || next === '\\')) {
      text += next;
      at += 1;
    } else text += char;
  }
  return undefined;
}

function equalsIn(line: string, start: number, end: number): number {
  const found = line.slice(start, end).indexOf('=');
  return found < 0 ? -1 : start + found;
}

function endOfWord(line: string, at: number): number {
  const rest = /^\S*/.exec(line.slice(at))?.[0] ?? '';
  return at + rest.length;
}
