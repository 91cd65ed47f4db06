import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHostEntry } from '../../src/inventory/host-entry.ts';
import { expandRanges } from '../../src/inventory/range.ts';

const names = (text: string): string[] => {
  const found = expandRanges(text);
  if ('fault' in found) throw new Error(found.fault);
  return found.names;
};

describe('ranges', () => {
  it.each([
    ['web[1:3]', 'web1 web2 web3'],
    ['web[01:03].example.com', 'web01.example.com web02.example.com web03.example.com'],
    ['web[08:11]', 'web08 web09 web10 web11'],
    ['web[8:11]', 'web8 web9 web10 web11'],
    ['n[0:10:5]', 'n0 n5 n10'],
    ['n[0:9:5]', 'n0 n5'],
    ['n[:2]', 'n0 n1 n2'],
    ['n[0:0]', 'n0'],
    ['db-[a:d]', 'db-a db-b db-c db-d'],
    ['db-[A:E:2]', 'db-A db-C db-E'],
    ['r[1:2]n[a:b]', 'r1na r1nb r2na r2nb'],
    ['plain', 'plain'],
  ])('%s', (text, expanded) => {
    expect(names(text).join(' ')).toBe(expanded);
  });

  it('expand to every step between both ends, as wide as the start', () => {
    const whole = fc.tuple(fc.nat(5000), fc.nat(300), fc.integer({ min: 1, max: 9 }), fc.boolean());
    fc.assert(
      fc.property(whole, ([from, length, step, pad]) => {
        const to = from + length;
        const width = pad ? String(to).length + 1 : 0;
        const show = (n: number): string => String(n).padStart(width, '0');
        const expected = [];
        for (let n = from; n <= to; n += step) expected.push(`h${show(n)}.x`);
        expect(names(`h[${show(from)}:${show(to)}:${step}].x`)).toEqual(expected);
      }),
    );
  });

  it('never crash, and what comes out is a safe name', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('web', '[', ']', ':', '1', '20', 'a', 'f', '@', '-', '::', '[1:3]', '[::1]', '%'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const entry = readHostEntry(pieces.join(''));
        if ('problem' in entry) return;
        for (const name of [...entry.names, entry.user ?? 'x'])
          expect(name).toMatch(/^[A-Za-z0-9._:%@][A-Za-z0-9._:%@-]*$/);
        expect(entry.port ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});
