import type { Event, Failure } from '../model/event.ts';
import type { Level } from '../model/log.ts';
import type { Fields } from '../model/value.ts';

/** One thing that a log keeps. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  t: number;
  level: Level;
  message: string;
  run: string;
  playbook: string;
  /** What it is about: `host`, `task`, `module`, `status` and the like, as far as there is something. */
  about: Fields;
  /** What a task gave with its words. */
  fields: Fields;
}

/** What writes records somewhere. */
export interface Sink {
  least: Level;
  write(record: LogRecord): void;
  /** Resolves when all is written. Throws an Error with words for people when something was lost. */
  close(): Promise<void>;
}

/** Turns the events of a run into records; most events have none. */
export function toRecords(): (event: Event) => LogRecord | undefined {
  let [run, playbook, check] = ['', '', false];
  return (event) => {
    if (event.type === 'run-start') [run, playbook, check] = [event.run, event.playbook, event.check];
    const said = saying(event, check);
    return said && { t: event.t, run, playbook, about: {}, fields: {}, ...said };
  };
}

type Saying = Pick<LogRecord, 'level' | 'message'> & Partial<Pick<LogRecord, 'about' | 'fields'>>;

function saying(event: Event, check: boolean): Saying | undefined {
  switch (event.type) {
    case 'run-start': {
      const what = `${event.check ? 'check' : 'run'} of ${event.name} begins on ${event.hosts.length} hosts`;
      return { level: 'info', message: what.replace(/\b1 hosts$/, '1 host') };
    }
    case 'run-end': {
      const isFine = event.exit === 0 || event.exit === 10;
      const message = `${check ? 'check' : 'run'} ends after ${(event.ms / 1000).toFixed(1)} s with exit code ${event.exit}`;
      return { level: isFine ? 'info' : 'error', message, about: { exit: event.exit } };
    }
    case 'play-start':
      return { level: 'debug', message: `play ${event.name} begins` };
    case 'host-connected':
      return { level: 'debug', message: 'connected', about: { host: event.host } };
    case 'host-unreachable':
      return { level: 'error', message: `unreachable: ${shortFailure(event.failure)}`, about: { host: event.host } };
    case 'note':
      return {
        level: 'info',
        message: event.message,
        ...(event.host !== undefined && { about: { host: event.host } }),
      };
    case 'step-retry':
      return {
        level: 'info',
        message: `attempt ${event.attempt} of ${event.of} failed`,
        about: { host: event.host, step: event.step },
      };
    case 'step-end':
      return stepEnd(event);
    default:
      return undefined;
  }
}

type StepEnd = Extract<Event, { type: 'step-end' }>;

function stepEnd(event: StepEnd): Saying {
  const { host, step, task, module, label, status, failure, log, source } = event;
  const about = {
    host,
    task,
    module,
    step,
    ...(log === undefined && { status }),
    ...(label !== undefined && { item: label }),
    ...(failure && { code: failure.code }),
    ...(source !== undefined && { source }),
  };
  if (log) return { level: log.level, message: log.text, about, fields: log.fields };
  const words = failure ? `: ${shortFailure(failure)}` : '';
  const which = label === undefined ? task : `${task} [${label}]`;
  return { level: levelOf(event), message: `${status}: ${which}${words}`, about };
}

function levelOf({ status, ignored, rescued }: StepEnd): Level {
  if (status === 'failed' || status === 'unreachable') return ignored || rescued ? 'warning' : 'error';
  if (status === 'unknown' || status === 'cancelled') return 'warning';
  return status === 'ok' || status === 'skipped' ? 'debug' : 'info';
}

/** The words of a failure have at most so many characters. */
const MOST = 2000;

/** A failure without its advice, which is for people at a terminal. */
function shortFailure({ message }: Failure): string {
  return message.length <= MOST ? message : `${message.slice(0, MOST)}…`;
}
