import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Hollow, hollow } from '../../src/aws/ssm/gaps.ts';
import type { SecretUse } from '../../src/model/transport.ts';

const quoted = (value: string): string => value.replaceAll("'", `'\\''`);

/** What the instance makes of it. */
function filled({ bytes, gaps }: Hollow, values: readonly string[], from: number): Buffer {
  let at = from;
  const parts = [bytes.subarray(0, from)];
  for (const { before, value, isQuoted } of gaps) {
    const text = values[value] ?? '';
    parts.push(bytes.subarray(at, at + before), Buffer.from(isQuoted ? quoted(text) : text));
    at += before;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

test('whatever the values are and wherever they stand, the instance gets what was written, and AWS none of them', () => {
  const value = fc.oneof(fc.string({ minLength: 3 }), fc.stringMatching(/^[ab']{3,6}$/));
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.stringMatching(/^[ab' \\]{0,8}$/).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
      fc.array(piece),
      fc.infiniteStream(fc.nat(5)),
      (values, pieces, picks) => {
        const command = Buffer.from('cat');
        const input = Buffer.concat([
          command,
          ...pieces.flatMap((each) => {
            const text = values[picks.next().value % values.length] ?? '';
            return [each, Buffer.from(picks.next().value % 2 === 0 ? text : quoted(text))];
          }),
        ]);
        const uses = values.map((each): SecretUse => ({ value: each, source: { service: 'ssm', name: 'x' } }));
        const secretsIn = (bytes: Uint8Array): SecretUse[] =>
          uses.filter((use) => [use.value, quoted(use.value)].some((form) => Buffer.from(bytes).includes(form)));
        const found = hollow(input, { from: command.length, region: 'eu-west-1', secretsIn });
        fc.pre(typeof found === 'object');
        const order = secretsIn(input).map((use) => use.value);
        expect(filled(found as Hollow, order, command.length).equals(input)).toBe(true);
        expect(found).toMatchObject({ wanted: order.map((each) => ({ bytes: Buffer.byteLength(each) })) });
      },
    ),
  );
});
