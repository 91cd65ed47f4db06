import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { templatable } from '../../src/parse/templatable.ts';
import { toyModules } from './toy-modules.ts';

const ajv = new Ajv2020({ strict: false });
const checks = new Map(
  Object.keys(toyModules).map((module) => [module, ajv.compile(templatable(schemaOf(module)))] as const),
);

/** A module's schema as plain JSON, as the generator hands it over. */
function schemaOf(module: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(toyModules[module]?.params));
}

test.each<[string, unknown, boolean]>([
  ['file', { path: '/srv', state: 'directory', recurse: true }, true],
  ['file', { path: '{{app}}', state: '{{state}}', mode: '{{mode}}', recurse: '{{deep}}', owner: '{{who}}' }, true],
  ['file', { path: '/srv', state: 'directry' }, false],
  ['file', { path: '/srv', mode: 'rw' }, false],
  ['file', { path: '/srv', recurse: 'yes' }, false],
  ['file', { state: 'file' }, false],
  ['file', { path: '/srv', colour: 'red' }, false],
  ['file', '{{everything}}', false],
  ['ports', { open: '{{list}}' }, true],
  ['ports', { open: ['{{one}}', { port: '{{port}}', weight: 1 }] }, true],
  ['ports', { open: [{ port: 'eighty' }] }, false],
  ['ports', { open: [{ port: 70000 }] }, false],
  ['package', { name: '{{list}}' }, true],
  ['package', { name: ['a', '{{b}}'] }, true],
  ['package', { name: [5] }, false],
  ['command', { argv: '{{words}}' }, true],
  ['debug', { msg: { any: ['thing'] } }, true],
])('an editor lets %s have %j: %s', (module, value, good) => {
  expect(checks.get(module)?.(value)).toBe(good);
});

test('descriptions stay where an editor looks for them', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer', description: 'How many.', default: 3 } } };
  expect(templatable(schema)).toEqual({
    type: 'object',
    properties: {
      n: { description: 'How many.', default: 3, anyOf: [{ type: 'integer' }, { type: 'string', pattern: '\\{\\{' }] },
    },
  });
});

test('the schema that is given is not changed', () => {
  const schema = schemaOf('ports');
  const before = structuredClone(schema);
  templatable(schema);
  expect(schema).toEqual(before);
});
