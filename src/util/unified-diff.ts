/** Added and removed lines, and milliseconds in which no host is served, that a diff may cost. */
const LIMITS = { maxEditLength: 5_000, timeout: 250 };

/** A text before and after; `undefined` = no such file. */
export interface DiffSides {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/**
 * The unified diff of two texts with three lines of context, ending in a newline; empty when they are equal.
 * Binary and hugely different texts are told in one line. Nothing is cleaned: whoever prints it does that.
 */
export async function unifiedDiff({ path, before, after }: DiffSides): Promise<string> {
  if (before === after) return '';
  const [from, to] = [before === undefined ? '/dev/null' : path, after === undefined ? '/dev/null' : path];
  const header = `--- ${from}\n+++ ${to}\n`;
  if (before?.includes('\0') || after?.includes('\0')) return `${header}@@ binary, ${sizes(before, after)} @@\n`;
  const { FILE_HEADERS_ONLY, createTwoFilesPatch } = await import('diff');
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY, ...LIMITS };
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, options);
  return patch ?? `${header}@@ too many changes to show, ${sizes(before, after)} @@\n`;
}

function sizes(before: string | undefined, after: string | undefined): string {
  const size = (text: string | undefined): string =>
    text === undefined ? 'no file' : `${Buffer.byteLength(text)} bytes`;
  return `${size(before)} before, ${size(after)} after`;
}
