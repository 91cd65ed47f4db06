import { badArgs } from './args.ts';

/** Names of groups, of a list or with commas between them. As in Ansible, a blank inside a name becomes `-`. */
export function groupNames(module: string, given: string | string[]): string[] {
  const list = Array.isArray(given) ? given : given.split(',');
  const names = list.map((name) => name.trim().replaceAll(/\s/g, '-')).filter((name) => name !== '');
  const odd = names.find((name) => /[,:&!*?[\]]/.test(name));
  if (odd !== undefined)
    throw badArgs(module, `"${odd}" cannot be the name of a group`, 'letters, digits, _, - and . make a name');
  return names;
}
