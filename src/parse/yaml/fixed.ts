/** A value in quotes that keeps it as it is: '…' unless that would need doubled quotes and "…" would not. */
function quoted(value: string): string {
  if (value.includes("'") && !/["\\]/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "''")}'`;
}

/** The line that holds an offset: where it starts, and its text without the line break. */
export function lineAt(text: string, offset: number): { start: number; text: string } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { start, text: text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '') };
}

/**
 * The line of an offset as it should be: what stands from `start` up to the end of the value put in quotes.
 * In a flow collection the value ends before `,`, `]` or `}`, else at the end of the line or its comment. Undefined when the line is too long to show.
 */
export function quotedLine(text: string, start: number, flow: boolean): string | undefined {
  const line = lineAt(text, start);
  if (line.text.length > 160) return undefined;
  const from = start - line.start;
  const length = flow ? flowLength(line.text.slice(from)) : blockLength(line.text.slice(from));
  const value = line.text.slice(from, from + length);
  return (line.text.slice(0, from) + quoted(value) + line.text.slice(from + length)).trim();
}

function blockLength(rest: string): number {
  const comment = rest.search(/\s#/);
  const value = comment === -1 ? rest : rest.slice(0, comment);
  const key = /^\{\{.*?\}\}(?=:(?:\s|$))/.exec(value);
  return key ? key[0].length : value.trimEnd().length;
}

function flowLength(rest: string): number {
  const braces = /^\{\{.*?\}\}\}?/.exec(rest)?.[0].length ?? 0;
  const stop = rest.slice(braces).search(/[,\]}]|\s#/);
  const value = stop === -1 ? rest : rest.slice(0, braces + stop);
  return value.trimEnd().length;
}

/** The next line after an offset that is not blank, its white space left out. */
export function nextLine(text: string, offset: number): { start: number; end: number } | undefined {
  const found = /\n[ \t]*(\S[^\n]*)/g;
  found.lastIndex = offset;
  const match = found.exec(text);
  if (!match?.[1]) return undefined;
  const content = match[1].trimEnd();
  const start = match.index + match[0].length - match[1].length;
  return { start, end: start + content.length };
}
