import { createHostScopes, createInventoryExpressions } from '../execute/inventory-expressions.ts';
import { loadInventory } from '../inventory/load.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources } from '../model/span.ts';
import { readYaml } from '../parse/yaml.ts';
import type { Problem } from '../problems/problem.ts';
import type { Secrets } from '../secrets/registry.ts';
import type { Vault } from '../secrets/vault.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { askAws } from './ask-aws.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';

/** Which inventory is read, and what is shared with the rest of the command. */
export interface ReadInventoryOptions {
  inventory: readonly string[];
  /** Whether answers of AWS that were kept do not count. */
  flushCache?: boolean;
  playbookDir?: string;
  sources: Sources;
  compiler: TextCompiler;
  around: Surroundings;
  /** Opens what stands encrypted in files, and keeps it from being shown. */
  vault: Vault;
  secrets: Secrets;
  functionContext(host: string): FunctionContext;
}

/** Reads the inventory of a command: programs and AWS get the whole environment, expressions of constructed groups see it as `env`. */
export async function readInventory(
  options: ReadInventoryOptions,
): Promise<{ inventory: Inventory; problems: Problem[]; scopeOf(host: string): Scope }> {
  const { compiler, around, sources, playbookDir, vault, secrets, functionContext } = options;
  const names = { env: () => plainEnv(around.env), params: () => ({}), run: () => ({}), stdin: () => ({}) };
  const shared = { compiler, names, home: around.home, secrets, functionContext };
  const loaded = await loadInventory({
    sources: options.inventory,
    cwd: around.cwd,
    fileSources: sources,
    readYaml,
    env: around.env,
    secrets: vault,
    expressions: createInventoryExpressions(shared),
    askAws: askAws(around, options.flushCache === true),
    ...(playbookDir !== undefined && { playbookDir }),
  });
  let scopes: ReturnType<typeof createHostScopes> | undefined;
  return {
    ...loaded,
    scopeOf(host) {
      scopes ??= createHostScopes({ ...shared, inventory: loaded.inventory });
      return scopes(host);
    },
  };
}
