/** Helpers to read what hosts print; a host may print anything. */

/** The lines of a text, without empty ones. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

/** The first line, trimmed. */
export function firstLine(text: string): string {
  return (linesOf(text)[0] ?? '').trim();
}

/** A whole number that JavaScript can hold exactly; 0 for anything else. */
export function wholeNumber(text: string | undefined): number {
  const value = /^\d{1,16}$/.test(text ?? '') ? Number(text) : 0;
  return Number.isSafeInteger(value) ? value : 0;
}

/** A mount point or device as it stands in /proc/mounts, where white space is written in octal. */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
