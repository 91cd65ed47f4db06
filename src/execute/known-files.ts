import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Converge, Edit, Sh } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { hasAttributes } from '../modules/shared/attributes.ts';
import { attributeShellWords, expectFile, fileFields, settleMode } from '../modules/shared/written-attributes.ts';
import { joinSh, raw, sh } from '../program/sh.ts';

/** Larger files are not edited: their text would have to cross the wire and live in memory. */
const editLimit = 1024 * 1024;

/** What the controller knows of a host's file, for one user: its text as read or as it will have been written. */
export interface KnownFile {
  /** undefined: there is no such file. */
  text: string | undefined;
  /** It has not been written in truth (check mode): what is computed from it is a forecast. */
  forecast: boolean;
  /** The step before which it was read from the host; undefined: the text is known because we wrote it. */
  readAt?: number;
  /** Why its text cannot be edited: binary, too large, unreadable. */
  problem?: string;
}

/** An edit made into a write that is guarded by the text it was computed from. */
export interface ComputedEdit {
  before: string | undefined;
  after: string | undefined;
  fields: Record<string, Value>;
  resource: Converge;
}

/** Runs an edit's transform over the text that is known. A string is the reason it failed. */
export function computeEdit(edit: Edit, known: KnownFile): ComputedEdit | string {
  if (known.problem !== undefined) return known.problem;
  const result = edit.transform(known.text);
  if ('failure' in result) return result.failure;
  const fields = result.fields ?? {};
  const { text } = result;
  const { attributes } = edit;
  const exists = text !== undefined;
  const isMeasured = exists && hasAttributes(attributes);
  const words = attributeShellWords(attributes);
  const put: Sh[] = [sh`play_real ${edit.path}`];
  if (exists && known.text === undefined && edit.makesDirectory) put.push(sh`mkdir -p -- ${posix.dirname(edit.path)}`);
  if (edit.backup) put.push(raw('play_backup "$play_d"'));
  if (edit.validate !== undefined) put.push(sh`play_check=${edit.validate}`);
  put.push(text === known.text ? sh`play_attr "$play_d" ${words}` : sh`play_put "$play_d" ${words}`);
  const sum = exists ? `sha256 ${hash(text)}` : 'sha256 -';
  const resource: Converge = {
    kind: 'converge',
    probe: [
      ...(isMeasured ? [{ stat: edit.path, fields: fileFields(attributes), follow: true } as const] : []),
      { sum: edit.path },
    ],
    expect: isMeasured ? expectFile(attributes, { after: sum }) : sum,
    apply: joinSh([...(exists ? [settleMode(attributes)] : []), joinSh(put, ' &&\n')], ''),
    ...(edit.validate === undefined && { only: edit.path }),
    guard: known.text === undefined ? 'sha256 -' : `sha256 ${hash(known.text)}`,
    ...(exists &&
      text !== known.text && { content: { bytes: Buffer.from(text), sha256: hash(text), dest: edit.path } }),
    ...(exists && { writes: [{ path: edit.path, text }] }),
    ...(edit.result && { result: edit.result }),
  };
  return { before: known.text, after: text, fields, resource };
}

/** What a prefetched file is, from the host's line on it and its content; undefined: it must be read again. */
export function readKnown(path: string, line: string, bytes: Buffer | undefined): KnownFile | undefined {
  const [type, size, sent] = line.split(' ');
  const problem = (text: string): KnownFile => ({ text: undefined, forecast: false, problem: text });
  if (type === 'absent') return { text: undefined, forecast: false };
  if (type === 'unreadable') return problem(`${path} cannot be read by this user`);
  if (type !== 'file') return problem(`${path} is a ${type}, not a file`);
  if (Number(size) > editLimit) return problem(`${path} has ${size} bytes; at most ${editLimit} can be edited`);
  if (sent === undefined || bytes === undefined) return undefined;
  const text = bytes.toString('utf8');
  if (bytes.includes(0) || !Buffer.from(text).equals(bytes)) return problem(`${path} is not UTF-8 text`);
  return { text, forecast: false };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
