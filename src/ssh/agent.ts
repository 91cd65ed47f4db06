import type { Duplex } from 'node:stream';
import type { BaseAgent, IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { Ssh2 } from './library.ts';

/** An agent that answered, with the keys it holds. */
export interface LiveAgent {
  agent: BaseAgent;
  keys: number;
}

/** The ssh-agent of a run, asked for its keys once. */
export interface AgentStore {
  /** Rejects with a plain Error that says what is wrong: nothing listens, no answer in time. */
  get(): Promise<LiveAgent>;
}

/** Milliseconds that an agent may take. Signing may need a touch or a click of a person. */
export interface AgentLimits {
  list: number;
  sign: number;
}

/** Makes the agent of one run; `socket` is the value of $SSH_AUTH_SOCK. */
export function createAgentStore(socket: string, limits: AgentLimits, ssh2: () => Promise<Ssh2>): AgentStore {
  let asked: Promise<LiveAgent> | undefined;
  return {
    get() {
      asked ??= ssh2().then((library) => listKeys(library, socket, limits));
      return asked;
    },
  };
}

async function listKeys(ssh2: Ssh2, socket: string, limits: AgentLimits): Promise<LiveAgent> {
  const { inner, hangUp } = withStreams(ssh2.createAgent(socket));
  const keys = await within<ParsedKey[]>(limits.list, 'the agent does not answer', (done) =>
    inner.getIdentities((error, list) => done(error, (list ?? []) as ParsedKey[])),
  ).catch((error: Error) => {
    hangUp();
    throw /connect/.test(error.message) ? new Error(`nothing answers at ${socket}`) : error;
  });
  // ssh2 takes an agent only when it extends this class of its own.
  class BoundedAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(cb: IdentityCallback<ParsedKey>): void {
      cb(null, keys);
    }
    override sign(
      key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      cb?: SignCallback,
    ): void {
      const done = typeof options === 'function' ? options : cb;
      const how = typeof options === 'function' ? {} : options;
      within<Buffer>(limits.sign, 'the agent does not sign', (signed) => inner.sign(key, data, how, signed)).then(
        (signature) => done?.(null, signature),
        (error: Error) => {
          hangUp();
          done?.(error);
        },
      );
    }
  }
  return { agent: new BoundedAgent() as BaseAgent, keys: keys.length };
}

/** ssh2 waits for an agent for ever, and its open socket would keep play from ending: this lets go of it. */
function withStreams(inner: BaseAgent): { inner: BaseAgent; hangUp(): void } {
  const streams = new Set<Duplex>();
  const getStream = inner.getStream?.bind(inner);
  if (getStream) {
    inner.getStream = (cb) =>
      getStream((error, stream) => {
        if (stream) {
          streams.add(stream);
          stream.once('close', () => streams.delete(stream));
        }
        cb(error, stream);
      });
  }
  return {
    inner,
    hangUp() {
      for (const stream of streams) stream.destroy();
    },
  };
}

function within<T>(
  ms: number,
  silence: string,
  start: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${silence} within ${ms / 1000} s`)), ms);
    start((error, value) => {
      clearTimeout(timer);
      if (error || value === undefined) reject(error ?? new Error('the agent gave nothing'));
      else resolve(value);
    });
  });
}
