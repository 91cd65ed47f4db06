import { parse, TomlError } from 'smol-toml';
import { defineFunction, FunctionError } from '../function.ts';
import { plainValue } from '../plain-value.ts';

export const fromToml = defineFunction({
  name: 'from_toml',
  summary: 'The value that a TOML text stands for.',
  params: { text: { kind: 'text', about: 'TOML' } },
  result: 'map',
  call: ({ text }) => {
    try {
      return plainValue(parse(text, { integersAsBigInt: 'asNeeded' }));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
      throw new FunctionError(`this is not TOML: ${reason} (line ${error.line}, column ${error.column})`);
    }
  },
  examples: [{ args: ['[server]\nport = 80\n'], result: { server: { port: 80 } } }],
  alsoCalled: ['fromtoml', 'parse_toml'],
});
