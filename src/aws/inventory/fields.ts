import type { Fields, Value } from '../../model/value.ts';

/** What the SDK gives as plain data under Ansible's names: `PrivateIpAddress` is `private_ip_address`, times are text; what is not there is left out. */
export function plainFields(record: object): Fields {
  const pairs = Object.entries(record).flatMap(([name, value]) =>
    value === undefined ? [] : [[snakeCase(name), plain(value)] as const],
  );
  return Object.fromEntries(pairs);
}

/** `[{ Key, Value }]` as a mapping. */
export function tagFields(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Fields {
  return Object.fromEntries(tags.map(({ Key = '', Value: value = '' }) => [Key, value]));
}

function plain(value: unknown): Value {
  // As Ansible prints the times of boto3, which have no fractions of seconds.
  if (value instanceof Date) return value.toISOString().replace(/(?:\.000)?Z$/, '+00:00');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return plainFields(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** `IPAddress` is `ip_address`, `TargetGroupARNs` is `target_group_arns`: `camel_dict_to_snake_dict` of ansible-core gives the same for all names of EC2 and SSM. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/[A-Z]{3,}s$/g, (word) => `_${word.toLowerCase()}`)
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z0-9])([A-Z]+)/g, '$1_$2')
    .replace(/^_/, '')
    .toLowerCase();
}
