import type { Event } from '../model/event.ts';
import { cleanBytes } from '../util/clean-text.ts';
import { stepName } from './names.ts';
import { isTrouble, taskId } from './tally.ts';

/** `idle` = connected, between two steps: waiting for the controller or for other hosts. */
export type Phase = 'waiting' | 'connecting' | 'running' | 'idle' | 'done' | 'failed' | 'unreachable';

/** What one host is doing. Times in milliseconds since the epoch. */
export interface HostProgress {
  host: string;
  phase: Phase;
  /** When the phase began. */
  since: number;
  /** When the host last gave a sign of life. */
  sign: number;
  /** The running step, or the last one: its id, and its name for people. */
  step: string;
  task: string;
  /** Tasks of the play that have ended here. */
  ended: Set<string>;
  changed: number;
  /** The end of what the running step has printed. */
  output: Buffer;
}

/** Where a run stands, for a view that is drawn again and again. */
export interface Progress {
  play: string;
  /** Tasks of the play. */
  tasks: number;
  started: number;
  check: boolean;
  hosts: Map<string, HostProgress>;
}

/** Quiet for this long (milliseconds) is worth saying. */
const SILENT = 15_000;
/** Shorter than this (milliseconds) shows no time, and a pause is no waiting. */
export const NOTICEABLE = 1000;
/** Bytes of output that are kept to find its last line in. */
const OUTPUT = 512;
const NOTHING = Buffer.alloc(0);

/** Follows a run by its events. */
export function createProgress(): { on(event: Event): void; progress: Progress } {
  const progress: Progress = { play: '', tasks: 0, started: 0, check: false, hosts: new Map() };

  function enter(host: string, phase: Phase, t: number): HostProgress {
    const known = progress.hosts.get(host) ?? newHost(host, t);
    progress.hosts.set(host, known);
    return Object.assign(known, { phase, since: t, sign: t });
  }

  /** A result may come after the next step has started; that one goes on then. */
  function stepEnded(event: Extract<Event, { type: 'step-end' }>): void {
    const host = progress.hosts.get(event.host) ?? newHost(event.host, event.t);
    const trouble = isTrouble(event, progress.check);
    const notRun = event.status === 'cancelled' || event.status === 'skipped';
    const overtaken = host.phase === 'running' && host.step !== event.step;
    if (!event.handler) host.ended.add(taskId(event.step));
    if (event.status === 'changed' || event.status === 'would-change') host.changed += 1;
    if (!trouble && (overtaken || (host.phase === 'failed' && notRun))) return;
    Object.assign(enter(event.host, trouble ? 'failed' : 'idle', event.t), { step: event.step, task: stepName(event) });
  }

  function on(event: Event): void {
    switch (event.type) {
      case 'run-start':
        Object.assign(progress, { play: event.name, started: event.t, check: event.check });
        break;
      case 'play-start':
        Object.assign(progress, { play: event.name, tasks: event.tasks });
        progress.hosts = new Map(event.hosts.map((host) => [host, newHost(host, event.t)]));
        break;
      case 'host-connecting':
        enter(event.host, 'connecting', event.t);
        break;
      case 'host-connected':
        enter(event.host, 'idle', event.t);
        break;
      case 'host-unreachable':
        enter(event.host, 'unreachable', event.t);
        break;
      case 'step-start':
        Object.assign(enter(event.host, 'running', event.t), {
          step: event.step,
          task: stepName(event),
          output: NOTHING,
        });
        break;
      case 'step-output': {
        const host = progress.hosts.get(event.host);
        if (host) Object.assign(host, { sign: event.t, output: lastBytes(host.output, event.data) });
        break;
      }
      case 'step-end':
        stepEnded(event);
        break;
      case 'host-end': {
        const { phase = 'done' } = progress.hosts.get(event.host) ?? {};
        enter(event.host, phase === 'failed' || phase === 'unreachable' ? phase : 'done', event.t);
        break;
      }
    }
  }

  return { on, progress };
}

/** The last line a running step has printed, cleaned; of a bar that is redrawn by carriage returns its last state. */
export function lastLine({ output }: Pick<HostProgress, 'output'>): string {
  const lines = output.toString('latin1').split(/[\r\n]+/);
  const line = lines.findLast((text) => text.trim() !== '');
  return line === undefined ? '' : cleanBytes(Buffer.from(line, 'latin1')).trim();
}

/** What a person sees of a host. `silent` = at work without a sign of life for long; `waiting` = other hosts are not there yet. */
export type Look = 'waiting' | 'connecting' | 'working' | 'silent' | 'done' | 'failed' | 'unreachable';

/** How a host looks now. One that is through with the play's tasks is done, although a handler may put it back to work. */
export function lookOf(host: HostProgress, { tasks, now }: { tasks: number; now: number }): Look {
  if (host.phase === 'running') return now - host.sign >= SILENT ? 'silent' : 'working';
  if (host.phase !== 'idle') return host.phase;
  if (tasks > 0 && host.ended.size >= tasks) return 'done';
  return now - host.since >= NOTICEABLE ? 'waiting' : 'working';
}

function newHost(host: string, t: number): HostProgress {
  return {
    host,
    phase: 'waiting',
    since: t,
    sign: t,
    step: '',
    task: '',
    ended: new Set(),
    changed: 0,
    output: NOTHING,
  };
}

function lastBytes(before: Buffer, chunk: Buffer): Buffer {
  const fresh = chunk.subarray(-OUTPUT);
  return fresh.length === OUTPUT ? Buffer.from(fresh) : Buffer.concat([before, fresh]).subarray(-OUTPUT);
}
