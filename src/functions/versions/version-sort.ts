import { defineFunction } from '../function.ts';
import { compareVersions } from '../version-order.ts';
import { itemText } from '../words.ts';

export const versionSort = defineFunction({
  name: 'version_sort',
  summary: 'Versions, or names with numbers in them, from the oldest to the newest.',
  params: { list: { kind: 'list', about: 'versions' } },
  result: 'list',
  call: ({ list }) => [...list].sort((a, b) => compareVersions(itemText(a), itemText(b))),
  examples: [{ args: [['1.10', '1.9', '1.10-rc2']], result: ['1.9', '1.10-rc2', '1.10'] }],
  alsoCalled: ['sort_versions', 'natural_sort', 'natsort'],
});
