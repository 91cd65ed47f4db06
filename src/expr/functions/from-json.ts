import type { Value } from '../../model/value.ts';
import { type ExpressionFunction, FunctionError } from '../functions.ts';

export const fromJson: ExpressionFunction = {
  name: 'fromJson',
  summary: 'The value that a JSON text stands for.',
  overloads: { 'fromJson(string): dyn': parse },
  examples: [{ expression: 'fromJson("{\\"port\\": 80}").port', result: 80 }],
};

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new FunctionError(`${JSON.stringify(shown)} is not JSON`);
  }
}
