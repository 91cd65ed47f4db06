import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { nearest, type RawIssue } from '../../src/modules/nearest.ts';

const port = { type: 'integer', maximum: 65_535 };
const range = {
  type: 'object',
  properties: { from: port, to: port },
  required: ['from', 'to'],
  additionalProperties: false,
};
const schema = {
  type: 'object',
  properties: {
    port: { anyOf: [port, range] },
    ports: { type: 'array', items: { anyOf: [port, range] } },
    state: { enum: ['present', 'absent'] },
    owner: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] },
    deep: { anyOf: [{ type: 'null' }, { type: 'array', items: { anyOf: [{ type: 'boolean' }, range] } }] },
  },
  additionalProperties: false,
};

function issues(value: unknown): string[] {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  validate(value);
  return nearest((validate.errors ?? []) as RawIssue[]).map(
    (issue) => `${issue.instancePath} ${issue.keyword} ${JSON.stringify(issue.params)}`,
  );
}

describe('a mistake is said once', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing is wrong', { port: 80, state: 'absent' }, []],
    ['a value that is of no kind', { port: 'http' }, ['/port type {"type":["integer","object"]}']],
    ['a value of one kind that does not fit', { port: 70_000 }, ['/port maximum {"comparison":"<=","limit":65535}']],
    ['a mapping that lacks a key', { port: { from: 1 } }, ['/port required {"missingProperty":"to"}']],
    [
      'a mapping with a wrong value and a wrong key',
      { port: { from: 'a', to: 2, by: 3 } },
      ['/port additionalProperties {"additionalProperty":"by"}', '/port/from type {"type":"integer"}'],
    ],
    [
      'two items of one list, each its own',
      { ports: [1, 'x', { from: 1 }] },
      ['/ports/1 type {"type":["integer","object"]}', '/ports/2 required {"missingProperty":"to"}'],
    ],
    ['an empty text where text or number fits', { owner: '' }, ['/owner minLength {"limit":1}']],
    ['a choice inside a choice', { deep: [true, 'x'] }, ['/deep/1 type {"type":["boolean","object"]}']],
    ['a choice inside a choice, missed from outside', { deep: 5 }, ['/deep type {"type":["null","array"]}']],
    [
      'what has nothing to do with each other',
      { state: 'gone', port: true },
      ['/port type {"type":["integer","object"]}', '/state enum {"allowedValues":["present","absent"]}'],
    ],
  ])('%s', (_, value, expected) => {
    expect(issues(value).sort()).toEqual(expected);
  });
});
