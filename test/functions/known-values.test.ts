import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { functionNamed } from '../../src/functions/catalogue.ts';
import { FunctionError } from '../../src/functions/function.ts';
import { invoke } from '../../src/functions/invoke.ts';
import type { Value } from '../../src/model/value.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { exampleRun, playbookFolder } from './stage.ts';

const run = exampleRun();

/** Of texts that are no JSON, the line and column at which Python says so. */
const placesInPython = `
import json, sys
def place(text):
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [error.lineno, error.colno]
print(json.dumps([place(text) for text in json.load(sys.stdin)]))
`;

function call(name: string, ...args: Value[]): Value {
  const definition = functionNamed(name);
  if (!definition) throw new Error(`no function ${name}`);
  return invoke(definition, args, run);
}

describe('addresses', () => {
  it.each<[string, number | undefined]>([
    ['0.0.0.0', 4],
    ['255.255.255.255', 4],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['01.2.3.4', undefined],
    ['1.2.3.256', undefined],
    ['::', 6],
    ['::1', 6],
    ['1::', 6],
    ['2001:db8:0:0:1:0:0:1', 6],
    ['::ffff:192.0.2.128', 6],
    ['1:2:3:4:5:6:7::', 6],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1::2::3', undefined],
    [':::', undefined],
    ['12345::', undefined],
    ['g::', undefined],
    ['fe80::1%eth0', undefined],
    ['', undefined],
  ])('%j is of version %s', (text, version) => {
    expect(call('is_ip', text)).toBe(version !== undefined);
    if (version !== undefined) expect(call('ip_version', text)).toBe(version);
  });

  // RFC 5952, 4.
  it.each([
    ['2001:0db8::0001/128', '2001:db8::1'],
    ['2001:DB8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
  ])('%s is written %s', (written, usual) => expect(call('cidr_network', written)).toBe(usual));

  it('cuts and counts networks', () => {
    expect(call('cidr_hosts', '192.0.2.7/32')).toEqual(['192.0.2.7']);
    expect(call('cidr_hosts', '10.0.0.0/16')).toHaveLength(65_534);
    expect(call('cidr_subnets', '10.0.0.0/8', 16)).toHaveLength(256);
    expect(call('cidr_netmask', '0.0.0.0/0')).toBe('0.0.0.0');
    expect(call('ip_in', '255.255.255.255', '0.0.0.0/0')).toBe(true);
    expect(call('ip_in', '::ffff:10.0.0.1', '10.0.0.0/8')).toBe(false);
    expect(call('cidr_prefix', '10.0.0.0/255.255.255.0')).toBe(24);
    expect(() => call('cidr_prefix', '10.0.0.0/255.0.255.0')).toThrow(FunctionError);
  });
});

describe('versions', () => {
  const ordered = '0.9 1.0-alpha 1.0-alpha.1 1.0-beta 1.0-rc1 1.0-rc2 1.0 1.0-p1 1.0.1 1.2 1.10 1.10.1 2 10.0'.split(
    ' ',
  );
  it.each(ordered.slice(1).map((newer, i) => [ordered[i] ?? '', newer]))('%s is older than %s', (older, newer) => {
    expect(call('version_compare', older, newer, '<')).toBe(true);
    expect(call('version_compare', newer, older, '>')).toBe(true);
  });

  it('are equal when only zeros are missing', () => {
    expect(call('version_compare', '1', '1.0.0')).toBe(true);
    expect(call('version_compare', 'v1.2+build7', '1.2')).toBe(true);
  });

  it('of any order are sorted', () => expect(call('version_sort', [...ordered].reverse())).toEqual(ordered));
});

describe('times', () => {
  // GNU date gives the same for these.
  it.each([
    ['2024-12-30T00:00:00Z', '%G-W%V-%u', '2025-W01-1'],
    ['2021-01-03T23:59:59Z', '%G-W%V-%u', '2020-W53-7'],
    ['2024-12-31T00:00:00Z', '%j', '366'],
    ['2026-01-05T00:05:09Z', '%I:%M:%S %p %e', '12:05:09 AM  5'],
    ['2026-01-31T12:00:00.250Z', '%s.%L %a %b %%', '1769860800.250 Sat Jan %'],
  ])('%s by %s is %s', (time, format, text) => expect(call('strftime', time, format)).toBe(text));

  it('go by the clocks of a zone', () => {
    expect(call('strftime', '2026-03-29T00:59:59Z', '%H:%M %z', 'Europe/Berlin')).toBe('01:59 +0100');
    expect(call('strftime', '2026-03-29T01:00:00Z', '%H:%M %z', 'Europe/Berlin')).toBe('03:00 +0200');
    expect(call('strftime', '2026-01-01T00:00:00Z', '%H:%M %:z', 'Asia/Kolkata')).toBe('05:30 +05:30');
  });

  it.each(['2026-13-01', '2026-02-29', '2026-01-01T25:00Z', 'yesterday', ''])('%j is none', (text) =>
    expect(() => call('to_datetime', text)).toThrow(FunctionError),
  );
});

// From crypt(3) of glibc.
describe('password hashes', () => {
  it.each([
    ['', 'ab', 5000, '$6$ab$xnh5Qsr2NdbFw1PgdZie7nLON3gv.S.23iQDBqAzkdoXPtDnVSpludXkM5UWybQO3OI7hBj9wHg9Ow6sUWD60/'],
    [
      'a'.repeat(70),
      'roundstoolow',
      1000,
      '$6$rounds=1000$roundstoolow$RZldD0hRG8gZBxsji3doUwVGy/prcKaEKMT7DmzQcaDYBGXFj7yOuaQI3vEBBqnufaUGMVwae2nZLAIqINW7l0',
    ],
  ])('%j with %s', (password, salt, rounds, hash) => expect(call('password_hash', password, salt, rounds)).toBe(hash));

  it('have a salt of the run and host where none is given', () => {
    const one = String(call('password_hash', 'x'));
    expect(one).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    expect(call('password_hash', 'x')).toBe(one);
  });
});

describe('random values', () => {
  const on = (seed: string, name: string, ...args: Value[]): Value => {
    const definition = functionNamed(name);
    return definition ? invoke(definition, args, exampleRun({ seed, playbookDir: '/' })) : null;
  };

  it('are the same wherever a host asks, and others on another host and for another purpose', () => {
    expect(on('run1 web1', 'random_password', 20)).toBe(on('run1 web1', 'random_password', 20));
    expect(on('run1 web1', 'random_password', 20)).not.toBe(on('run1 web2', 'random_password', 20));
    expect(on('run1 web1', 'random_password', 20, 'db')).not.toBe(on('run1 web1', 'random_password', 20, 'admin'));
  });

  it('of a seed are the same in every run', () => {
    expect(on('run1', 'random_int', 0, 1_000_000, 'web1')).toBe(on('run2', 'random_int', 0, 1_000_000, 'web1'));
  });

  it('are spread evenly and stay within their bounds', () => {
    const counts = new Map<Value, number>();
    for (let i = 0; i < 6000; i += 1) {
      const value = on(`${i}`, 'random_int', 1, 6);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('shuffle without losing anything', () => {
    const list = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = on('x', 'shuffle', list) as number[];
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
  });
});

describe('files of the controller', () => {
  const playbookDir = playbookFolder();
  const here = exampleRun({ playbookDir });
  const ask = (name: string, ...args: Value[]): Value => {
    const definition = functionNamed(name);
    return definition ? invoke(definition, args, here) : null;
  };

  it('are listed by the pattern of their names, hidden ones only when asked for', () => {
    expect(ask('fileglob', 'conf/*.conf')).toEqual([`${playbookDir}/conf/a.conf`, `${playbookDir}/conf/b.conf`]);
    expect(ask('fileglob', 'conf/[!a].*')).toEqual([`${playbookDir}/conf/b.conf`, `${playbookDir}/conf/c.txt`]);
    expect(ask('fileglob', 'conf/.*')).toEqual([`${playbookDir}/conf/.hidden.conf`]);
    expect(ask('fileglob', `conf/${'*a'.repeat(30)}b`)).toEqual([]);
  });

  it('that hold no text are refused', () => expect(() => ask('file', 'logo')).toThrow('logo is not text in UTF-8'));
});

describe('the place where a text stops being JSON is that of Python', () => {
  const texts = [
    '{"a": 1,}',
    '[1,]',
    '{"a": [1,}',
    '{"a" 1}',
    '{"a": 01}',
    '{"a": 1} x',
    '[1 2]',
    '{a: 1}',
    '{\n  "a": 1,\n  \'b\': 2\n}',
    '{"a": tru}',
    '[NULL]',
    '{"a": [1, {"b": }]}',
    '["a", "b"',
    '{"é😀": ?}',
  ];
  const places: [number, number][] = JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', placesInPython], { input: JSON.stringify(texts), encoding: 'utf8' }),
  );

  it.each(texts.map((text, i) => ({ text, place: places[i] ?? [] })))('$text', ({ text, place: [line, column] }) => {
    expect(() => call('from_json', text)).toThrow(` is not JSON: line ${line}, column ${column} should be `);
  });
});

describe('JSON Schema', () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    properties: { name: { pattern: '^[a-z]+$' }, zip: { pattern: '^[0-9]{5}$' }, kind: { enum: ['a', 'b'] } },
    additionalProperties: false,
  };

  it.each<[string, Value, string[]]>([
    ['all is well', { name: 'web', zip: '01067', kind: 'b' }, []],
    [
      'each pattern is looked for where it stands',
      { name: '01067', zip: 'web' },
      ['/name must match', '/zip must match'],
    ],
    ['what is allowed is told', { kind: 'c', more: 1 }, ['it must NOT have additional properties (more)', '(a, b)']],
  ])('%s', (_, value, words) => {
    const said = call('schema_errors', value, schema) as string[];
    expect(said).toHaveLength(words.length);
    for (const [i, each] of words.entries()) expect(said[i]).toContain(each);
  });

  it('is told to be none', () => {
    expect(() => call('schema_errors', 1, { type: 'integr' })).toThrow('this is no JSON Schema: schema is invalid');
    expect(() => call('schema_errors', 'a', { pattern: '(' })).toThrow('this is no JSON Schema');
  });
});

describe('hostile data', () => {
  it('keeps a key called __proto__ a key', () => {
    for (const map of [
      call('from_json', '{"__proto__": {"x": 1}}'),
      call('from_yaml', '__proto__: {x: 1}'),
      call('from_ini', '[__proto__]\nx = 1'),
      call('items2dict', [{ key: '__proto__', value: 1 }]),
      call('combine', JSON.parse('{"__proto__": 1}')),
      call('group_by', [{ n: '__proto__' }], 'n'),
    ]) {
      expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
      expect(Object.keys(map as object)).toEqual(['__proto__']);
    }
  });

  it('finds nothing that a value does not have itself', () => {
    expect(call('get', { a: 1 }, 'constructor.name', 'none')).toBe('none');
    expect(() => call('urlsplit', 'http://a/', 'toString')).toThrow(FunctionError);
    expect(() => call('version_compare', '1', '2', 'constructor')).toThrow(FunctionError);
    expect(() => call('env', 'toString')).toThrow(FunctionError);
  });

  it('refuses YAML whose aliases multiply', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
      .join('\n')}`;
    expect(() => call('from_yaml', bomb)).toThrow('too many aliases');
  });

  it('shows only the beginning of what it refuses', () => {
    const secret = `not json but ${'s3cret'.repeat(10)}`;
    expect(() => call('from_json', secret)).toThrow(/^"not json but…" is not JSON$/);
  });

  it('searches patterns that stop a backtracking matcher', () => {
    expect(call('matches', `${'a'.repeat(5000)}!`, '^(a+)+$')).toBe(false);
    expect(call('regex_findall', 'x'.repeat(2000), '(x?)*y')).toEqual([]);
  });

  it('says that a missing file is missing, as a problem of its own', () => {
    const missing = exampleRun({
      readFile: () => {
        throw new ProblemError([]);
      },
    });
    const definition = functionNamed('file');
    expect(() => definition && invoke(definition, ['nope'], missing)).toThrow(ProblemError);
  });
});
