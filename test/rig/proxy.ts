import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { delayLine, type Line, sendReset } from './line.ts';

/** Where the bytes go to. */
export interface ProxyOptions {
  target: { host: string; port: number };
  /** Where to listen: 127.0.0.1 and a free port when not said. */
  host?: string;
  port?: number;
}

/** Which way bytes go: `up` = from the client to the server. */
export type Direction = 'up' | 'down';

/** What happens to the connections when enough bytes have passed. */
export type Fault = 'reset' | 'fin' | 'freeze' | 'flip';

/** A man in the middle who breaks things on request. What is said holds for live connections and for later ones, until `heal`. */
export interface FaultProxy {
  host: string;
  port: number;
  /** Connections taken so far, and how many are open. */
  connections: { total: number; open: number };
  /** Bytes that have passed on all connections. */
  bytes: Record<Direction, number>;
  /** Milliseconds that bytes travel, each way: a round trip takes twice as long. Connecting costs its round trip too. */
  delay(ms: number): void;
  /** Ends live connections with RST, both ways. Later ones work. */
  reset(): void;
  /** Ends live connections with FIN, both ways, after what is on its way. Later ones work. */
  fin(): void;
  /** Passes nothing on any more, and takes nothing: the peer looks half-open. */
  freeze(): void;
  /** Ends `freeze` and `drip`: what was held goes on its way. */
  thaw(): void;
  /** Inverts one bit of the next byte of every live connection in this direction (both when not said). */
  flip(direction?: Direction): void;
  /** Passes at most so many bytes a second in each direction. */
  drip(bytesPerSecond: number): void;
  /** Sends this text to new connections and then closes; the target is not contacted. */
  garbage(text: string): void;
  /** Takes new connections and says nothing; the target is not contacted. */
  blackhole(): void;
  /** Breaks a connection when `count` of its bytes have passed in that direction; the byte after is not passed on. */
  afterBytes(count: number, fault: Fault, direction?: Direction): void;
  /** Back to a plain pipe for later connections; live ones lose delay, drip and freeze. */
  heal(): void;
  /** Ends everything, live connections by RST. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket | undefined;
  lines: Partial<Record<Direction, Line>>;
}

interface Trap {
  count: number;
  fault: Fault;
  direction: Direction;
}

interface State {
  delayMs: number;
  frozen: boolean;
  bytesPerSecond: number | undefined;
  greeting: string | undefined;
  silent: boolean;
  traps: Trap[];
}

const plain = (): State => ({
  delayMs: 0,
  frozen: false,
  bytesPerSecond: undefined,
  greeting: undefined,
  silent: false,
  traps: [],
});

/** Starts a TCP proxy with faults on request. */
export async function startProxy({ target, host = '127.0.0.1', port = 0 }: ProxyOptions): Promise<FaultProxy> {
  let state = plain();
  const pairs = new Set<Pair>();
  const connections = { total: 0, open: 0 };
  const bytes: Record<Direction, number> = { up: 0, down: 0 };

  const lines = (): Line[] => [...pairs].flatMap((pair) => Object.values(pair.lines));
  const tune = (): void => {
    for (const line of lines()) line.tune(state);
  };
  const resetPair = ({ client, server }: Pair): void => {
    sendReset(client);
    if (server) sendReset(server);
  };
  const spring = (pair: Pair, { fault, direction }: Trap): void => {
    if (fault === 'reset') {
      // A moment later: a client that finds bytes and the RST in one look takes the end for a plain end of file.
      for (const line of Object.values(pair.lines)) line.tune({ ...state, frozen: true });
      setTimeout(() => resetPair(pair), 10);
    }
    if (fault === 'fin') for (const line of Object.values(pair.lines)) line.finish('drop');
    if (fault === 'freeze') for (const line of Object.values(pair.lines)) line.tune({ ...state, frozen: true });
    if (fault === 'flip') pair.lines[direction]?.flip();
  };
  const pipe = (pair: Pair, direction: Direction, from: Socket, to: Socket): void => {
    let passed = 0;
    const traps = state.traps.filter((trap) => trap.direction === direction);
    pair.lines[direction] = delayLine(from, to, state, {
      // How much may pass before something happens.
      allowance: () => Math.min(...traps.map(({ count }) => count - passed)),
      passed: (count) => {
        passed += count;
        bytes[direction] += count;
      },
      spent: () => {
        for (const trap of traps.splice(0)) {
          if (trap.count > passed) traps.push(trap);
          else spring(pair, trap);
        }
      },
    });
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const pair: Pair = { client, server: undefined, lines: {} };
    pairs.add(pair);
    connections.total++;
    connections.open++;
    client.on('error', () => resetPair(pair));
    client.once('close', () => {
      pairs.delete(pair);
      connections.open--;
    });
    if (state.greeting !== undefined) {
      client.resume();
      client.end(state.greeting);
      return;
    }
    if (state.silent) {
      client.resume();
      return;
    }
    const upstream = new Socket({ allowHalfOpen: true });
    // As an option of connect() it is passed over, and Nagle's waiting would be taken for the distance.
    upstream.setNoDelay(true);
    pair.server = upstream;
    // The client is connected at once, which a delayed network does not do. The target sees it when the three packets of the
    // handshake would have travelled, so the client's first bytes and the answer come as late as they really would.
    const opening = setTimeout(() => upstream.connect(target), 3 * state.delayMs);
    client.once('close', () => clearTimeout(opening));
    upstream.on('error', () => resetPair(pair));
    pipe(pair, 'up', client, upstream);
    pipe(pair, 'down', upstream, client);
  });
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const change = (part: Partial<State>): void => {
    state = { ...state, ...part };
    tune();
  };
  const closeAll = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const pair of pairs) resetPair(pair);
    await closed;
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= closeAll();
    return stopped;
  };
  return {
    host,
    port: address.port,
    connections,
    bytes,
    delay: (delayMs) => change({ delayMs }),
    reset: () => {
      for (const pair of pairs) resetPair(pair);
    },
    fin: () => {
      for (const line of lines()) line.finish();
    },
    freeze: () => change({ frozen: true }),
    thaw: () => change({ frozen: false, bytesPerSecond: undefined }),
    flip: (direction) => {
      for (const pair of pairs) {
        if (direction !== 'down') pair.lines.up?.flip();
        if (direction !== 'up') pair.lines.down?.flip();
      }
    },
    drip: (bytesPerSecond) => change({ bytesPerSecond }),
    garbage: (greeting) => change({ greeting }),
    blackhole: () => change({ silent: true }),
    afterBytes: (count, fault, direction = 'down') => change({ traps: [...state.traps, { count, fault, direction }] }),
    heal: () => change(plain()),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
