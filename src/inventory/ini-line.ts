import type { Definition } from '../model/inventory.ts';
import type { Span } from '../model/span.ts';
import { isTextSetting } from './connection-names.ts';
import { readPythonLiteral } from './python-literal.ts';

/** One line of an INI file without white space around it, and where it stands. */
export interface IniLine {
  file: string;
  text: string;
  /** Offset of its first character in the file. */
  start: number;
}

/** Where a stretch of a line stands in its file. */
export function spanIn(line: IniLine, start = 0, end = line.text.length): Span {
  return { file: line.file, start: line.start + start, end: line.start + end };
}

/** The lines that say something: not empty, no `#` or `;` in front. */
export function linesOf(file: string, text: string): IniLine[] {
  const lines: IniLine[] = [];
  let start = 0;
  for (const written of text.split('\n')) {
    const lead = written.length - written.trimStart().length;
    const line = { file, text: written.trim(), start: start + lead };
    if (line.text !== '' && !/^[#;]/.test(line.text)) lines.push(line);
    start += written.length + 1;
  }
  return lines;
}

/** A value as it is written behind `=`. */
export interface IniValue {
  name: string;
  text: string;
  layer: string;
  at: Span;
}

/** The definition of a variable: a Python literal where the text is one. Settings that are text keep the digits that were written. */
export function iniDefinition({ name, text, layer, at }: IniValue): Definition {
  const literal = readPythonLiteral(text);
  const asWritten = literal === undefined || (typeof literal !== 'string' && isTextSetting(name));
  return { value: asWritten ? text : literal, layer, at };
}
