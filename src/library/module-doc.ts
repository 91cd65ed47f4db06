import type { Module } from '../model/module.ts';
import type { ModuleDoc, ParamDoc } from '../model/module-doc.ts';
import type { Value } from '../model/value.ts';
import { kindOf } from '../modules/kind-of.ts';
import { yamlText } from '../parse/yaml/write.ts';
import { isMapping } from './about.ts';

type Schema = Record<string, unknown>;

/** The documentation of a module; `params` is the JSON Schema of its parameters, which a module of ours has no more once it is built. */
export function moduleDoc(module: Module, params: Schema, from: string): ModuleDoc {
  const { name, summary, on, idempotent, checkMode, result, openResult, facts, examples } = module;
  return {
    name,
    summary,
    from,
    on,
    idempotent,
    ...(checkMode !== undefined && { checkMode }),
    params: paramDocs(module, params),
    rules: rulesOf(module),
    ...(!openResult && { result }),
    ...(facts && { facts }),
    examples: examples.map((task) => yamlText([task])).join(''),
  };
}

function paramDocs({ conditions = [] }: Module, schema: Schema): ParamDoc[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const named = entries(schema['properties']).map(([name, param]) => ({
    name,
    kind: conditions.includes(name) ? 'condition' : kindOf(param, String),
    required: required.includes(name),
    ...(param['default'] !== undefined && { default: yamlText(param['default'] as Value).trim() }),
    meaning: textOf(param['description']),
  }));
  const [any] = entries(schema['patternProperties']);
  if (!any) return named;
  const meaning = textOf(any[1]['description']) || textOf(schema['description']);
  return [...named, { name: 'any name', kind: kindOf(any[1], String), required: false, meaning }];
}

/** What the list of parameters cannot say. */
function rulesOf({ shorthand, exclusive = [], requireOne = [] }: Module): string[] {
  return [
    ...requireOne.map((names) =>
      names.length === 1 ? `${names[0]} is required.` : `One of ${names.join(', ')} is required.`,
    ),
    ...exclusive.map((names) => `Only one of ${names.join(', ')} can be given.`),
    ...(shorthand === undefined ? [] : [`Written without a mapping, the value is ${shorthand}.`]),
  ];
}

function entries(map: unknown): [string, Schema][] {
  return isMapping(map) ? Object.entries(map).filter((entry): entry is [string, Schema] => isMapping(entry[1])) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
