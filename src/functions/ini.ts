import type { Fields, Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { kindOf, shown } from './words.ts';

/** Reads INI text. A key that stands several times in a section gives a list. Throws FunctionError for a line that is neither. */
export function readIni(text: string): Fields {
  const top = new Map<string, Value>();
  const sections = new Map<string, Map<string, Value>>();
  let current = top;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[(.*)\]$/s.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map();
      sections.set(section, current);
      continue;
    }
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/s.exec(line) ?? [];
    if (key === undefined)
      throw new FunctionError(`line ${i + 1} is neither [section] nor key = value: ${shown(line)}`);
    const before = current.get(key);
    current.set(key, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries<Value>([
    ...top,
    ...[...sections].map(([name, keys]) => [name, Object.fromEntries(keys)] as const),
  ]);
}

/** Writes INI text that `readIni` reads back as texts. Throws FunctionError for what a line cannot hold. */
export function writeIni(map: Fields): string {
  const entries = Object.entries(map);
  const isSection = (value: Value): value is Fields =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const top = entries.filter(([, value]) => !isSection(value)).flatMap(([key, value]) => pairs(key, value));
  const sections = entries.flatMap(([name, value]) => {
    if (!isSection(value)) return [];
    if (/[\r\n\]]|^\s|\s$/.test(name)) throw new FunctionError(`${shown(name)} cannot be the name of a section`);
    return [[`[${name}]`, ...Object.entries(value).flatMap(([key, item]) => pairs(key, item))].join('\n')];
  });
  return [...(top.length > 0 ? [top.join('\n')] : []), ...sections].map((part) => `${part}\n`).join('\n');
}

function pairs(key: string, value: Value): string[] {
  if (!/^[^=:#;[\s](?:[^=:\r\n]*[^=:\s])?$/.test(key)) throw new FunctionError(`${shown(key)} cannot be a key`);
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === 'object')
      throw new FunctionError(`the value of "${key}" has to be text or a list of texts, not ${kindOf(item)}`);
    const text = String(item);
    if (/[\r\n]|^\s|\s$/.test(text))
      throw new FunctionError(`the value of "${key}" has line ends, or spaces at its ends`);
    return `${key} = ${text}`.trimEnd();
  });
}
