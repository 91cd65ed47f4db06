import type { EditResult } from '../../model/resource.ts';
import type { Place } from './edit.ts';
import { linesOf } from './text.ts';

/** Lines between two marker lines. */
export interface Block {
  /** Marker lines without their newline. */
  begin: string;
  end: string;
  /** Empty: the block goes, markers included. */
  block: string;
  place: Place;
  create: boolean;
  /** An empty line before the block, unless it is first or one is there. */
  spaceBefore: boolean;
  /** An empty line after the block, unless it is last or one is there. */
  spaceAfter: boolean;
}

/** Puts a block where its markers are, else where it is to go, by the rules of Ansible's blockinfile. */
export function placeBlock(text: string | undefined, wanted: Block, present: boolean): EditResult {
  if (text === undefined && !present) return { text, fields: { msg: '' } };
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist; create: true makes it' };
  const lines = linesOf(text ?? '', { returns: true });
  const block = present ? blockLines(wanted) : [];
  const old = takeOut(lines, wanted);
  if (text !== undefined && old === undefined && block.length === 0) return { text, fields: { msg: '' } };
  const at = old ?? placeOf(lines, text ?? '', wanted.place);
  const before = lines.slice(0, at);
  const after = lines.slice(at);
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith('\n')) before[before.length - 1] = `${last}\n`;
  if (block.length > 0 && wanted.spaceBefore && before.length > 0 && before.at(-1) !== '\n') before.push('\n');
  if (block.length > 0 && wanted.spaceAfter && after.length > 0 && after[0] !== '\n') after.unshift('\n');
  const made = [...before, ...block, ...after].join('');
  return { text: made, fields: { msg: message(text, made, block.length > 0) } };
}

function message(old: string | undefined, made: string, block: boolean): string {
  if (old === made) return '';
  if (old === undefined) return 'File created';
  return block ? 'Block inserted' : 'Block removed';
}

function blockLines({ begin, end, block }: Block): string[] {
  if (block === '') return [];
  return [`${begin}\n`, ...linesOf(block.endsWith('\n') ? block : `${block}\n`, { returns: true }), `${end}\n`];
}

/** Removes the block that is there, markers included, and says where it was. Of several markers the last count. */
function takeOut(lines: string[], { begin, end }: Block): number | undefined {
  const first = lines.lastIndexOf(`${begin}\n`);
  const last = lines.lastIndexOf(`${end}\n`);
  if (first < 0 || last < 0) return undefined;
  const at = Math.min(first, last);
  lines.splice(at, Math.abs(last - first) + 1);
  return at;
}

/** Index of the line before which a new block goes. */
function placeOf(lines: string[], text: string, place: Place): number {
  if (place === 'start') return 0;
  if (place === 'end') return lines.length;
  const pattern = 'after' in place ? place.after : place.before;
  const step = 'after' in place ? 1 : 0;
  if (!pattern.multiline) {
    const index = lines.findLastIndex((line) => pattern.test(line));
    return index < 0 ? lines.length : index + step;
  }
  // A pattern of the author's with (?m) is searched in the whole text, so that it may span lines.
  const match = pattern.find(text);
  if (match === undefined) return lines.length;
  const upTo = text.slice(0, step === 1 ? match.end : match.start);
  return Math.min(lines.length, upTo.split('\n').length - 1 + step);
}
