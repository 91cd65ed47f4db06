import type { Span } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { isIPv6, remoteNameFault } from './names.ts';
import { expandRanges } from './range.ts';

/** What one written host entry stands for. */
export interface HostEntry {
  names: string[];
  user?: string;
  port?: number;
}

/**
 * Reads `host`, `user@host:port`, `web[01:20]`, `2001:db8::1` or `[2001:db8::1]:22`, as it stands under `hosts:` or in an inline list.
 * Everything outside the allowlist of names is refused here, so that no later stage meets it.
 */
export function readHostEntry(text: string, at?: Span): HostEntry | { problem: Problem } {
  const sign = text.lastIndexOf('@');
  const user = sign < 0 ? undefined : text.slice(0, sign);
  const place = splitPort(text.slice(sign + 1));
  if (place.port !== undefined && !isPort(place.port))
    return { problem: problem('E_HOST_PORT', { name: text, port: place.port }, at) };

  const expansion = place.address ? { names: [place.name] } : expandRanges(place.name);
  if ('fault' in expansion) return { problem: problem('E_HOST_RANGE', { name: text, fault: expansion.fault }, at) };

  for (const name of [...expansion.names, ...(user === undefined ? [] : [user])]) {
    const fault = remoteNameFault(name) ?? strayColon(name);
    if (fault) return { problem: problem('E_HOST_NAME', { name: text, fault }, at) };
  }
  return {
    names: expansion.names,
    ...(user !== undefined && { user }),
    ...(place.port !== undefined && { port: Number(place.port) }),
  };
}

/** A colon inside a name can only belong to an IPv6 address. */
function strayColon(name: string): string | undefined {
  return name.includes(':') && !isIPv6(name) ? 'holds a colon but is not an IPv6 address' : undefined;
}

/** Parts name and port. `[::1]:22` and a bare IPv6 address are addresses; any other `[…]` is a range. */
function splitPort(text: string): { name: string; port?: string; address?: boolean } {
  if (isIPv6(text)) return { name: text, address: true };
  const boxed = /^\[([^\]]*)\](?::([^:]*))?$/.exec(text);
  if (boxed && isIPv6(boxed[1] ?? ''))
    return { name: boxed[1] ?? '', address: true, ...(boxed[2] !== undefined && { port: boxed[2] }) };
  const ported = /^((?:[^:[\]]|\[[^\]]*\])*):([^:[\]]*)$/.exec(text);
  return ported ? { name: ported[1] ?? '', port: ported[2] ?? '' } : { name: text };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
