import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Sources } from '../../src/model/span.ts';
import { findingsOf } from '../../src/problems/formats/finding.ts';
import { formats } from '../../src/problems/formats/formats.ts';
import { type Problem, problem } from '../../src/problems/problem.ts';

/** A book with an error over two lines, a warning with another place that belongs to it, and a problem without a place. */
const text = '- hosts: wéb\n  tasks:\n    - debug: "a\n\n        b"\n    - name: x\n';
const sources: Sources = new Map([['a b/play.yml', text]]);
const span = (part: string): NonNullable<Problem['at']> => {
  const start = text.indexOf(part);
  return { file: 'a b/play.yml', start, end: start + part.length };
};
const problems: Problem[] = [
  problem('E_PARAM_PAIR', { text: '100%: a,b\r\nc' }),
  problem('W_HANDLER_UNUSED', { name: 'x' }, span('x'), [{ at: span('wéb'), label: 'here' }]),
  problem('E_RUN_ONCE_SERIAL', {}, span('"a\n\n        b"')),
];
const findings = findingsOf(problems, sources);

test('JSON is a list with one object a problem, in the order people read them', () => {
  const list = JSON.parse(formats.json(findings));
  expect(list).toHaveLength(3);
  expect(list[0]).toMatchObject({ code: 'E_RUN_ONCE_SERIAL', severity: 'error', file: 'a b/play.yml', related: [] });
  expect(list[0]).toMatchObject({ line: 3, column: 14, endLine: 5, endColumn: 11 });
  expect(list[1]).toMatchObject({ code: 'W_HANDLER_UNUSED', severity: 'warning', line: 6, column: 13, endColumn: 14 });
  expect(list[1].related).toEqual([
    { message: 'here', file: 'a b/play.yml', line: 1, column: 10, endLine: 1, endColumn: 13 },
  ]);
  expect(list[2].code).toBe('E_PARAM_PAIR');
  expect(list[2]).not.toHaveProperty('file');
});

test('without problems every format says that there are none', () => {
  expect(JSON.parse(formats.json([]))).toEqual([]);
  expect(formats.github([])).toBe('');
  expect(JSON.parse(formats.sarif([])).runs[0].results).toEqual([]);
});

test('a workflow command is one line, whatever is in it', () => {
  const lines = formats.github(findings).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^::error file=a b\/play\.yml,line=3,endLine=5,title=E_RUN_ONCE_SERIAL::/);
  expect(lines[1]).toMatch(
    /^::warning file=a b\/play\.yml,line=6,endLine=6,col=13,endColumn=14,title=W_HANDLER_UNUSED::/,
  );
  expect(lines[2]).toMatch(/^::error title=E_PARAM_PAIR::-p needs NAME=VALUE, not "100%25: a,b%0D%0Ac"/);
});

test('the name of a file cannot end the properties of a workflow command', () => {
  const file = 'a,b:c::d%.yml';
  const odd = findingsOf([problem('E_RUN_ONCE_SERIAL', {}, { file, start: 0, end: 1 })], new Map([[file, 'x']]));
  expect(formats.github(odd)).toMatch(/^::error file=a%2Cb%3Ac%3A%3Ad%25\.yml,line=1,/);
});

/** The rules of the published schema for all that is written here (sarif-schema-2.1.0.json). */
const place = {
  type: 'object',
  required: ['physicalLocation'],
  additionalProperties: false,
  properties: {
    message: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    physicalLocation: {
      type: 'object',
      required: ['artifactLocation', 'region'],
      additionalProperties: false,
      properties: {
        artifactLocation: {
          type: 'object',
          required: ['uri'],
          properties: { uri: { type: 'string', pattern: '^[^ \\\\]+$' } },
        },
        region: {
          type: 'object',
          additionalProperties: false,
          properties: Object.fromEntries(
            ['startLine', 'startColumn', 'endLine', 'endColumn'].map((key) => [key, { type: 'integer', minimum: 1 }]),
          ),
        },
      },
    },
  },
};
const schema = {
  type: 'object',
  required: ['version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool'],
        additionalProperties: false,
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  rules: { type: 'array', uniqueItems: true, items: { type: 'object', required: ['id'] } },
                },
              },
            },
          },
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: -1 },
                level: { enum: ['none', 'note', 'warning', 'error'] },
                message: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
                locations: { type: 'array', items: place },
                relatedLocations: { type: 'array', uniqueItems: true, items: place },
              },
            },
          },
        },
      },
    },
  },
};

test('SARIF follows its schema, and its rules are those of the results', () => {
  const log = JSON.parse(formats.sarif(findings));
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  const [run] = log.runs;
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(run.results.map((each: { level: string }) => each.level)).toEqual(['error', 'warning', 'error']);
  expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/play.yml');
});
