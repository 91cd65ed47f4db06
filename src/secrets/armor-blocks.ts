/** An encrypted value inside a text: lines of armor, each behind the same indent. */
export interface ArmorBlock {
  start: number;
  end: number;
  indent: string;
  newline: string;
  /** Without the indent, ending in a newline. */
  armored: string;
}

const BLOCK =
  /^([ \t]*)-----BEGIN AGE ENCRYPTED FILE-----(\r?\n)(?:\1[A-Za-z0-9+/=]*\r?\n)*\1-----END AGE ENCRYPTED FILE-----/gm;

/** Every encrypted value of a YAML text, in order. */
export function armorBlocks(text: string): ArmorBlock[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const [whole, indent = '', newline = '\n'] = match;
    const armored = `${whole
      .split(/\r?\n/)
      .map((line) => line.slice(indent.length))
      .join('\n')}\n`;
    return { start: match.index, end: match.index + whole.length, indent, newline, armored };
  });
}

/** The text with each block's armor exchanged, everything else as it was, byte by byte. */
export function withBlocks(text: string, blocks: readonly ArmorBlock[], armored: readonly string[]): string {
  let at = 0;
  let out = '';
  for (const [index, block] of blocks.entries()) {
    const lines = (armored[index] ?? block.armored).trimEnd().split('\n');
    out += text.slice(at, block.start) + lines.map((line) => block.indent + line).join(block.newline);
    at = block.end;
  }
  return out + text.slice(at);
}
