import { ProblemError, problem } from '../problems/problem.ts';
import type { Deadlines } from './clock.ts';
import type { Keepalive } from './handshake.ts';

/** How long ssh_config lets a host take; undefined = it says nothing. */
export interface Waiting {
  /** ConnectTimeout in ms: for the TCP connection and for each step up to the login. */
  connect?: number;
  /** ServerAliveInterval in ms; 0 = the host is never asked whether it is still there. */
  aliveInterval?: number;
  /** ServerAliveCountMax; 0 = a silent host is never given up. */
  aliveCount?: number;
}

/** Reads the keywords; `value` gives the text of one for `host`. Throws ProblemError E_SSH_CONFIG. */
export function waitingOf(value: (keyword: string) => string | undefined, host: string): Waiting {
  const time = (keyword: string, shown: string): number | undefined => {
    const text = value(keyword);
    // ssh's own words for "no limit of mine".
    if (text === undefined || text === 'none' || text === 'infinite') return undefined;
    return milliseconds(text) ?? refuse(shown, text, host, 'a time like 15, 30s or 1m');
  };
  const connect = time('connecttimeout', 'ConnectTimeout');
  const aliveInterval = time('serveraliveinterval', 'ServerAliveInterval');
  const count = value('serveralivecountmax');
  if (count !== undefined && !/^\d{1,9}$/.test(count)) refuse('ServerAliveCountMax', count, host, 'a whole number');
  return {
    ...(connect !== undefined && connect > 0 && { connect }),
    ...(aliveInterval !== undefined && { aliveInterval }),
    ...(count !== undefined && { aliveCount: Number(count) }),
  };
}

/** The deadlines of a run, or what ssh_config says instead. */
export function deadlinesFor({ connect }: Waiting, deadlines: Deadlines): Deadlines {
  return connect === undefined
    ? deadlines
    : { ...deadlines, tcp: connect, forward: connect, banner: connect, kex: connect };
}

/** How the host is watched: as ssh_config says, else as the run does. */
export function keepaliveFor({ aliveInterval, aliveCount }: Waiting, keepalive: Keepalive): Keepalive {
  const count = aliveCount ?? keepalive.count;
  return { interval: count === 0 ? 0 : (aliveInterval ?? keepalive.interval), count };
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90`, `30s`, `1m30s` (TIME FORMATS of sshd_config(5)); undefined when it is none. */
function milliseconds(text: string): number | undefined {
  if (!/^(?:\d+[smhdw]?)+$/i.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  const seconds = parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (units[unit ?? ''] ?? 1), 0);
  // Timers of Node hold 31 bits.
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}

function refuse(keyword: string, text: string, host: string, wanted: string): never {
  const detail = `${keyword} ${text} for ${host} is not ${wanted}`;
  throw new ProblemError(problem('E_SSH_CONFIG', { file: 'ssh_config', detail }));
}
