import type { AwsAccess } from '../aws/access.ts';
import { type AwsFinding, findingOf } from '../aws/doctor/finding.ts';
import { findIdentity } from '../aws/doctor/identity.ts';
import { findInstances, type SsmHost } from '../aws/doctor/instances.ts';
import { findPermissions } from '../aws/doctor/permissions.ts';
import { createConnections } from '../execute/connections.ts';
import type { Sources } from '../model/span.ts';
import { exitCode } from '../problems/exit-code.ts';
import { ProblemError } from '../problems/problem.ts';
import { createFiles } from '../render/files.ts';
import { createStyle } from '../reporters/style.ts';
import { createSecrets } from '../secrets/registry.ts';
import { readOpened } from '../secrets/vault.ts';
import { createTextCompiler } from '../template/text-compiler.ts';
import { functionContexts } from './function-contexts.ts';
import { openVault } from './open-vault.ts';
import { quietSdk } from './quiet-sdk.ts';
import { readInventory } from './read-inventory.ts';
import { shownProblems } from './shown-problems.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';

/** What of a profile and region is looked at. */
interface Corner {
  access: AwsAccess;
  hosts: SsmHost[];
  buckets: Set<string>;
}

/** `play doctor aws`: who calls AWS, what that identity may do, which instances are reached, and what to do about the rest. Changes nothing. Exit code 3 when something is wrong. */
export async function doctorAws(options: { inventory: string[] }, around: Surroundings): Promise<number> {
  quietSdk(around.env);
  const read = await corners(options.inventory, around);
  if ('exit' in read) return read.exit;
  const isTarget = read.corners.some(({ hosts }) => hosts.length > 0);
  let isWell = true;
  for (const [i, corner] of read.corners.entries()) {
    if (i > 0) around.stdout.write('\n');
    const findings = await lookAt(corner, { around, isTarget });
    around.stdout.write(lines(findings, around));
    isWell &&= findings.every(({ state }) => state !== 'problem');
  }
  return isWell ? 0 : 3;
}

async function lookAt(
  { access, hosts, buckets }: Corner,
  { around, isTarget }: { around: Surroundings; isTarget: boolean },
): Promise<AwsFinding[]> {
  const { env } = around;
  try {
    const { findings, isKnown } = await findIdentity(access, env);
    // Whoever is not known may do nothing, which need not be said of each call.
    if (!isKnown) return findings;
    return [
      ...findings,
      ...(await findPermissions(access, { env, buckets: [...buckets], isTarget })),
      ...(await findInstances(access, env, hosts)),
    ];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map((one) => findingOf('packages', one));
  }
}

function lines(findings: readonly AwsFinding[], around: Surroundings): string {
  const style = createStyle({ color: around.color, unicode: around.unicode });
  const marks = around.unicode
    ? { ok: style.green('✓'), unsure: style.yellow('?'), problem: style.red('✖') }
    : { ok: style.green('ok'), unsure: style.yellow('? '), problem: style.red('--') };
  return findings
    .flatMap(({ what, state, said, todo }) => [
      `${marks[state]} ${style.bold(what)}  ${said}`,
      ...(todo === undefined ? [] : [`    ${style.yellow(todo)}`]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** The profiles and regions that hosts of an inventory are in; that of the environment when there are none. */
async function corners(
  inventory: readonly string[],
  around: Surroundings,
): Promise<{ corners: Corner[] } | { exit: number }> {
  const alone = { corners: [{ access: {}, hosts: [], buckets: new Set<string>() }] };
  if (inventory.length === 0) return alone;
  const sources: Sources = new Map();
  const compiler = createTextCompiler({ sources });
  const secrets = createSecrets();
  const vault = openVault({ identity: [], checksOnly: true }, { around, secrets });
  const files = createFiles({ playbookDir: around.cwd, cwd: around.cwd, home: around.home });
  const functionContext = functionContexts(around, { playbookDir: around.cwd, files });
  const shared = { sources, compiler, secrets, vault, around, functionContext };
  const { result, problems } = await readOpened(vault, () =>
    readInventory({ ...shared, inventory, playbookDir: around.cwd }),
  );
  problems.push(...result.problems);
  const names = { env: () => plainEnv(around.env), params: () => ({}), run: () => ({}), stdin: () => ({}) };
  await compiler.load();
  const connections = createConnections({
    ...shared,
    inventory: result.inventory,
    names,
    home: around.home,
    overrides: {},
  });
  const found = new Map<string, Corner>();
  for (const name of result.inventory.hosts.keys()) {
    const { target, problems: wrong } = connections.of(name);
    if (!target.ssm) continue;
    problems.push(...wrong);
    const { instance, region, profile, bucket } = target.ssm;
    const access = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
    const corner = found.get(JSON.stringify(access)) ?? { access, hosts: [], buckets: new Set() };
    found.set(JSON.stringify(access), corner);
    corner.hosts.push({ name, instance });
    if (bucket !== undefined) corner.buckets.add(bucket);
  }
  if (problems.length > 0) {
    around.stderr.write(shownProblems(problems, { sources, secrets, around }));
    return { exit: exitCode(problems) };
  }
  return found.size === 0 ? alone : { corners: [...found.values()] };
}
