import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { fileReason } from '../util/errno.ts';
import type { Entry } from './files.ts';

/** What an inventory file is: read as YAML or INI, or run. `no-program` looks like a program that may not be run. */
export type FileKind = 'yaml' | 'ini' | 'program' | 'no-program';

const yamlEnds = ['.yml', '.yaml', '.json'];

/**
 * Tells what a file is. `.yml`, `.yaml` and `.json` are YAML, whatever their mode is; a file that begins with `#!` or is binary is a program;
 * any other text is INI, or YAML when its first line can be nothing else. The executable bit alone does not count: on some
 * file systems every file has it.
 */
export function kindOfFile(path: string, entry: Entry): FileKind | { unreadable: string } {
  if (yamlEnds.includes(extname(path).toLowerCase())) return 'yaml';
  let start: Buffer;
  try {
    start = beginning(path);
  } catch (error) {
    return { unreadable: fileReason(error) };
  }
  const program = start.subarray(0, 2).toString('latin1') === '#!' || start.includes(0);
  if (program) return entry.executable ? 'program' : 'no-program';
  return looksLikeYaml(start.toString('utf8')) ? 'yaml' : 'ini';
}

function beginning(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(4096);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}

/** By the first line that says something: YAML begins with a marker, or with a key and a colon that ends the line or has space behind it. */
function looksLikeYaml(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line));
  if (first === undefined) return false;
  return /^(?:---|%YAML|\{)/.test(first) || /^\s*[^[\s=]+:(?:\s+[^\s=]+)?\s*(?:#.*)?$/.test(first);
}
