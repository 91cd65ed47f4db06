import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/secrets/registry.ts';
import { maskStream } from '../../src/secrets/stream.ts';

/** Texts of few letters, so that secrets overlap, repeat and begin one another. */
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength, maxLength });

/** The plainest way to mask: look at every place, join what touches. */
function slowly(secrets: readonly Buffer[], bytes: Buffer): string {
  const covered = new Array<boolean>(bytes.length).fill(false);
  for (let at = 0; at < bytes.length; at++) {
    for (const one of secrets) {
      if (one.length >= 4 && bytes.subarray(at, at + one.length).equals(one)) covered.fill(true, at, at + one.length);
    }
  }
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (!covered[at]) out.push(bytes.subarray(at, at + 1));
    else if (!covered[at - 1]) out.push(Buffer.from('***'));
  }
  return Buffer.concat(out).toString('latin1');
}

describe('masking output that comes in pieces', () => {
  it('gives what masking it whole gives, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(text(2, 9), { minLength: 1, maxLength: 4 }),
        fc.array(fc.oneof(text(0, 30), fc.nat(3)), { maxLength: 12 }),
        fc.array(fc.nat(12), { maxLength: 40 }),
        (words, pieces, cuts) => {
          const secrets = createSecrets();
          for (const word of words) secrets.add(word);
          const whole = Buffer.from(pieces.map((one) => (typeof one === 'number' ? (words[one] ?? '') : one)).join(''));
          const stream = maskStream(secrets);
          const out: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) {
            out.push(stream.push(whole.subarray(at, at + cut)));
            at += cut;
          }
          out.push(stream.push(whole.subarray(at)), stream.end());
          expect(Buffer.concat(out).toString('latin1')).toBe(
            slowly(
              words.map((word) => Buffer.from(word)),
              whole,
            ),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('lets through at once what is not the beginning of a secret', () => {
    const secrets = createSecrets();
    secrets.add('hunter22');
    const stream = maskStream(secrets);
    expect(String(stream.push(Buffer.from('Password for hun')))).toBe('Password for ');
    expect(String(stream.push(Buffer.from('gry people: ')))).toBe('hungry people: ');
    expect(String(stream.push(Buffer.from('hunter2')))).toBe('');
    expect(String(stream.push(Buffer.from('2\n')))).toBe('***\n');
    expect(String(stream.push(Buffer.from('hunter2')))).toBe('');
    expect(String(stream.end())).toBe('hunter2');
  });
});
