import type { Fields, Value } from '../../model/value.ts';

/** `PrivateIpAddress` → `private_ip_address`, `EBSOptimized` → `ebs_optimized`, `InstanceIds` → `instance_ids`: as modules of Ansible name fields of answers. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/([A-Z]{2,})s$/g, (_, word: string) => `_${word.toLowerCase()}s`)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^_/, '');
}

/** The same value with all names of fields in that form, and lists of tags as a mapping. */
export function snaked(value: Value): Value {
  if (Array.isArray(value)) return value.map(snaked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [snakeCase(key), key === 'Tags' ? mapping(each) : snaked(each)]),
  );
}

function mapping(tags: Value): Value {
  if (!Array.isArray(tags)) return tags;
  return Object.fromEntries((tags as Fields[]).map(({ Key = '', Value: text = '' }) => [String(Key), text]));
}
