import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/parse/yaml.ts';

function read(text: string): unknown {
  const { root, problems } = readYaml({ file: 'f.yml', text, sources: new Map() });
  expect(problems).toEqual([]);
  return root?.value;
}

function codes(text: string): string[] {
  return readYaml({ file: 'f.yml', text, sources: new Map() }).problems.map((one) => one.code);
}

describe('what is written is what is meant', () => {
  test.each([
    ['yes', 'yes'],
    ['no', 'no'],
    ['on', 'on'],
    ['Off', 'Off'],
    ['y', 'y'],
    ['true', true],
    ['False', false],
    ['null', null],
    ['~', null],
    ['', null],
    ['12:30', '12:30'],
    ['12:30:45', '12:30:45'],
    ['2026-01-31', '2026-01-31'],
    ['5', 5],
    ['-5', -5],
    ['1.5', 1.5],
    ['0.25', 0.25],
    ['1.10', '1.10'],
    ['1.0', '1.0'],
    ['3.10.0', '3.10.0'],
    ['0644', '0644'],
    ['010', '010'],
    ['0o644', '0o644'],
    ['0x1F', '0x1F'],
    ['1e3', '1e3'],
    ['1234567e8', '1234567e8'],
    ['1e400', '1e400'],
    ['.inf', '.inf'],
    ['.nan', '.nan'],
    ['+5', '+5'],
    ['-0', '-0'],
    ['1_000', '1_000'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    ["'5'", '5'],
    ['"true"', 'true'],
    ['!!str 5', '5'],
    ['!!str', ''],
    ['! 5', '5'],
    ['!!int 0x1F', 31],
    ['!!float 1.10', 1.1],
    ['!!bool true', true],
    ['!!null ~', null],
    ['a#b', 'a#b'],
    ['a # b', 'a'],
    ["'{{ x }}'", '{{ x }}'],
    ['x{{ y }}', 'x{{ y }}'],
  ])('value: %s', (source, value) => {
    expect(read(`value: ${source}\n`)).toEqual({ value });
  });

  test.each([
    ['mode: 0644', '0644'],
    ['mode: 644', '0644'],
    ['mode: 0o644', '0644'],
    ['mode: 0750', '0750'],
    ['mode: 750', '0750'],
    ['mode: 1777', '1777'],
    ['mode: 02755', '02755'],
    ['directory_mode: 755', '0755'],
    ['umask: 022', '0022'],
    ['mode: 0899', '0899'],
    ['mode: u=rw,g=r', 'u=rw,g=r'],
    ["mode: '644'", '644'],
    ['mode: 5', 5],
    ['mode: preserve', 'preserve'],
  ])('%s is "%s", never a decimal number', (source, value) => {
    expect(Object.values(read(`${source}\n`) as object)).toEqual([value]);
  });

  test('keys are the text as written', () => {
    expect(read('80: a\n"90": b\ntrue: c\nnull: d\n1.10: e\nyes: f\n')).toEqual({
      '80': 'a',
      '90': 'b',
      true: 'c',
      null: 'd',
      '1.10': 'e',
      yes: 'f',
    });
  });

  test('mappings have no prototype, so no name finds anything that is not in the file', () => {
    const value = read('a: { b: 1 }\n') as Record<string, Record<string, unknown>>;
    expect(value['constructor']).toBeUndefined();
    expect(value['a']?.['toString']).toBeUndefined();
  });

  test('a byte order mark and Windows line ends change nothing', () => {
    expect(read('\ufeffname: x\r\ntext: |\r\n  one\r\n  two\r\nfolded: "a\r\n  b"\r\n')).toEqual({
      name: 'x',
      text: 'one\ntwo\n',
      folded: 'a b',
    });
  });

  test.each(['', '\n', '# nothing\n', '---\n', '...\n'])('%j is an empty file', (text) => {
    expect(read(text)).toBeNull();
  });

  test('a document may begin with --- and end with ...', () => {
    expect(read('---\na: 1\n...\n')).toEqual({ a: 1 });
  });

  test('emoji and private characters are text', () => {
    expect(read('name: "🎉 café \\u0007 \u200d"\n')).toEqual({ name: '🎉 café \u0007 \u200d' });
  });
});

describe('anchors and merge keys', () => {
  test('a merge key adds what the mapping does not have', () => {
    expect(read('a: &a { x: 1, y: 2 }\nb:\n  <<: *a\n  y: 3\n')).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 } });
  });

  test('own keys win wherever the merge stands, and the first of several merges wins', () => {
    const text = 'a: &a { x: 1 }\nb: &b { x: 2, z: 2 }\nc: { x: 3, <<: *a }\nd: { <<: [*b, *a] }\n';
    expect(read(text)).toMatchObject({ c: { x: 3 }, d: { x: 2, z: 2 } });
  });

  test('a merge of a merge, and one in quotes, which is only a key', () => {
    const text = 'a: &a { x: 1 }\nb: &b { <<: *a, y: 2 }\nc: { <<: *b }\nd: { "<<": 1 }\n';
    expect(read(text)).toMatchObject({ c: { x: 1, y: 2 }, d: { '<<': 1 } });
  });

  test('an alias is the anchor last defined above it', () => {
    expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test('a key can carry an anchor', () => {
    expect(read('&k name: 1\nb: *k\n')).toEqual({ name: 1, b: 'name' });
  });

  test('150 honest aliases work', () => {
    const text = `d: &d { x: 1 }\nlist:\n${'- *d\n'.repeat(150)}`;
    expect((read(text) as { list: unknown[] }).list).toHaveLength(150);
  });

  test.each([
    ['a: *nothing\n', 'E_YAML_ALIAS'],
    ['a: *later\nb: &later 1\n', 'E_YAML_ALIAS'],
    ['a: &a [*a]\n', 'E_YAML_CYCLE'],
    ['a: &a { b: { c: *a } }\n', 'E_YAML_CYCLE'],
    ['a: &a { <<: *a }\n', 'E_YAML_CYCLE'],
    ['a: { <<: 5 }\n', 'E_YAML_MERGE'],
    ['a: { <<: }\n', 'E_YAML_MERGE'],
    ['a: &a 1\nb: { <<: [*a] }\n', 'E_YAML_MERGE'],
    ['a: &a 1\n*a : 2\n', 'E_YAML_KEY'],
  ])('%j is refused', (text, code) => {
    expect(codes(text)).toEqual([code]);
  });
});

describe('tags', () => {
  test.each([
    '!!binary aGk=',
    '!!timestamp 2001-01-01',
    '!!set { a }',
    '!!omap [a: 1]',
    '!vault x',
    '!!js/undefined x',
  ])('%s is refused', (source) => {
    expect(codes(`a: ${source}\n`)).toContain('E_YAML_TAG');
  });

  test.each([
    '!!int 1.5',
    '!!int x',
    '!!float .inf',
    '!!bool yes',
    '!!null x',
    '!!map [a]',
    '!!seq { a: 1 }',
    '!!map x',
  ])('%s does not fit its tag', (source) => {
    expect(codes(`a: ${source}\n`)).toEqual(['E_YAML_TAG_VALUE']);
  });
});
