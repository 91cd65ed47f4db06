import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument } from 'yaml';
import { scalarOffsets } from '../../src/util/scalar-offsets.ts';

/** The YAML of one value; `X` marks the character that is looked for. */
const cases: Record<string, string> = {
  plain: 'k: one X two',
  'plain over two lines': 'k: one\n  two X three',
  'plain with a blank line': 'k: one\n\n  two X three',
  'single quotes': "k: 'it''s X'",
  'double quotes': 'k: "a\\tb \\u00e9 \\"q\\" X"',
  'double quotes with an escaped break': 'k: "one \\\n   two X"',
  'double quotes with an astral escape': 'k: "\\U0001F600 X"',
  literal: 'k: |\n  one\n    two X\n',
  'literal with blank lines': 'k: |\n\n  one\n\n\n  two X\n',
  'literal, stripped': 'k: |-\n  one\n  X',
  'literal with CRLF': 'k: |\r\n  one\r\n  two X\r\n',
  folded: 'k: >\n  one\n  two X\n  three\n',
  'folded with a blank line': 'k: >\n  one\n\n  two X\n',
  'folded with a deeper line': 'k: >\n  one\n    deep\n  two X\n',
};

describe('the place of a character inside a YAML scalar', () => {
  it.each(Object.entries(cases))('%s', (_, yaml) => {
    const document = parseDocument(yaml);
    const node = document.get('k', true);
    if (!isScalar(node) || !node.range) throw new Error('not a scalar');
    const text = String(node.value);
    const source = yaml.slice(node.range[0], node.range[1]);
    const offsets = scalarOffsets(source, text);
    expect(offsets).toHaveLength(text.length + 1);
    expect(source[offsets?.[text.indexOf('X')] ?? -1]).toBe('X');
  });

  it('says so when the two do not belong together', () => {
    expect(scalarOffsets('"abc"', 'xyz')).toBeUndefined();
    expect(scalarOffsets('|\n  abc\n', 'abd\n')).toBeUndefined();
    expect(scalarOffsets('', 'abd')).toBeUndefined();
  });
});
