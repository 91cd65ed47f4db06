import { defineFunction } from '../function.ts';
import { ipOf } from '../ip.ts';
import { itemText } from '../words.ts';

export const ipSort = defineFunction({
  name: 'ip_sort',
  summary: 'IP addresses in their order, those of version 4 first.',
  params: { list: { kind: 'list', about: 'addresses' } },
  result: 'list',
  call: ({ list }) =>
    list
      .map((item) => ({ item, ip: ipOf(itemText(item)) }))
      .sort((a, b) => a.ip.version - b.ip.version || (a.ip.value < b.ip.value ? -1 : a.ip.value > b.ip.value ? 1 : 0))
      .map(({ item }) => item),
  examples: [{ args: [['10.0.0.10', '::1', '10.0.0.9']], result: ['10.0.0.9', '10.0.0.10', '::1'] }],
  alsoCalled: ['sort_ip'],
});
