import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../src/library/answer.ts';

const read = (stdout: string, rc = 0, check = false) =>
  readAnswer(
    { rc, stdout, stderr: '', changed: rc === 0 },
    { module: 'widget', check, fields: ['size'], facts: ['port'] },
  );

describe('the answer of a program', () => {
  test('gives the status, its own fields, and null for fields that it promised and left out', () => {
    expect(read('{"changed": true, "colour": "red"}')).toEqual({
      status: 'changed',
      fields: { size: null, colour: 'red', changed: undefined },
    });
    expect(read('{"changed": true}', 0, true).status).toBe('would-change');
    expect(read('{"changed": false, "facts": {"port": 1}}')).toMatchObject({ status: 'ok', facts: { port: 1 } });
  });

  test('is a failure with any other status, whatever it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.json(), (rc, text) => {
        expect(read(text, rc).status).toBe('failed');
      }),
    );
  });

  test('may be anything at all without doing harm', () => {
    const mapping = fc.dictionary(fc.constantFrom('changed', 'failed', 'msg', 'diff', 'facts', 'x'), fc.jsonValue());
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      mapping.map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(text, (stdout) => {
        const { status, failure } = read(stdout);
        expect(['ok', 'changed', 'failed']).toContain(status);
        expect(typeof failure === 'string').toBe(status === 'failed');
      }),
    );
  });
});
