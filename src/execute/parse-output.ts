import { functionNamed } from '../functions/catalogue.ts';
import { FunctionError } from '../functions/function.ts';
import { invoke } from '../functions/invoke.ts';
import type { Parsing } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { mostKept } from './capture.ts';
import { commonFields, failureOf, type ItemResult } from './outcome.ts';

/**
 * Reads what a task has printed: `data` of its result, before `until`, `changed_when` and `failed_when` look at it. An output that is not what
 * was said fails the task, unless it has failed already: then `data` is null.
 */
export function withData(result: ItemResult, parse: Parsing | undefined, at: Problem['at']): ItemResult {
  const { stdout } = result.fields;
  if (!parse || typeof stdout !== 'string') return result;
  const having = (data: Value): ItemResult => ({ ...result, fields: { ...result.fields, data } });
  // Nothing was run, and that is no failure.
  if (result.status === 'ok' && stdout === '') return having(null);
  try {
    if ((result.detail.stdoutBytes ?? 0) > mostKept)
      throw new FunctionError(`it is longer than ${mostKept / 1024 / 1024} MiB`);
    return having(dataIn(stdout, parse));
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    if (result.status === 'failed') return having(null);
    const fault = problem('E_PARSE_OUTPUT', { as: parse.as, detail: error.message }, at);
    return {
      ...result,
      status: 'failed',
      fields: { ...result.fields, data: null, ...commonFields('failed', fault) },
      detail: { ...result.detail, failure: failureOf(fault) },
      problem: fault,
    };
  }
}

/** The functions that read texts do the work. Throws FunctionError. */
function dataIn(text: string, { as, options = {}, pattern }: Parsing): Value {
  const call = (name: string, ...args: (Value | undefined)[]): Value => {
    const definition = functionNamed(name);
    if (!definition) throw new Error(`there is no function ${name}`);
    return invoke(definition, [text, ...args], undefined);
  };
  switch (as) {
    case 'regex':
      return call('regex_rows', `(?m)${pattern?.value ?? ''}`);
    case 'csv':
      return call('from_csv', options['delimiter'], options['header']);
    case 'kv':
      return call('from_kv', options['separator']);
    case 'table':
      return call('from_table', options['aligned'], options['skip'], options['columns']);
    case 'lines':
      return call('lines');
    default:
      return call(`from_${as}`);
  }
}
