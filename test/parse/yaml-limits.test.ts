import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/parse/yaml/limits.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { sentence } from '../../src/problems/problem.ts';

function messages(text: string): string[] {
  const { problems } = readYaml({ file: 'f.yml', text, sources: new Map() });
  return problems.map((one) => `${one.code}: ${sentence(one).message}`);
}

/** A second of work, on a machine that may be busy with other things. */
const SLOW = { timeout: 120_000 };

/** Ten aliases of ten aliases of … : 10^9 values in a few lines. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 10; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

describe('input that wants to use up memory or time is refused while it is read', () => {
  test.each([
    ['brackets', '['.repeat(1_000_000)],
    ['mappings in mappings', '{a: '.repeat(200_000)],
    ['lists in lists', '- '.repeat(500_000)],
    ['keys in keys', '? '.repeat(500_000)],
    ['indented mappings', Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['aliases of aliases', `- &a0 [1]\n${Array.from({ length: 200 }, (_, i) => `- &a${i + 1} [*a${i}]`).join('\n')}`],
  ])('nesting: %s', (_, text) => {
    expect(messages(text)).toEqual([`E_YAML_TOO_BIG: this is nested more than ${LIMITS.depth} levels deep`]);
  });

  test('64 levels are fine', () => {
    expect(messages('['.repeat(LIMITS.depth) + ']'.repeat(LIMITS.depth))).toEqual([]);
  });

  test('an alias bomb, in a merge key too', () => {
    const tooMany = `E_YAML_TOO_BIG: this file holds more than ${LIMITS.values} values, aliases counted each time they are used`;
    expect(messages(bomb())).toEqual([tooMany]);
    const maps = ['m0: &m0 { a: x, b: x }'];
    for (let i = 1; i < 30; i++) maps.push(`m${i}: &m${i} { <<: *m${i - 1}, c: *m${i - 1} }`);
    expect(messages(maps.join('\n'))).toEqual([tooMany]);
  });

  test('more values than any playbook has', SLOW, () => {
    expect(messages(`[${'1,'.repeat(LIMITS.values)}]`)[0]).toMatch(/^E_YAML_TOO_BIG: this file holds more than 200000/);
  });

  test('more lines than any playbook has', () => {
    expect(messages('#\n'.repeat(LIMITS.lines + 1))).toEqual(['E_YAML_TOO_BIG: this file has more than 250000 lines']);
  });

  test('more marks than any playbook has', SLOW, () => {
    expect(messages(`[${','.repeat(LIMITS.signs)}`)[0]).toMatch(/^E_YAML_TOO_BIG: this file holds more than 750000/);
  });

  test('more than 4 MiB, counted in bytes', () => {
    const fits = `a: ${'x'.repeat(LIMITS.bytes - 4)}\n`;
    expect(messages(fits)).toEqual([]);
    expect(messages(`${fits}#`)).toEqual(['E_YAML_TOO_BIG: this file is larger than 4 MiB']);
    expect(messages(`a: ${'é'.repeat(LIMITS.bytes / 2)}\n`)).toEqual([
      'E_YAML_TOO_BIG: this file is larger than 4 MiB',
    ]);
  });

  test('a mistake on every line is not told a thousand times', () => {
    expect(messages('a: {{ x }}\n'.repeat(10_000)).length).toBeLessThanOrEqual(20);
    expect(messages('a: !tag x\n'.repeat(10_000)).length).toBeLessThanOrEqual(20);
    expect(messages('a: \u0001\n'.repeat(10_000)).length).toBeLessThanOrEqual(20);
    expect(messages('a: "\\d"\n'.repeat(1_000)).length).toBeLessThanOrEqual(20);
  });
});

describe('long things in broken files do not take long either', () => {
  const long = 500_000;
  test.each([
    ['spaces before a comment', `a: b: c${' '.repeat(long)}x\n`],
    ['dashes before a key', `${'-'.repeat(long)}: a\n  b: 1\n`],
    ['spaces after a quote', `a: "b" c${' '.repeat(long)}d\n`],
    ['braces without end', `a: ${'{{ '.repeat(50)}${'x'.repeat(long)}\n`],
    ['a key', `? ${'k'.repeat(long)}\n: 1\n`],
    ['an alias', `a: *${'n'.repeat(long)}\n`],
    ['a tag', `a: !${'t'.repeat(long)}\n`],
    ['quotes', `${'"" '.repeat(1_000)}\n`],
    ['closing brackets', `${'] '.repeat(2_000)}\n`],
    ['anchors', `${'&a '.repeat(1_000)}\n`],
  ])('%s', (_, text) => {
    expect(messages(text).length).toBeGreaterThan(0);
  });
});

describe('characters that do not belong into a text file', () => {
  test.each([
    ['\u0000', 'U+0000'],
    ['\u001b[31m', 'U+001B'],
    ['\u0007', 'U+0007'],
    ['\u009b', 'U+009B'],
    ['\u007f', 'U+007F'],
    ['\ud800', 'U+D800'],
    ['a\rb', 'U+000D'],
    ['\ufeff', 'U+FEFF'],
  ])('%j', (text, name) => {
    expect(messages(`a: x${text}\n`)).toEqual([`E_YAML_CONTROL: there is a control character here (${name})`]);
  });

  test('what is left of a file that was not UTF-8', () => {
    const text = new TextDecoder().decode(Buffer.from('name: caf\u00e9', 'latin1'));
    expect(messages(text)).toEqual(['E_YAML_ENCODING: there is a byte here that is not UTF-8']);
  });
});
