import {
  type Connections,
  type ConnectionsOptions,
  connectionDefaults,
  createConnections,
} from '../execute/connections.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Params } from './params.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';

/** How the hosts of a plan are reached, as far as it is known before a run. */
export function connectionsBefore({
  around,
  params,
  ...shared
}: Pick<ConnectionsOptions, 'inventory' | 'compiler' | 'functionContext' | 'secrets'> & {
  around: Surroundings;
  params: Params;
}): Connections {
  const names = { env: () => plainEnv(around.env), params: () => params.values, run: () => ({}), stdin: () => ({}) };
  return createConnections({ ...shared, names, home: around.home, overrides: {} });
}

/**
 * Connection settings that are wrong: found for every host of the plan, and before the first is contacted. `warns`: also those that are of
 * no use.
 */
export function connectionProblems(given: {
  plan: Plan;
  connections: Connections;
  inventory: Inventory;
  warns: boolean;
}): Problem[] {
  const { plan, connections, inventory, warns } = given;
  const found = plan.plays.flatMap(({ play, hosts }) =>
    hosts.flatMap((name) => {
      const { target, problems } = connections.of(name, connectionDefaults(play));
      if (!warns || target.transport !== 'ssm' || target.becomePassword === undefined) return problems;
      const vars = inventory.hosts.get(name)?.vars;
      const [at] = BECOME_PASSWORDS.flatMap((each) => vars?.get(each)?.at(-1)?.at ?? []);
      return [...problems, problem('W_SSM_BECOME_PASSWORD', { host: name }, at)];
    }),
  );
  // Several plays have the same host.
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

const BECOME_PASSWORDS = ['ansible_become_password', 'ansible_become_pass', 'become_password'];
