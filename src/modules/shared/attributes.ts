import type { FileAttributes, ProbePiece } from '../../model/resource.ts';
import { type Mode, parseMode } from './mode.ts';

/** Owner, group and mode as YAML gives them. */
export interface AttributeParams {
  mode?: string;
  owner?: string | number;
  group?: string | number;
}

/** Owner, group and mode to have, where the mode may depend on what is there. */
export interface Attributes {
  mode?: Mode;
  owner?: string;
  group?: string;
}

/** The fields of a `stat` piece. */
export type StatFields = Extract<ProbePiece, { stat: string }>['fields'];

/** Reads the attributes of a task. Throws ProblemError for a mode that is none. */
export function attributesOf(module: string, params: AttributeParams): Attributes {
  return {
    ...(params.mode !== undefined && { mode: parseMode(module, params.mode) }),
    ...(params.owner !== undefined && { owner: String(params.owner) }),
    ...(params.group !== undefined && { group: String(params.group) }),
  };
}

/**
 * The stat fields that show the attributes, and what they must be, in the same order. A number is compared with the number.
 * A mode that depends on what is there has none.
 */
export function statOf(attributes: Attributes | FileAttributes): { fields: StatFields; words: string[] } {
  const fields: StatFields[number][] = [];
  const words: string[] = [];
  const mode = typeof attributes.mode === 'string' ? attributes.mode : fixed(attributes.mode);
  if (mode !== undefined) {
    fields.push('mode');
    words.push(mode);
  }
  if (attributes.owner !== undefined) {
    fields.push(isNumber(attributes.owner) ? 'uid' : 'owner');
    words.push(attributes.owner);
  }
  if (attributes.group !== undefined) {
    fields.push(isNumber(attributes.group) ? 'gid' : 'group');
    words.push(attributes.group);
  }
  return { fields, words };
}

/** The words of `play_attr`: mode, owner, group; empty = leave. */
export function attributeWords(attributes: Attributes): [string, string, string] {
  const { mode } = attributes;
  const text = mode?.kind === 'relative' ? mode.text : mode?.digits;
  return [text ?? '', attributes.owner ?? '', attributes.group ?? ''];
}

/** Whether anything is asked for. */
export function hasAttributes(attributes: Attributes | FileAttributes): boolean {
  return attributes.mode !== undefined || attributes.owner !== undefined || attributes.group !== undefined;
}

function fixed(mode: Mode | undefined): string | undefined {
  return mode?.kind === 'fixed' ? mode.digits : undefined;
}

function isNumber(account: string): boolean {
  return /^[0-9]+$/.test(account);
}
