import type { Inventory } from '../model/inventory.ts';
import type { Fields, Value } from '../model/value.ts';
import { NotYet } from '../render/scope.ts';
import type { CertaintyOptions } from './certainty.ts';
import { unknownNames } from './static-frames.ts';

/** Names that all hosts share, as far as they are known before the run. */
export function sharedNames({ inventory, env, params }: CertaintyOptions): Record<string, () => Value> {
  const later = (name: string) => (): Value => {
    throw new NotYet('register', name);
  };
  let environment: Value | undefined;
  let groups: Value | undefined;
  return {
    env: () => {
      environment ??= Object.fromEntries(
        Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      return environment;
    },
    groups: () => {
      groups ??= Object.fromEntries([...inventory.groups].map(([name, { hosts }]) => [name, hosts]));
      return groups;
    },
    hosts: later('hosts'),
    run: later('run'),
    stdin: later('stdin'),
    params: () =>
      unknownNames(
        params.names.filter((name) => !Object.hasOwn(params.values, name)),
        params.values,
      ),
  };
}

/** `host`, without its address, which is worked out when the run begins. */
export function hostNames(inventory: Inventory, name: string): Value {
  const host = inventory.hosts.get(name);
  const vars: Fields = {};
  for (const [key, definitions] of host?.vars ?? []) vars[key] = definitions.at(-1)?.value ?? null;
  const fields: Fields = { name, groups: host?.groups ?? [], vars };
  return unknownNames(['address'], fields);
}
