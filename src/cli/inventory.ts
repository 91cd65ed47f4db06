import { hostVars } from '../execute/inventory-values.ts';
import { explainPattern, patternLines } from '../inventory/explain-pattern.ts';
import { graphLines } from '../inventory/graph.ts';
import { hostLines } from '../inventory/host-lines.ts';
import { limitHosts } from '../inventory/limit.ts';
import { listing, yamlListing } from '../inventory/listing.ts';
import type { Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { writeYaml } from '../parse/write-yaml.ts';
import { exitCode } from '../problems/exit-code.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { createFiles } from '../render/files.ts';
import { createSecrets } from '../secrets/registry.ts';
import { readOpened } from '../secrets/vault.ts';
import { createTextCompiler, needsExpressions } from '../template/text-compiler.ts';
import { similar } from '../util/similar.ts';
import { functionContexts } from './function-contexts.ts';
import { openVault } from './open-vault.ts';
import { readInventory } from './read-inventory.ts';
import { shownProblems } from './shown-problems.ts';
import type { Surroundings } from './surroundings.ts';

/** What `play inventory` is told. */
export interface InventoryOptions {
  inventory: string[];
  flushCache?: boolean;
  limit?: string;
  list?: boolean;
  graph?: boolean;
  host?: string;
  vars?: boolean;
  format?: 'json' | 'yaml';
}

/** `play inventory`: what the inventory says, as a tree, as data, of one host, or which hosts a pattern means. */
export async function inventory(
  pattern: string | undefined,
  options: InventoryOptions,
  around: Surroundings,
): Promise<number> {
  const sources: Sources = new Map();
  const compiler = createTextCompiler({ sources });
  const secrets = createSecrets();
  const vault = openVault({ identity: [], checksOnly: true }, { around, secrets });
  const files = createFiles({ playbookDir: around.cwd, cwd: around.cwd, home: around.home });
  const functionContext = functionContexts(around, { playbookDir: around.cwd, files });
  const { result: read, problems: closed } = await readOpened(vault, () =>
    readInventory({
      inventory: options.inventory,
      ...(options.flushCache && { flushCache: true }),
      playbookDir: around.cwd,
      sources,
      compiler,
      around,
      vault,
      secrets,
      functionContext,
    }),
  );
  const fail = (problems: readonly Problem[]): number => {
    around.stderr.write(shownProblems(problems, { sources, secrets, around }));
    return exitCode(problems);
  };
  if (closed.length + read.problems.length > 0) return fail([...closed, ...read.problems]);
  if ([...sources.values()].some(needsExpressions)) await compiler.load();

  const known = read.inventory;
  const write = (text: string): number => {
    around.stdout.write(secrets.mask(text));
    return 0;
  };
  const data = (value: Value): string =>
    options.format === 'yaml' ? writeYaml(value) : `${JSON.stringify(value, null, 2)}\n`;
  if (pattern !== undefined) {
    const explained = explainPattern(known, pattern);
    return explained.problems.length > 0 ? fail(explained.problems) : write(`${patternLines(explained).join('\n')}\n`);
  }
  if (options.host !== undefined) {
    const host = known.hosts.get(options.host);
    if (!host) return fail([unknownHost(options.host, known.hosts.keys())]);
    const { vars, raw } = hostVars(host, read.scopeOf(host.name));
    const plain = options.format !== undefined || !around.stdout.isTTY;
    return write(plain ? data(vars) : `${hostLines({ host, vars, raw, sources }).join('\n')}\n`);
  }
  const listed = [...known.hosts.values()].filter((host) => !host.implicit).map(({ name }) => name);
  const limited =
    options.limit === undefined
      ? undefined
      : await limitHosts({ inventory: known, limit: options.limit, cwd: around.cwd });
  if (limited && limited.problems.length > 0) return fail(limited.problems);
  const hosts = limited ? listed.filter((name) => limited.hosts.includes(name)) : listed;
  let unfilled = 0;
  const varsOf = (name: string): Record<string, Value> => {
    const host = known.hosts.get(name);
    if (!host) return {};
    const { vars, raw } = hostVars(host, read.scopeOf(name));
    unfilled += raw.size;
    return vars;
  };
  const view = { inventory: known, hosts, varsOf };
  if (options.list) write(data(options.format === 'yaml' ? yamlListing(view) : listing(view)));
  else write(`${graphLines({ ...view, vars: options.vars === true }).join('\n')}\n`);
  if (unfilled > 0)
    around.stderr.write(
      `${unfilled} ${unfilled === 1 ? 'value needs' : 'values need'} a playbook or facts and ${unfilled === 1 ? 'is' : 'are'} shown as written\n`,
    );
  return 0;
}

function unknownHost(name: string, names: Iterable<string>): Problem {
  const near = similar(name, names);
  return problem('E_INVENTORY_NO_HOST', { name, ...(near !== undefined && { similar: near }) });
}
