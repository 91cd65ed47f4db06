import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIniLine } from '../../src/inventory/ini-words.ts';
import { readPythonLiteral } from '../../src/inventory/python-literal.ts';
import type { Value } from '../../src/model/value.ts';
import { hostNames, layers, load, summary } from './rig.ts';

/** Cases and files whose results are those of `ansible-inventory --list` (2.14), which was asked for all of them. */
const folder = join(import.meta.dirname, 'ini');
const cases = (name: string): [string, Value][] => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('an INI inventory is read as Ansible reads it', () => {
  it.each(cases('host-values.json'))('a host with %s', async (line, value) => {
    const { inventory, screen } = await load({ hosts: `web1 ${line}\n` }, { sources: ['hosts'] });
    expect(screen).toEqual([]);
    expect(summary(inventory).hosts).toEqual({ web1: { x: value } });
  });

  it.each(cases('group-values.json'))('a group with %s', async (line, value) => {
    const text = `[web]\nweb1\n[web:vars]\n${line}\n`;
    const { inventory, screen } = await load({ hosts: text }, { sources: ['hosts'] });
    expect(screen).toEqual([]);
    expect(summary(inventory).hosts).toEqual({ web1: { x: value } });
  });

  it.each(readdirSync(folder).filter((name) => name.endsWith('.ini')))('the file %s', async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { inventory, screen } = await load({ [name]: text }, { sources: [name] });
    expect(screen).toEqual([]);
    const said = `${JSON.stringify(summary(inventory), null, 2)}\n`;
    await expect(said).toMatchFileSnapshot(`ini/${name.replace('.ini', '.golden')}`);
  });

  it('keeps the digits of settings that are text, which Ansible turns into numbers and back', async () => {
    const text = 'web1 ansible_password=0012 ansible_become_pass=1_000 ansible_user=1000 ansible_port=22\n';
    const { inventory } = await load({ hosts: text }, { sources: ['hosts'] });
    expect(summary(inventory).hosts['web1']).toEqual({
      ansible_password: '0012',
      ansible_become_pass: '1_000',
      ansible_user: '1000',
      ansible_port: 22,
    });
  });

  it('keeps the digits of numbers that are too large to count with', async () => {
    const { inventory } = await load({ hosts: 'web1 id=12345678901234567890\n' }, { sources: ['hosts'] });
    expect(summary(inventory).hosts['web1']).toEqual({ id: '12345678901234567890' });
  });

  it('stacks with YAML, the later source stronger, and with group_vars beside it', async () => {
    const { inventory, screen } = await load(
      {
        'one.ini': '[web]\na v=1\n[web:vars]\ng=ini\n',
        'two.yml': 'web: { hosts: { a: { v: 2 }, b: }, vars: { g: yaml } }',
        'group_vars/web.yml': 'g: file',
      },
      { sources: ['one.ini', 'two.yml'] },
    );
    expect(screen).toEqual([]);
    expect(hostNames(inventory)).toEqual(['a', 'b']);
    expect(layers(inventory, 'a', 'v')).toEqual(['host a=1', 'host a=2']);
    expect(layers(inventory, 'a', 'g')).toEqual(['group web="ini"', 'group web="yaml"', 'group_vars/web.yml="file"']);
  });

  it('says variables for groups of an earlier source', async () => {
    const files = { one: '[web]\na\n', two: '[web:vars]\nport=80\n[site:children]\nweb\n' };
    const { inventory, screen } = await load(files, { sources: ['one', 'two'] });
    expect(screen).toEqual([]);
    expect(summary(inventory)).toMatchObject({ groups: { site: ['a'] }, hosts: { a: { port: 80 } } });
  });

  it('reads a file of a thousand hosts and a hundred groups quickly', async () => {
    const hosts = Array.from(
      { length: 1000 },
      (_, i) => `h${i} ansible_host=10.0.${i >> 8}.${i & 255} tags="['a', 'b']"`,
    );
    const groups = Array.from(
      { length: 100 },
      (_, g) =>
        `[g${g}]\n${Array.from({ length: 100 }, (_, i) => `h${(g * 7 + i) % 1000}`).join('\n')}\n[g${g}:vars]\nv=${g}`,
    );
    const started = performance.now();
    const { inventory } = await load({ hosts: `${hosts.join('\n')}\n${groups.join('\n')}\n` }, { sources: ['hosts'] });
    expect(hostNames(inventory)).toHaveLength(1000);
    // It takes about 100 ms; anything quadratic would take minutes.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

/** How Python would write a value. */
function python(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([k, v]) => `${python(k)}: ${python(v)}`)
      .join(', ')}}`;
  if (typeof value === 'number') return JSON.stringify(value);
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'");
  return value.length % 2 === 0 ? `"${escaped.replaceAll("\\'", "'")}"` : `'${escaped.replaceAll('\\"', '"')}'`;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('whatever the values are', () => {
  it('a Python literal gives the value it was written from', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const number = JSON.stringify(value);
        fc.pre(!/e[+-]?\d|\d{16}/.test(number) && !number.includes('__proto__'));
        expect(plain(readPythonLiteral(python(value as Value)))).toEqual(plain(value));
      }),
    );
  });

  it('text of any kind is a value or plain text, and never an error', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      "'",
      '"',
      '\\',
      ',',
      ':',
      '1',
      '.',
      'e',
      '_',
      '0x',
      'True',
      ' ',
      '#',
      'r',
      'x41',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        expect(() => readPythonLiteral(text)).not.toThrow();
        expect(() => splitIniLine(text)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('words in single quotes come back as they were, and stand where they are said to', () => {
    const words = fc.array(
      fc.string().map((word) => word.replaceAll("'", '')),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(words, (list) => {
        const line = list.map((word) => `'${word}'`).join('  ');
        const split = splitIniLine(line);
        if (!('words' in split)) throw new Error('a fault');
        expect(split.words.map(({ text }) => text)).toEqual(list);
        expect(split.words.map(({ start, end }) => line.slice(start, end))).toEqual(list.map((word) => `'${word}'`));
      }),
    );
  });
});
