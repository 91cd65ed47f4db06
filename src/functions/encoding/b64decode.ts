import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const b64decode = defineFunction({
  name: 'b64decode',
  summary: 'The text that a base64 text stands for. Both alphabets are read; what it holds has to be UTF-8.',
  params: { text: { kind: 'text', about: 'base64' } },
  result: 'text',
  call: ({ text }) => {
    const plain = text.replace(/\s+/g, '');
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(plain) || plain.replace(/=+$/, '').length % 4 === 1) {
      throw new FunctionError(`${shown(text)} is not base64`);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(plain, 'base64'));
    } catch {
      throw new FunctionError('what it holds is not text in UTF-8');
    }
  },
  examples: [{ args: ['R3LDvMOfZQ=='], result: 'Grüße' }],
  alsoCalled: ['base64decode', 'from_base64', 'base64_decode', 'b64dec', 'unbase64'],
});
