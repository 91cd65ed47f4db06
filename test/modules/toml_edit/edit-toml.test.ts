import fc from 'fast-check';
import * as toml from 'smol-toml';
import { expect, test } from 'vitest';
import { editToml } from '../../../src/modules/shared/edit-toml.ts';

/* Whatever the file holds: what was asked for is there afterwards and all else is as it was, or nothing was touched and it says why. */
const scalar = fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), fc.string());
const name = fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ minLength: 1, maxLength: 4 }));
const table = fc.dictionary(
  name,
  fc.oneof(scalar, fc.array(scalar), fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar)))),
  { noNullPrototype: true },
);

test('a value that is set is read again, and so is everything else', () => {
  fc.assert(
    fc.property(table, fc.array(name, { minLength: 1, maxLength: 3 }), scalar, (data, steps, value) => {
      const text = toml.stringify(data);
      const made = editToml(text, { present: true, steps, value, create: true }, toml);
      if ('failure' in made) return;
      let found: unknown = toml.parse(made.text ?? '');
      for (const step of steps) found = (found as Record<string, unknown>)[step];
      expect(found).toEqual(value);
      expect(editToml(made.text, { present: true, steps, value, create: true }, toml)).toEqual({
        text: made.text,
        fields: { msg: '' },
      });
    }),
  );
});

test('a value of a plain file can always be set, and taken out again', () => {
  const plain = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), scalar),
  );
  fc.assert(
    fc.property(plain, scalar, (data, value) => {
      const text = toml.stringify(data);
      const steps = ['new', 'key'];
      const set = editToml(text, { present: true, steps, value, create: false }, toml);
      expect(set).toMatchObject({ fields: { msg: 'key' in (data['new'] ?? {}) ? expect.any(String) : 'value set' } });
      if ('failure' in set) return;
      const gone = editToml(set.text, { present: false, steps, create: false }, toml);
      expect(toml.parse((gone as { text: string }).text)).not.toHaveProperty('new.key');
    }),
  );
});
