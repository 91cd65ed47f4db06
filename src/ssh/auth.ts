import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import type { ConnectOptions } from '../model/transport.ts';
import type { AgentStore } from './agent.ts';
import type { LoadedKey } from './keys.ts';

/** What there is to log in with, and what may be done on the way. */
export interface Credentials {
  user: string;
  /** Keys that were asked for. */
  keys: readonly LoadedKey[];
  password?: string | undefined;
  agent?: AgentStore | undefined;
  /** Keys that lie where ssh looks by itself; opened only when all else failed. */
  fallbackKeys(ask: ConnectOptions['ask']): Promise<readonly LoadedKey[]>;
  ask?: ConnectOptions['ask'];
  note(message: string): void;
  /** Stops the clock while a person is asked. */
  hold(): () => void;
}

/** What happened, for the message when it failed. */
export interface AuthTrace {
  /** In words: `key /home/a/.ssh/id`, `agent (2 keys)`, `password`. */
  tried: string[];
  /** What the server would have taken, from its last answer. */
  offered: string[];
  /** Something that explains more than the list of methods. */
  detail?: string;
  /** Why the agent could not be used. */
  agentFault?: string;
}

interface Method {
  /** As the protocol calls it. */
  name: AuthenticationType;
  words: string;
  method: AnyAuthMethod;
}

/**
 * The order of methods for ssh2, each tried once: key files that were asked for, the password that was given, the agent, ssh's default keys.
 * There is no `none` attempt, which would cost a round trip, and no password is ever sent twice.
 */
export function authHandler(credentials: Credentials, trace: AuthTrace): AuthHandlerMiddleware {
  const methods = sequence(credentials, trace);
  return (left, _partial, next) => {
    // ssh2 gives null before the first attempt, whatever its types say.
    const offered: readonly string[] | null = left;
    if (offered) trace.offered = [...offered];
    const answer = next as (method: AnyAuthMethod | false) => void;
    pick(methods, offered, trace).then(answer, () => answer(false));
  };
}

async function pick(
  methods: AsyncGenerator<Method>,
  offered: readonly string[] | null,
  trace: AuthTrace,
): Promise<AnyAuthMethod | false> {
  for (;;) {
    const { value, done } = await methods.next();
    if (done) return false;
    if (offered && !offered.includes(value.name)) continue;
    trace.tried.push(value.words);
    return value.method;
  }
}

async function* sequence(credentials: Credentials, trace: AuthTrace): AsyncGenerator<Method> {
  const { user: username, keys, password, agent } = credentials;
  const ask = heldAsk(credentials);
  const byKey = ({ path, key }: LoadedKey): Method => ({
    name: 'publickey',
    words: `key ${path}`,
    method: { type: 'publickey', username, key },
  });
  yield* keys.map(byKey);
  if (password !== undefined) {
    yield { name: 'password', words: 'password', method: { type: 'password', username, password } };
    const prompt = answerPrompts(password, ask, trace);
    const method = { type: 'keyboard-interactive', username, prompt } as const;
    yield { name: 'keyboard-interactive', words: 'keyboard-interactive', method };
  }
  if (agent) {
    const live = await agent.get().catch((error: Error) => {
      credentials.note(`ssh-agent: ${error.message}; going on without it`);
      trace.agentFault = error.message;
    });
    if (live && live.keys > 0) {
      const words = `agent (${live.keys} ${live.keys === 1 ? 'key' : 'keys'})`;
      yield { name: 'publickey', words, method: { type: 'agent', username, agent: live.agent } };
    }
  }
  yield* (await credentials.fallbackKeys(ask)).map(byKey);
}

/** Asks with the clock stopped: a person is slower than any deadline. */
function heldAsk({ ask, hold }: Credentials): ConnectOptions['ask'] {
  return (
    ask &&
    (async (question, options) => {
      const resume = hold();
      return ask(question, options).finally(resume);
    })
  );
}

/** Answers what a server asks: a hidden question gets the password, once; anything else a person has to answer. */
function answerPrompts(password: string, ask: ConnectOptions['ask'], trace: AuthTrace) {
  let isUsed = false;
  return (
    _name: string,
    _instructions: string,
    _lang: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void,
  ): void => {
    const answers = async (): Promise<string[]> => {
      const given: string[] = [];
      for (const { prompt, echo } of prompts) {
        if (!echo && !isUsed) {
          isUsed = true;
          given.push(password);
        } else if (ask) {
          given.push(await ask(prompt, { echo: echo === true }));
        } else {
          trace.detail ??= `the server asks "${prompt.trim()}" and there is no terminal to answer on`;
          return [];
        }
      }
      return given;
    };
    // No answer is a wrong answer: the server then refuses and the next method has its turn.
    answers().then(finish, () => finish([]));
  };
}
