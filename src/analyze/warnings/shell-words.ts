/** A word of shell text: its text without quotes, and where it stands, quotes included. */
export interface ShellWord {
  text: string;
  start: number;
  end: number;
}

/**
 * The simple commands of shell text, each a list of words. Only for looking at them: what it reads wrongly is at worst a warning too
 * many. Values are part of the words they stand in; here-documents and comments are left out.
 */
export function commandsIn(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  let word: ShellWord | undefined;
  let at = 0;
  const endWord = (): void => {
    if (word) words.push({ ...word, end: at });
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  const take = (length: number, shown = text.slice(at, at + length)): void => {
    word ??= { text: '', start: at, end: at };
    word.text += shown;
    at += length;
  };
  const blank = withoutDocuments(text);
  while (at < blank.length) {
    const char = blank[at]!;
    const value = /^\{\{.*?\}\}\}?/s.exec(blank.slice(at, at + 2) === '{{' ? blank.slice(at) : '')?.[0];
    if (value !== undefined) take(value.length);
    else if (char === "'" || char === '"') {
      const end = closing(blank, at);
      take(end - at, blank.slice(at + 1, end - 1));
    } else if (char === '\\') take(2, blank[at + 1] === '\n' ? '' : blank[at + 1]);
    else if (char === '#' && !word) at = blank.indexOf('\n', at) < 0 ? blank.length : blank.indexOf('\n', at);
    else if (/[;&|()\n`]/.test(char)) {
      endCommand();
      at += 1;
    } else if (/\s/.test(char)) {
      endWord();
      at += 1;
    } else if (blank.startsWith('$(', at)) {
      endCommand();
      at += 2;
    } else take(1);
  }
  endCommand();
  return commands;
}

/** Where a quoted stretch ends, the closing quote included. */
function closing(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

/** Bodies of here-documents become blanks, so that places stay the same. */
function withoutDocuments(text: string): string {
  return text.replace(
    /(<<-?\s*(["']?)(\w+)\2[^\n]*\n)(.*?)(?=^\t*\3$)/gms,
    (_, head: string, __, ___, body: string) => head + body.replace(/[^\n]/g, ' '),
  );
}
