import { defineFunction, FunctionError } from '../function.ts';
import { compareVersions } from '../version-order.ts';

const OPERATORS: Record<string, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

export const versionCompare = defineFunction({
  name: 'version_compare',
  summary:
    'Whether a version is the same as, older or newer than another: `1.10` is newer than `1.9`, and `2.0-rc1` older than `2.0`.',
  params: {
    version: { kind: 'text', about: 'a version' },
    other: { kind: 'text', about: 'another one' },
    operator: { kind: 'text', about: '`==`, `!=`, `<`, `<=`, `>` or `>=`', default: '==' },
  },
  result: 'bool',
  call: ({ version, other, operator }) => {
    const test = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (!test)
      throw new FunctionError(`there is no operator "${operator}"; there are ${Object.keys(OPERATORS).join(' ')}`);
    return test(compareVersions(version, other));
  },
  examples: [
    { args: ['1.10.0', '1.9', '>'], result: true },
    { args: ['2.0-rc1', '2.0', '<'], result: true },
    { args: ['v1.2', '1.2.0'], result: true },
  ],
  alsoCalled: ['version', 'compare_version', 'vercmp'],
});
