import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { functionNamed } from '../../src/functions/catalogue.ts';
import { invoke } from '../../src/functions/invoke.ts';
import { ipText, readIp } from '../../src/functions/ip.ts';
import type { Value } from '../../src/model/value.ts';
import { exampleRun } from './stage.ts';

const run = exampleRun();

/** Calls a function as a template would. */
function call(name: string, ...args: Value[]): Value {
  const definition = functionNamed(name);
  if (!definition) throw new Error(`no function ${name}`);
  return invoke(definition, args, run);
}

/** Whether two values are the same to an author: the order of keys says nothing. */
function expectSame(a: Value, b: Value): void {
  const [left, right] = [a, b].map((value) => call('to_json', value, 0, true));
  if (left !== right) throw new Error(`${left} is not ${right}`);
}

const text = fc.string({ unit: 'binary' });
/** -0 is 0 in every text format. */
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((one) => one || 0);
const scalar = fc.oneof(text, number, fc.boolean());
const { tree } = fc.letrec<{ tree: Value; scalar: Value }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    tie('scalar'),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
  scalar: fc.oneof(scalar, fc.constant(null)),
}));

describe('what is written is read back as it was', () => {
  it('JSON, on one line and on many', () => {
    fc.assert(
      fc.property(tree, fc.nat(4), (value, indent) =>
        expectSame(call('from_json', call('to_json', value, indent)), value),
      ),
    );
  });

  it('YAML', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 2, max: 4 }), (value, indent) =>
        expectSame(call('from_yaml', call('to_yaml', value, indent)), value),
      ),
      { numRuns: 300 },
    );
  });

  it('TOML, of tables without null and lists of one kind', () => {
    // A lone surrogate is no Unicode, which TOML demands.
    const word = fc.string({ unit: 'grapheme' });
    const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.array(word, { maxLength: 3 }));
    const table = fc.dictionary(word, fc.oneof(leaf, fc.dictionary(word, leaf, { maxKeys: 3 })), { maxKeys: 4 });
    fc.assert(fc.property(table, (value) => expectSame(call('from_toml', call('to_toml', value)), value)));
  });

  it('INI, of lines of text', () => {
    const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.-]{0,8}[A-Za-z0-9]$/);
    const line = fc.string({ unit: 'grapheme' }).map((one) => one.replace(/[\r\n]/g, '').trim());
    const value = fc.oneof(line, fc.array(line, { minLength: 2, maxLength: 3 }));
    const sections = fc.dictionary(key, fc.dictionary(key, value, { maxKeys: 3 }), { maxKeys: 3 });
    fc.assert(fc.property(sections, (map) => expectSame(call('from_ini', call('to_ini', map)), map)));
  });

  it('CSV, of any cells, with any delimiter', () => {
    const cell = fc.string({ unit: 'grapheme' });
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t', '|'), (all, delimiter) =>
        expectSame(call('from_csv', call('to_csv', all, delimiter), delimiter, false), all),
      ),
    );
  });

  it('base64 and parts of URLs', () => {
    const valid = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(valid, (one) => expectSame(call('b64decode', call('b64encode', one)), one)));
    fc.assert(fc.property(valid, (one) => expectSame(call('urldecode', call('urlencode', one)), one)));
  });

  it('times, in seconds and as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), (seconds) =>
        expectSame(call('to_epoch', call('to_datetime', seconds)), seconds),
      ),
    );
  });

  it('mappings as lists of items', () => {
    fc.assert(
      fc.property(fc.dictionary(text, scalar), (map) => expectSame(call('items2dict', call('dict2items', map)), map)),
    );
  });

  it('addresses of both versions', () => {
    const value = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    // Few bits give the runs of zeros that "::" is about.
    const sparse = fc
      .array(fc.nat(127), { maxLength: 4 })
      .map((bits) => bits.reduce((all, bit) => all | (1n << BigInt(bit)), 0n));
    fc.assert(fc.property(fc.oneof(value, sparse), (one) => readIp(ipText({ version: 6, value: one }))?.value === one));
    fc.assert(
      fc.property(
        fc.nat(2 ** 32 - 1),
        (one) => readIp(ipText({ version: 4, value: BigInt(one) }))?.value === BigInt(one),
      ),
    );
  });
});

describe('a quoted text is one word', () => {
  it('to a real shell', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const script = `for w in ${call('quote', words)}; do printf '%s\\0' "$w"; done`;
        const out = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
        expectSame(out.split('\0').slice(0, -1), words);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an escaped pattern', () => {
  it('fits its own text and no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const pattern = `^${call('regex_escape', one)}$`;
        return call('matches', one, pattern) === true && (one === other || call('matches', other, pattern) === false);
      }),
    );
  });
});
