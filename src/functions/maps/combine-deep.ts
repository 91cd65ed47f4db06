import type { Fields, Value } from '../../model/value.ts';
import { mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const combineDeep = defineFunction({
  name: 'combine_deep',
  summary: 'Mappings as one, with mappings inside of them combined too. Of everything else the last one wins.',
  params: { maps: { kind: 'map', about: 'a mapping', rest: true } },
  result: 'map',
  call: ({ maps }) => maps.reduce((all, map) => deep(all, map), {}),
  examples: [
    {
      args: [{ db: { host: 'a', port: 1 } }, { db: { host: 'b' } }],
      result: { db: { host: 'b', port: 1 } },
    },
  ],
  alsoCalled: ['combine_recursive', 'merge_recursive', 'deep_merge', 'deepmerge', 'merge_variables'],
});

function deep(under: Fields, over: Fields): Fields {
  const both = Object.entries(over).map(([key, value]): [string, Value] => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    return [key, isMap(below) && isMap(value) ? deep(below, value) : value];
  });
  return mapping([...Object.entries(under), ...both]);
}

function isMap(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
