import type { Value } from '../../model/value.ts';
import { mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const jsonMergePatch = defineFunction({
  name: 'json_merge_patch',
  summary:
    'A value changed by a merge patch (RFC 7396): its keys are put into the mapping, those that are null taken out, and everything else replaced.',
  params: {
    value: { kind: 'any', about: 'what is changed' },
    patch: { kind: 'any', about: 'how' },
  },
  result: 'any',
  call: ({ value, patch }) => merged(value, patch),
  examples: [
    {
      args: [
        { title: 'a', author: { name: 'ann', mail: 'x' }, tags: ['one'] },
        { author: { mail: null }, tags: ['two'] },
      ],
      result: { title: 'a', author: { name: 'ann' }, tags: ['two'] },
    },
    { args: [['a'], { b: 1 }], result: { b: 1 } },
  ],
  alsoCalled: ['merge_patch'],
});

function merged(value: Value, patch: Value): Value {
  if (!isMapping(patch)) return patch;
  const result = new Map(isMapping(value) ? Object.entries(value) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) result.delete(key);
    else result.set(key, merged(result.get(key) ?? null, change));
  }
  return mapping(result);
}

function isMapping(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
