import type { ParamDeclaration } from '../model/param.ts';
import type { Value } from '../model/value.ts';
import { readYaml } from '../parse/yaml.ts';
import { type Checked, checkParamValue, type Origin } from './check-value.ts';

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/** The value that a text of the command line, the environment or a person stands for: `1.10` stays text where text is wanted. */
export function parseParamText(declaration: ParamDeclaration, text: string, origin: Origin): Checked {
  return checkParamValue(declaration, valueMeant(declaration, text), origin);
}

function valueMeant({ type, enum: allowed }: ParamDeclaration, text: string): Value {
  switch (type) {
    case 'int':
    case 'number':
      return /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : text;
    case 'bool':
      return FLAGS.get(text.toLowerCase()) ?? text;
    case 'enum':
      return allowed?.find((one) => String(one) === text) ?? text;
    case 'list':
      if (/^\s*\[/.test(text)) return structured(text);
      return text === '' ? [] : text.split(',').map((item) => item.trim());
    case 'map':
      return /^\s*\{/.test(text) ? structured(text) : pairs(text);
    default:
      return text;
  }
}

/** A flow collection of YAML, and so JSON too. */
function structured(text: string): Value {
  const { root, problems } = readYaml({ file: '', text, sources: new Map() });
  return root && problems.length === 0 ? root.value : text;
}

/** `a=1,b=2`; what is no pair leaves the text as it is, which is no mapping. */
function pairs(text: string): Value {
  const entries = text.split(',').map((pair) => /^\s*([^=]+?)\s*=(.*)$/s.exec(pair));
  if (entries.some((entry) => !entry)) return text;
  return Object.fromEntries(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']));
}
