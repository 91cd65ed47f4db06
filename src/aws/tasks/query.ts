import { search } from 'jmespath';
import type { Value } from '../../model/value.ts';

/** What is wrong with a query in JMESPath, as people give it to boto3 and `--query`; undefined: nothing that shows without a value. */
export function queryFault(text: string): string | undefined {
  try {
    search(null, text);
  } catch (error) {
    if (error instanceof Error && /^(Lexer|Parser)Error$/.test(error.name)) return `is no query: ${error.message}`;
  }
  return undefined;
}

/** What a query finds; null when nothing is there. Throws Error for one that does not fit the value. */
export function queried(value: Value, text: string): Value {
  return (search(value, text) ?? null) as Value;
}
