import type { Resource } from '../model/resource.ts';
import type { Nonces } from '../program/bootstrap.ts';
import { compileUnit, runtimeFor } from '../program/compile.ts';
import { createProbeNumbers, type ProbeNumbers } from '../program/probes.ts';
import { quote } from '../program/sh.ts';
import type { SegmentStep } from './segment.ts';
import type { ChildShell, Session } from './session.ts';
import type { Unit } from './window.ts';

/** Files of this many steps are looked at, at most, before their turn comes. */
const mostAhead = 200;

/** What the units belong to. */
export interface Sending {
  steps: readonly SegmentStep[];
  /** The first step that has not been sent. */
  next: number;
  /** Files that the login user's shell looks at; made by the first unit that is sent. */
  numbers: ProbeNumbers | undefined;
}

/** Compiles units and gives them to the shells of one session. */
export interface Sender {
  /** Sends the units of a window in order, until their epoch is over: a failure has come in, and the rest must not run. */
  send(units: readonly Unit[], at: Sending, window: SentWindow): Promise<void>;
}

/** When a window is sent. Steps are of an epoch; a failure begins a new one. */
export interface SentWindow {
  /** Its first step. */
  from: number;
  /** The epoch of its units. */
  sent: number;
  /** The one that it is now; undefined: the session is lost. */
  now(): number | undefined;
}

/** One sender a session: it knows which shells have got what. */
export function createSender(options: { session: () => Session; nonces: Nonces }): Sender {
  const { nonces } = options;
  /** Which parts of the runtime the shells have got. */
  const parts = new Map<string | undefined, Set<string>>();
  let lastEpoch = 0;

  const compile = ({ user, steps }: Unit, at: Sending, from: number): string => {
    // Another user's shell cannot know what has happened since its last unit.
    const isOwn = user === undefined;
    if (isOwn) at.numbers ??= createProbeNumbers();
    const numbers = (isOwn && at.numbers) || createProbeNumbers();
    const own = (step: SegmentStep): Resource[] => (step.user === undefined ? [step.runnable] : []);
    const ahead = isOwn ? at.steps.slice(from, from + mostAhead).flatMap(own) : [];
    const text = compileUnit(steps, { nonce: nonces.kill, numbers, ahead });
    const has = parts.get(user) ?? new Set();
    parts.set(user, has);
    const missing = runtimeFor(steps).filter((part) => !has.has(part));
    for (const part of missing) has.add(part);
    return [...missing, text].join('\n');
  };

  return {
    async send(units, at, { from, sent, now }) {
      const session = options.session();
      // What was on its way to another user's shell when a step failed was not passed on.
      if (sent !== lastEpoch) for (const user of parts.keys()) if (user !== undefined) parts.delete(user);
      lastEpoch = sent;
      /** Has got content that its next piece of program is to put in place. */
      let laden: { to: ChildShell | undefined } | undefined;
      for (const unit of units) {
        if (now() !== sent) break;
        let to: ChildShell | undefined;
        if (unit.user !== undefined) {
          const fd = await session.become(unit.user, unit.password);
          if (fd === undefined || now() !== sent) break;
          to = { fd, epoch: sent };
        }
        if (unit.content) {
          laden = { to };
          await session.program(`play_temp=${quote(unit.content.path)}\n`, to);
          await session.content(unit.content.bytes, to);
        } else {
          laden = undefined;
          await session.program(compile(unit, at, from), to);
        }
      }
      const epoch = now();
      if (laden && epoch !== undefined) await session.program('play_drop\n', laden.to && { ...laden.to, epoch });
      if (await session.sent()) {
        parts.clear();
        at.numbers = undefined;
      }
    },
  };
}
