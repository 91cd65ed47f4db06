import type { Value } from '../model/value.ts';
import { type Header, HttpFault, headerOf } from './message.ts';

/** As many mistakes of a body are told. */
const mostFaults = 5;

/** What an answer has to be. */
export interface Expectation {
  /** `200`, `2xx`, or `any`; one of them has to fit. */
  status: readonly string[];
  /** Text that a header holds; `true`: it is there, `false`: it is not. */
  headers: Readonly<Record<string, string | boolean>>;
  /** JSON Schema of the body. */
  json?: Value | undefined;
  /** Texts that the body holds. */
  text: readonly string[];
}

/** What is read of an answer to hold it against an expectation. */
export interface Read {
  status: number;
  reason: string;
  headers: readonly Header[];
  /** Undefined: the body went to a file. */
  text?: string | undefined;
  /** Undefined: the body is no JSON. */
  json?: Value | undefined;
}

/** What is wrong with an answer, in words; undefined: nothing. */
export async function unmet(read: Read, wanted: Expectation): Promise<string | undefined> {
  const { status, reason } = read;
  if (!isStatus(status, wanted.status)) {
    const answered = `the server answered ${status}${reason === '' ? '' : ` ${reason}`}`;
    const other = wanted.status.length === 1 && wanted.status[0] === '2xx' ? '' : `, not ${wanted.status.join(' or ')}`;
    return `${answered}${other}${excerpt(read.text)}`;
  }
  for (const [name, value] of Object.entries(wanted.headers)) {
    const found = headerOf(read.headers, name.toLowerCase());
    if (value === false ? found !== undefined : found === undefined)
      return `the answer has ${value === false ? 'a' : 'no'} header ${name}`;
    if (typeof value === 'string' && !found?.includes(value))
      return `the header ${name} is ${JSON.stringify(found)} and does not hold ${JSON.stringify(value)}`;
  }
  for (const text of wanted.text)
    if (read.text?.includes(text) !== true)
      return `the body does not hold ${JSON.stringify(text)}${excerpt(read.text)}`;
  if (wanted.json === undefined) return undefined;
  if (read.json === undefined) return `the body is no JSON${excerpt(read.text)}`;
  const faults = await schemaFaults(wanted.json, read.json);
  if (faults.length === 0) return undefined;
  const more = faults.length - mostFaults;
  const told = more > 0 ? [...faults.slice(0, mostFaults), `and ${more} more`] : faults;
  return `the JSON is not as expected: ${told.join('; ')}`;
}

/** Throws HttpFault when the schema itself is wrong. */
async function schemaFaults(schema: Value, value: Value): Promise<string[]> {
  const { SchemaFault, schemaErrors } = await import('../util/json-schema.ts');
  try {
    return schemaErrors(value, typeof schema === 'object' && schema !== null ? schema : schema === true);
  } catch (error) {
    throw error instanceof SchemaFault ? new HttpFault(`expect.json is no JSON Schema: ${error.message}`) : error;
  }
}

/** Whether a status is one of those: `200`, `2xx`, `any`. */
function isStatus(status: number, wanted: readonly string[]): boolean {
  return wanted.some((each) => each === 'any' || each === String(status) || each === `${String(status)[0]}xx`);
}

/** The beginning of a body, which often says what is wrong. */
function excerpt(text: string | undefined): string {
  const line = text?.replace(/\s+/g, ' ').trim() ?? '';
  if (line === '') return '';
  return `: ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`;
}
