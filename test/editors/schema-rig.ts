import { readdirSync, readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';

const root = new URL('../../', import.meta.url);

/** The schemas of whole files. */
export const schemaNames = ['playbook', 'tasks', 'role', 'inventory'] as const;
export type SchemaName = (typeof schemaNames)[number];

/** Every schema by its path below `schemas/`. */
export const schemas: ReadonlyMap<string, object> = new Map(
  readdirSync(new URL('schemas', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(new URL(`schemas/${file}`, root), 'utf8'))]),
);

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const [file, schema] of schemas) ajv.addSchema(schema, file);

/** What is wrong with a text for someone who knows only a schema: mistakes of YAML count too. */
export function mistakes(name: SchemaName, text: string): string[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map((error) => error.message);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return [`an alias of nothing: ${error}`];
  }
  const validate = ajv.getSchema(`${name}.schema.json`) as ValidateFunction;
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`);
}

/** Files of a folder of the project, with their text. */
export function textsIn(folder: string, ending: RegExp): { place: string; text: string }[] {
  return readdirSync(new URL(folder, root), { encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .sort()
    .map((file) => ({ place: `${folder}/${file}`, text: readFileSync(new URL(`${folder}/${file}`, root), 'utf8') }));
}
