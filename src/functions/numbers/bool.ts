import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const bool = defineFunction({
  name: 'bool',
  summary: 'True or false from a text or a number: yes, on, true, 1 and no, off, false, 0, in any case.',
  params: { value: { kind: ['bool', 'text', 'number'], about: 'a text or a number' } },
  result: 'bool',
  call: ({ value }) => {
    const word = String(value).toLowerCase();
    if (/^(?:true|yes|on|1|y|t)$/.test(word)) return true;
    if (/^(?:false|no|off|0|n|f)$/.test(word)) return false;
    throw new FunctionError(`${shown(String(value))} is neither true nor false`);
  },
  examples: [
    { args: ['yes'], result: true },
    { args: [0], result: false },
  ],
  alsoCalled: ['to_bool', 'boolean'],
});
