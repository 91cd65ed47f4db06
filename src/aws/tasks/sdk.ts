import { createRequire } from 'node:module';
import { ProblemError, problem } from '../../problems/problem.ts';
import { similar } from '../../util/similar.ts';
import { knownServices, packageOf } from './service-names.ts';
import type { Schema } from './shapes.ts';

/** What play needs of any client of the SDK. */
export interface SdkClient {
  readonly config: { region?: unknown };
  send(command: unknown, options?: { abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** A client's package, loaded: everything that it exports, by name. */
export interface Sdk {
  /** As the author called it: `dynamodb`. */
  service: string;
  exports: Readonly<Record<string, unknown>>;
}

/** An operation of a service. */
export interface Operation {
  /** As AWS writes it: `PutItem`. */
  name: string;
  command: new (input: object) => unknown;
  /** What it takes and gives; older packages do not say. */
  input?: Schema;
  output?: Schema;
}

/** A service or an operation that there is not. */
export class UnknownName extends Error {
  readonly advice: string | undefined;
  constructor(message: string, advice: string | undefined) {
    super(message);
    this.advice = advice;
  }
}

/**
 * Loads the package of a service: the one beside a file of the user (`near`), else the one that play brings along.
 * Throws ProblemError E_AWS_PACKAGE where it is nowhere, UnknownName where the name looks like a typo.
 */
export function loadSdk(service: string, near: string): Sdk {
  const name = packageOf(service);
  for (const place of [near, import.meta.url]) {
    try {
      const load = createRequire(place);
      quiet(load.resolve(name));
      return { service, exports: load(name) as Sdk['exports'] };
    } catch (error) {
      if (!isMissing(error, name)) throw new ProblemError(problem('E_AWS_PACKAGE', { name, detail: said(error) }));
    }
  }
  if (!knownServices.includes(service)) {
    const guess = similar(service, knownServices);
    if (guess !== undefined) throw new UnknownName(`there is no service "${service}"`, `did you mean ${guess}?`);
  }
  throw new ProblemError(problem('E_AWS_PACKAGE', { name, detail: 'it is not installed' }));
}

/**
 * Keeps the SDK from telling which version of Node it will want one day: which one play runs on is not for users to mend. It says so once, and
 * remembers that in its core; a version of it that does not is left alone.
 */
function quiet(client: string): void {
  try {
    const { state } = createRequire(client)('@aws-sdk/core/client') as { state?: { warningEmitted?: boolean } };
    if (state) state.warningEmitted = true;
  } catch {
    // It tells, then.
  }
}

/** The client's class. Every package exports it twice, once as `__Client` that it extends. */
export function clientClass({ exports }: Sdk): new (config: object) => SdkClient {
  const name = Object.keys(exports).find((each) => /^[A-Z]\w*Client$/.test(each));
  return exports[name ?? ''] as new (
    config: object,
  ) => SdkClient;
}

/** The operation of this name, however it is written: `PutItem`, `put_item`, `put-item`. Throws UnknownName. */
export function findOperation(sdk: Sdk, name: string): Operation {
  const known = operationNames(sdk);
  const wanted = folded(name);
  const found = known.find((each) => folded(each) === wanted);
  if (found === undefined) throw unknown(`${sdk.service} has no operation "${name}"`, name, known);
  const [, , , , input, output] = (sdk.exports[`${found}$`] ?? []) as unknown[];
  return {
    name: found,
    command: sdk.exports[`${found}Command`] as Operation['command'],
    ...(input !== undefined && { input: input as Schema, output: output as Schema }),
  };
}

type Pages = (config: { client: SdkClient }, input: object, options: object) => AsyncIterable<object>;

/** Gives the pages of an operation, where the SDK knows how. */
export function paginatorOf({ exports }: Sdk, operation: string): Pages | undefined {
  return exports[`paginate${operation}`] as Pages | undefined;
}

type Waiter = (options: object, input: object) => Promise<{ reason?: unknown }>;

/** The waiter of this name: `instance_running`, `InstanceRunning`. Throws UnknownName. */
export function findWaiter(sdk: Sdk, name: string): { name: string; wait: Waiter } {
  const known = Object.keys(sdk.exports).flatMap((each) => /^waitUntil(\w+)$/.exec(each)?.[1] ?? []);
  const wanted = folded(name);
  const found = known.find((each) => folded(each) === wanted);
  if (found === undefined) throw unknown(`${sdk.service} has no waiter "${name}"`, name, known);
  return { name: found, wait: sdk.exports[`waitUntil${found}`] as Waiter };
}

function operationNames({ exports }: Sdk): string[] {
  return Object.keys(exports).flatMap((each) => /^(\w+)Command$/.exec(each)?.[1] ?? []);
}

/** Says which names are near: the likely typo, else those that share a word. */
function unknown(message: string, name: string, known: readonly string[]): UnknownName {
  const guess = similar(folded(name), known.map(folded));
  const exact = known.find((each) => folded(each) === guess);
  if (exact !== undefined) return new UnknownName(message, `did you mean ${exact}?`);
  const words = name.split(/[-_]|(?<=[a-z])(?=[A-Z])/).filter((word) => word.length > 2);
  const near = known.filter((each) => words.slice(1).some((word) => folded(each).includes(folded(word))));
  const shown = near.slice(0, 8);
  const advice = shown.length > 0 ? `there are ${shown.join(', ')}${near.length > 8 ? ' …' : ''}` : undefined;
  return new UnknownName(message, advice ?? (known.length === 0 ? 'there are none' : undefined));
}

function folded(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Whether the package itself is not there; one that is there and lacks something of its own is broken. */
function isMissing(error: unknown, name: string): boolean {
  return (error as { code?: unknown }).code === 'MODULE_NOT_FOUND' && said(error).includes(`'${name}'`);
}

function said(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
