import type { Fields, Value } from '../../model/value.ts';
import { readCsv } from './csv.ts';

/** Rows of a file: the names of the columns, and a value for each. */
export interface Table {
  columns: string[];
  rows: Value[][];
}

/** How rows are written in a file. */
export type TableFormat = 'csv' | 'tsv' | 'json' | 'ndjson';

/** By the end of a file's name; undefined: it does not tell. */
export function formatOf(path: string): TableFormat | undefined {
  const [, ending] = /\.(csv|tsv|json|ndjson|jsonl)$/i.exec(path) ?? [];
  return ending?.toLowerCase().replace('jsonl', 'ndjson') as TableFormat | undefined;
}

/** Reads rows. Values of CSV are texts, which a column with a type turns into numbers. Throws Error with the place of a mistake. */
export function readTable(text: string, format: TableFormat): Table {
  if (format === 'csv' || format === 'tsv') return readFields(text, format);
  const objects =
    format === 'json'
      ? JSON.parse(text)
      : text
          .split('\n')
          .filter((line) => line.trim())
          .map(readLine);
  if (!Array.isArray(objects)) throw new Error('it is not a list of mappings');
  const columns = [...new Set(objects.flatMap((one, i) => Object.keys(mapping(one, i))))];
  return { columns, rows: objects.map((one) => columns.map((column) => held(one[column]))) };
}

function readFields(text: string, format: 'csv' | 'tsv'): Table {
  const plain = text.replace(/^﻿/, '').replaceAll('\r\n', '\n');
  const [head = [], ...rows] =
    format === 'csv'
      ? readCsv(plain).map((row) => row.map((field) => field.text))
      : plain
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.split('\t'));
  for (const [i, row] of rows.entries())
    if (row.length !== head.length)
      throw new Error(`row ${i + 1} has ${row.length} fields, and the first line names ${head.length}`);
  return { columns: head, rows };
}

function readLine(line: string, i: number): Value {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${i + 1}: ${error instanceof Error ? error.message : error}`);
  }
}

function mapping(one: Value, i: number): Fields {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) throw new Error(`item ${i + 1} is no mapping`);
  return one;
}

/** What a column cannot hold is in it as JSON text. */
function held(value: Value | undefined): Value {
  return value === undefined ? null : typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Writes rows; null is an empty field of CSV. */
export function writeTable({ columns, rows }: Table, format: TableFormat): string {
  const objects = (): Fields[] =>
    rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));
  if (format === 'json') return `${JSON.stringify(objects(), null, 2)}\n`;
  if (format === 'ndjson')
    return objects()
      .map((one) => `${JSON.stringify(one)}\n`)
      .join('');
  const field = format === 'csv' ? csvField : tsvField;
  return [columns, ...rows].map((row) => `${row.map(field).join(format === 'csv' ? ',' : '\t')}\n`).join('');
}

/** The only mapping that a database gives is `{base64}`, of which a field holds the text. */
function asText(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? String(Object.values(value)[0] ?? '') : String(value);
}

/** RFC 4180. */
function csvField(value: Value): string {
  const text = asText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Such a file knows no quotes. */
function tsvField(value: Value): string {
  return asText(value).replace(/[\t\r\n]+/g, ' ');
}
