import type { FunctionContext } from '../model/function-context.ts';
import type { Inventory } from '../model/inventory.ts';
import type { ParamDeclaration } from '../model/param.ts';
import type { Scope } from '../model/scope.ts';
import { UNOPENED } from '../model/secret-source.ts';
import type { SecretUse, Target } from '../model/transport.ts';
import type { Fields, Value } from '../model/value.ts';
import { isPlannedTask, type PlannedPlay, type PlannedTask, type Reading } from '../plan/planned.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { leadingTo } from './carriers.ts';
import { type CertaintyOptions, createCertainty, type Occasion } from './certainty.ts';
import { givenBy } from './givers.ts';

/** What looking for secrets that may not be sent needs. */
export interface SsmSecretsOptions {
  plan: CertaintyOptions['plan'];
  inventory: Inventory;
  compiler: TextCompiler;
  env: CertaintyOptions['env'];
  params: { declarations: readonly ParamDeclaration[]; values: Fields };
  functionContext(host: string): FunctionContext;
  targetOf(play: PlannedPlay, host: string): Target;
  /** The secrets that are known; those that a check does not open are stood in for. */
  secretsIn(bytes: Uint8Array): readonly SecretUse[];
  /** Also tells of tasks that perhaps send one: for `play lint`. */
  warns: boolean;
}

/** Stands for what a check without a run is not given, and which is a secret that no host can read by itself. */
const SECRET = 'play-secret-not-given';
/** Stands for a whole value of a store of AWS, which hosts read by themselves. */
const STORED = 'play-value-of-a-store';

/**
 * Tasks that would send a secret in a command of Systems Manager, which AWS keeps, to hosts without a bucket that it could go through. Looked
 * for in what is known before the run; what only facts and results bring in is refused when it comes to that.
 */
export function findSsmSecrets(options: SsmSecretsOptions): Problem[] {
  const { plan, inventory, compiler, params } = options;
  const exposed = plan.plays.flatMap((play) => {
    const hosts = play.hosts.filter((host) => isExposed(options.targetOf(play, host)));
    return hosts.length > 0 ? [{ play, hosts }] : [];
  });
  if (exposed.length === 0) return [];
  const given = new Set(
    plan.plays.flatMap((play) => play.readers.flatMap((one) => givenBy(one, play).map(({ name }) => name))),
  );
  const secretsGiven = params.declarations.filter((one) => one.secret && !Object.hasOwn(params.values, one.name));
  const certainty = createCertainty({
    plan,
    inventory,
    env: options.env,
    compile: (definition) => definitionTemplate(compiler, definition),
    params: {
      names: params.declarations.map(({ name }) => name),
      values: { ...Object.fromEntries(secretsGiven.map(({ name }) => [name, SECRET])), ...params.values },
    },
    functionContext: (host) => standingIn(options.functionContext(host)),
  });
  const holds = (value: unknown): boolean => {
    const text = textsIn(value).join('\0');
    if (text.includes(SECRET) || text.includes(UNOPENED)) return true;
    return options.secretsIn(Buffer.from(text)).some(({ source }) => !source);
  };

  const secretParams = params.declarations.filter(({ secret }) => secret).map(({ name }) => name);
  const isMeant = (text: string): boolean =>
    (/\bparams\b/.test(text) && secretParams.some((name) => text.includes(name))) ||
    /\bsecret\b|\.age\b/.test(text) ||
    holds(text);
  const mayLead = leadingTo(plan, inventory, isMeant);

  /** What of a text is a secret: the name that it reads it by, or all of it. */
  const secretIn = (reading: Reading, make: () => Scope): string | undefined => {
    for (const { root, path } of reading.references) {
      const value = known(() => at(make().get(root), path));
      if (value !== undefined && holds(value)) return [root, ...path].join('.');
    }
    const whole = known(() => reading.evaluate(make()));
    return whole !== undefined && holds(whole) ? 'a value in it' : undefined;
  };

  const inTask = (planned: PlannedTask, occasion: Occasion): { what: string; isSure: boolean } | undefined => {
    for (const reading of planned.readings) {
      if (reading.role !== 'work') continue;
      for (const { isSure, make } of certainty.scopes(occasion, reading)) {
        const what = secretIn(reading, make);
        if (what !== undefined) return { what, isSure };
      }
    }
    const { value: args } = planned.task.args;
    const file = Object.keys(planned.module.reads ?? {}).find((name) => String(args[name] ?? '').endsWith('.age'));
    if (file === undefined && !holds(args)) return undefined;
    const isSure = certainty.scopes(occasion, NOTHING).some((one) => one.isSure);
    return { what: file === undefined ? 'a value in it' : `the encrypted file ${String(args[file])}`, isSure };
  };

  const problems: Problem[] = [];
  for (const { play, hosts } of exposed) {
    const handlers = new Set(play.handlers);
    for (const planned of [...play.readers.filter(isPlannedTask), ...play.handlers]) {
      // What is delegated goes elsewhere, and what runs here goes nowhere.
      if (planned.module.on === 'controller' || planned.delegateTo || !mayLead(planned)) continue;
      for (const host of hosts) {
        const occasion: Occasion = { play, planned, host, given };
        if (certainty.isSkipped(occasion)) continue;
        const found = inTask(planned, occasion);
        if (!found) continue;
        const isSure = found.isSure && !handlers.has(planned);
        if (!isSure && !options.warns) continue;
        const facts = { what: found.what, host, others: hosts.length - 1 };
        problems.push(problem(isSure ? 'E_SSM_SECRET_TASK' : 'W_SSM_SECRET_TASK', facts, planned.task.source.locate()));
        break;
      }
    }
  }
  return problems;
}

function isExposed({ transport, ssm }: Target): boolean {
  return transport === 'ssm' && ssm?.bucket === undefined;
}

function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(textsIn);
}

/** Where values of AWS are not read yet, something stands for them: a field cannot be read by the host. */
function standingIn(context: FunctionContext): FunctionContext {
  const stored: FunctionContext['stored'] = (use) => {
    try {
      return context.stored(use);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      return use.key === undefined ? STORED : SECRET;
    }
  };
  return Object.assign(Object.create(context) as FunctionContext, { stored });
}

const NOTHING: Reading = { role: 'work', source: '', references: [], evaluate: () => undefined };

function at(value: Value | undefined, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (of, key) => (typeof of === 'object' && of !== null ? (of as Fields)[key] : undefined),
    value,
  );
}

/** A value, or undefined where it cannot be told before the run. */
function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotKnown || error instanceof ProblemError) return undefined;
    throw error;
  }
}
