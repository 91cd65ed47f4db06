import type { Scalar } from 'yaml';
import type { Value } from '../../model/value.ts';

/** Keys whose number is a file mode, so that 0750 and 750 mean the same and neither is decimal. */
const MODE_KEYS = new Set(['mode', 'directory_mode', 'umask']);

/** YAML 1.2 core: what a plain scalar must look like to be a number. */
const NUMBER = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const CONSTANTS = new Map<string, null | boolean>([
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

/**
 * The value of a scalar without a tag, by YAML 1.2 core (`yes`, `on`, `12:30` are text) with two additions:
 * - a number that would not print back as it is written stays text: `1.10`, `0644`, `0x1f`, `1e3`, twenty digits, `.inf`.
 *   So a version never turns into another one and no digit is lost;
 * - under `mode`, `directory_mode` and `umask`, octal digits become text of four digits: `0644`, `644` and `0o644` are "0644".
 */
export function scalarValue(node: Scalar, key: string | undefined): Value {
  if (node.type !== 'PLAIN') return textOf(node);
  const source = textOf(node);
  const constant = CONSTANTS.get(source);
  if (constant !== undefined) return constant;
  if (key !== undefined && MODE_KEYS.has(key)) {
    const octal = /^(?:0o)?([0-7]{3,})$/.exec(source)?.[1];
    if (octal !== undefined) return octal.length === 3 ? `0${octal}` : octal;
  }
  if (!NUMBER.test(source)) return source;
  const number = Number(source);
  return String(number) === source ? number : source;
}

/** The value of a scalar that carries one of the accepted tags, or undefined when the text does not fit the tag. */
export function taggedValue(node: Scalar, tag: string): Value | undefined {
  const text = textOf(node);
  switch (tag) {
    case '!!null':
      return CONSTANTS.get(text) === null ? null : undefined;
    case '!!bool': {
      const constant = CONSTANTS.get(text);
      return typeof constant === 'boolean' ? constant : undefined;
    }
    case '!!int':
    case '!!float': {
      const number = NUMBER.test(text) || /^0(?:x[0-9a-fA-F]+|o[0-7]+)$/.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(number) && (tag === '!!float' || Number.isSafeInteger(number)) ? number : undefined;
    }
    default:
      return text;
  }
}

/** The text of a scalar as its author wrote it, quotes and folding resolved, but no type. */
export function textOf(node: Scalar): string {
  if (node.source !== undefined) return node.source;
  return typeof node.value === 'string' ? node.value : '';
}
