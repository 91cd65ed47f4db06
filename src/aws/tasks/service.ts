import { type Problem, ProblemError } from '../../problems/problem.ts';
import { awsProblem, withProfile } from '../faults.ts';
import { type Account, type AccountEnv, openClient } from './account.ts';
import { findOperation, findWaiter, loadSdk, type Operation, paginatorOf, type Sdk, type SdkClient } from './sdk.ts';

/** Something that a service said no to, or that could not be asked. */
export class AwsFault extends Error {
  /** In words. */
  readonly problem: Problem;
  /** The word that AWS has for it: `ParameterNotFound`. Programs tell faults apart by it. */
  readonly code: string;
  /** What AWS said. */
  readonly detail: string;
  /** The HTTP status; undefined: nothing was answered. */
  readonly status: number | undefined;
  constructor(problem: Problem, raised: Error & { $metadata?: { httpStatusCode?: number } }) {
    super(raised.message);
    this.problem = problem;
    this.code = raised.name;
    this.detail = raised.message;
    this.status = raised.$metadata?.httpStatusCode;
  }
}

/** A service of one account and region, ready to be asked. Faults are thrown as AwsFault, those of play itself as ProblemError. */
export interface Service {
  readonly sdk: Sdk;
  /** Asks; the answer has the members that AWS documents. `action` is the IAM action where it is called otherwise. */
  call<T = object>(operation: string, input: object, options?: { action?: string }): Promise<T>;
  /** Asks until there are no more pages. */
  pages<T = object>(operation: string, input: object, options?: { action?: string }): AsyncIterable<T>;
  /** Waits until something is so; `delay` and `timeout` are seconds. */
  wait(waiter: string, input: object, limits: { timeout: number; delay?: number | undefined }): Promise<void>;
  /** The client itself, for what is built upon it. */
  readonly client: SdkClient;
  /** Does something with the client; what it throws is told as a fault of this call. */
  asked<T>(call: string, ask: () => Promise<T>): Promise<T>;
  close(): void;
}

/** What a service is opened with. `near` is a file beside the playbook: packages of the SDK are looked for from there first. */
export interface Opening {
  account: Account;
  env: AccountEnv;
  near: string;
  signal: AbortSignal;
}

/** Loads a service's package and makes a client. Throws what `loadSdk` throws. */
export function openService(name: string, { account, env, near, signal }: Opening): Service {
  const sdk = loadSdk(name, near);
  const client = openClient(sdk, account, { env, near });
  const hasKeys = account.credentials !== undefined;
  const profile = hasKeys ? undefined : (account.profile ?? env.task['AWS_PROFILE'] ?? env.process['AWS_PROFILE']);
  const said = (operation: string) => `${sdk.service}:${operation}`;
  const asked = async <T>(call: string, ask: () => Promise<T>, action?: string): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw faultOf(error, { call, action, profile });
    }
  };
  return {
    sdk,
    client,
    asked,
    call: (operation, input, options) => {
      const { name: exact, command } = findOperation(sdk, operation);
      const ask = async () => (await client.send(new command(input), { abortSignal: signal })) as never;
      return asked(said(exact), ask, options?.action);
    },
    async *pages(operation, input, options) {
      const found = findOperation(sdk, operation);
      const call = said(found.name);
      const pages = pagesOf(sdk, found, { client, input: { ...input }, signal });
      for (;;) {
        const page = await asked(call, () => pages.next(), options?.action);
        if (page.done) return;
        yield page.value as never;
      }
    },
    async wait(waiter, input, { timeout, delay }) {
      const { name: exact, wait } = findWaiter(sdk, waiter);
      const pace = delay !== undefined && { minDelay: delay, maxDelay: delay };
      await asked(`${sdk.service}: waiting for ${exact}`, () =>
        wait({ client, maxWaitTime: timeout, abortSignal: signal, ...pace }, input).catch((error: Error) => {
          throw waitFault(error, timeout);
        }),
      );
    },
    close: () => client.destroy(),
  };
}

/** Pages by the SDK, or by the token that the answer and the input have in common; a single one where there is neither. */
async function* pagesOf(
  sdk: Sdk,
  { name, command }: Operation,
  { client, input, signal }: { client: SdkClient; input: object; signal: AbortSignal },
): AsyncGenerator<object> {
  const paginate = paginatorOf(sdk, name);
  if (paginate) return yield* paginate({ client }, input, { abortSignal: signal });
  for (let token: object | undefined = {}; token; ) {
    const page = (await client.send(new command({ ...input, ...token }), { abortSignal: signal })) as object;
    yield page;
    const [next] = Object.entries(page).filter(([key, each]) => /^nexttoken$/i.test(key) && Boolean(each));
    token = next && { [next[0]]: next[1] };
  }
}

/** A waiter of the SDK throws JSON: how it ended, and how often it has seen which answer. */
function waitFault(error: Error, timeout: number): Error {
  if (!error.message.startsWith('{')) return error;
  const { observedResponses: seen = {} } = JSON.parse(error.message) as { observedResponses?: Record<string, number> };
  const isLate = error.name === 'TimeoutError';
  const last = Object.keys(seen).findLast((each) => !each.endsWith(': OK'));
  const what = isLate ? `it was not so within ${timeout} s` : 'it cannot become so any more';
  const told = new Error(last === undefined ? what : `${what}; the last answer was: ${last}`);
  return Object.assign(told, { name: isLate ? 'TimedOut' : 'WaiterFailed' });
}

/** What the SDK raised, in words. */
function faultOf(
  error: unknown,
  { call, action, profile }: { call: string; action: string | undefined; profile: string | undefined },
): Error {
  if (error instanceof ProblemError || error instanceof AwsFault || !(error instanceof Error)) return error as Error;
  return new AwsFault(withProfile(awsProblem(error, call, action), profile), error);
}

/** Whether a fault means that what was asked for is not there. */
export function isNotFound(error: unknown, code: string): boolean {
  return error instanceof AwsFault && (error.code === code || (error.status === 404 && error.code === 'NotFound'));
}

/** The pages of an answer as one: lists are joined, also inside of structures; counts are added up; tokens are left out. */
export function joinedPages(pages: readonly object[]): object {
  const whole = pages.reduce<Record<string, unknown>>((sum, page) => joined(sum, page), {});
  return Object.fromEntries(Object.entries(whole).filter(([key]) => !isToken.test(key)));
}

const isToken = /(next|continuation).*token$|marker$|^istruncated$|^lastevaluatedkey$|^nextrecord/i;

function joined(a: Record<string, unknown>, b: object): Record<string, unknown> {
  const merged = { ...a };
  for (const [key, each] of Object.entries(b)) {
    const before = merged[key];
    if (Array.isArray(before) && Array.isArray(each)) merged[key] = [...before, ...each];
    else if (typeof before === 'number' && typeof each === 'number' && /count$/i.test(key)) merged[key] = before + each;
    else if (isStructure(before) && isStructure(each) && key !== '$metadata') merged[key] = joined(before, each);
    else if (before === undefined) merged[key] = each;
  }
  return merged;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Whether an operation only reads, by the words with which AWS begins the names of such (access levels List and Read of the service
 * authorization reference). What hands out or takes away (`ReceiveMessage`, `AssumeRole`) does not begin so. Two words also begin names of what
 * writes: `VerifyEmailIdentity` sends a mail, `CheckInLicense` gives something back.
 */
export function isRead(operation: string): boolean {
  return /^(BatchGet|Check(?!In[A-Z])|Describe|Discover|Estimate|Filter|Get|Head|List|Lookup|Preview|Query|Scan|Search|Select|Simulate|TransactGet|Validate)(?![a-z])|^Verify(Mac|AuthRequestCryptogram|CardValidationData|PinData)?$/.test(
    operation,
  );
}
