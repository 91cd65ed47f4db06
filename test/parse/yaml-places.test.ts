import { describe, expect, test } from 'vitest';
import type { Side } from '../../src/model/span.ts';
import { within } from '../../src/parse/located.ts';
import { readYaml } from '../../src/parse/yaml.ts';

/** The text that a path points at. */
function at(text: string, path: (string | number)[], side?: Side): string {
  const sources = new Map<string, string>();
  const { root } = readYaml({ file: 'f.yml', text, sources });
  const span = root?.locate(path, side);
  expect(span?.file).toBe('f.yml');
  return sources.get('f.yml')?.slice(span?.start, span?.end) ?? '';
}

const BOOK =
  'name: shop\ntasks:\n  - file: { path: "/srv", mode: 0644 }\n    when: true\n  - debug: |\n      hello\n\n';

describe('every part of a file can be pointed at', () => {
  test.each<[string, (string | number)[], Side | undefined, string]>([
    ['a value', ['name'], undefined, 'shop'],
    ['a key', ['name'], 'key', 'name'],
    ['a value in quotes, with them', ['tasks', 0, 'file', 'path'], undefined, '"/srv"'],
    ['a number as written', ['tasks', 0, 'file', 'mode'], undefined, '0644'],
    ['a mapping', ['tasks', 0, 'file'], undefined, '{ path: "/srv", mode: 0644 }'],
    ['a list item', ['tasks', 1], undefined, 'debug: |\n      hello'],
    ['a block of text', ['tasks', 1, 'debug'], undefined, '|\n      hello'],
    ['what does not exist: its parent', ['tasks', 0, 'file', 'owner'], undefined, '{ path: "/srv", mode: 0644 }'],
    ['far beyond what exists', ['name', 'x', 3, 'y'], undefined, 'shop'],
    ['an item that is not there', ['tasks', 7, 'x'], undefined, BOOK.slice(BOOK.indexOf('- file')).trimEnd()],
  ])('%s', (_, path, side, text) => {
    expect(at(BOOK, path, side)).toBe(text);
  });

  test('through an alias, the place where the value is written', () => {
    const text = 'a: &a { mode: 5 }\nb: *a\n';
    expect(at(text, ['b'])).toBe('*a');
    expect(at(text, ['b', 'mode'])).toBe('5');
    expect(at(text, ['b', 'mode'], 'key')).toBe('mode');
  });

  test('through merge keys, own keys first', () => {
    const text = 'a: &a { x: one, y: one }\nb: &b { y: two, z: two }\nc:\n  <<: [*a, *b]\n  x: own\n';
    expect(['x', 'y', 'z'].map((key) => at(text, ['c', key]))).toEqual(['own', 'one', 'two']);
  });

  test('places count from the text that is kept, without its byte order mark', () => {
    expect(at('\ufeffname: shop\n', ['name'])).toBe('shop');
  });

  test('a part keeps its places', () => {
    const { root } = readYaml({ file: 'f.yml', text: BOOK, sources: new Map() });
    const task = root && within(root, ['tasks', 0], {});
    expect(task?.locate(['when'], 'key')).toEqual(root?.locate(['tasks', 0, 'when'], 'key'));
    expect(task?.locate()).toEqual(root?.locate(['tasks', 0]));
  });

  test('an empty file has a place too', () => {
    const { root } = readYaml({ file: 'f.yml', text: '', sources: new Map() });
    expect(root?.locate(['x'])).toEqual({ file: 'f.yml', start: 0, end: 0 });
  });
});

test('equal keys are shown with both places, and the rest of the file is still read', () => {
  const { root, problems } = readYaml({ file: 'f.yml', text: 'a: 1\nb: 2\na: 3\n', sources: new Map() });
  expect(root?.value).toEqual({ a: 1, b: 2 });
  expect(problems).toMatchObject([
    { code: 'E_YAML_DUPLICATE_KEY', at: { start: 10, end: 11 }, also: [{ at: { start: 0, end: 1 } }] },
  ]);
});
