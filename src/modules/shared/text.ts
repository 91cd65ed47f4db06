/** Bytes as text, when they are text: UTF-8 without NUL. A byte order mark stays. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Lines with their ends. Only a newline ends one, unless `returns` says that a carriage return does too. */
export function linesOf(text: string, { returns = false } = {}): string[] {
  return text.match(returns ? /[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g : /[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Without the newlines and carriage returns at its end. */
export function chomp(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return text.slice(0, end);
}
