import { type Problem, problem } from '../problems/problem.ts';
import type { AuthTrace } from './auth.ts';
import type { Phase } from './clock.ts';

/** Where a connection stood when it failed. */
export interface Situation {
  label: string;
  endpoint: string;
  user: string;
  phase: Phase;
  /** The first bytes that the other side sent. */
  said: Buffer;
  auth: AuthTrace;
}

/** What an SSH server writes instead of its banner when it wants no more connections. */
const turnedAway = /Exceeded MaxStartups|Not allowed at this time|Too many/i;

/** How ssh2 and OpenSSL put it when a packet does not have the checksum it should have. */
const garbled =
  /invalid mac|authenticate data|bad packet length|invalid packet|packet_length|lib\(0\)|signature verification failed/i;

/** Turns an error of ssh2, or the end of the connection (undefined), before the login was done into a problem. */
export function explainFailure(error: Error | undefined, situation: Situation): Problem {
  const { label: host, endpoint, phase, auth } = situation;
  const said = cleanText(situation.said);
  if (phase === 'banner') {
    if (turnedAway.test(said)) return dropped(situation, said);
    // A greeting that was cut off is one, too.
    if ('SSH-2.0-'.startsWith(said.slice(0, 8))) return dropped(situation, '');
    return problem('E_NOT_SSH', { host, endpoint, said });
  }
  const detail = error?.message ?? 'the connection was closed';
  // A server that hangs up during the login may have had enough of us, or trouble of its own.
  const isRefusal = isDisconnect(error) && /authentication|password|permission|denied/i.test(detail);
  const isAuth = phase === 'auth' && (levelOf(error) === 'client-authentication' || isRefusal);
  if (isAuth) return refusal(situation, isRefusal ? `the server said: ${detail}` : auth.detail);
  if (garbled.test(detail)) return problem('E_CORRUPTED', { host, endpoint, phase });
  if (/no matching/i.test(detail)) return problem('E_NO_COMMON_ALGORITHM', { host, endpoint, detail });
  return dropped(situation, isSocketError(error) ? '' : detail);
}

function refusal({ label: host, endpoint, user, auth }: Situation, detail: string | undefined): Problem {
  const { tried, offered, agentFault } = auth;
  if (tried.length === 0 && agentFault !== undefined) return problem('E_AGENT', { host, detail: agentFault });
  const why = [detail, agentFault && `ssh-agent: ${agentFault}`].filter((text) => text !== undefined).join('; ');
  return problem('E_AUTH_FAILED', { host, endpoint, user, tried, offered, ...(why !== '' && { detail: why }) });
}

function dropped({ label: host, endpoint, phase }: Situation, said: string): Problem {
  return problem('E_CONNECT_DROPPED', { host, endpoint, phase, said });
}

/** Is another try worth it? Only a drop before anything was agreed on, and no penalty: that one only grows. */
export function isWorthRetrying({ code, facts }: Problem): boolean {
  if (code !== 'E_CONNECT_DROPPED') return false;
  const { phase, said } = facts as { phase: Phase; said: string };
  return phase === 'banner' && !/Not allowed at this time/i.test(said);
}

/** Why a connection that had worked is gone, for PipeEnd. */
export function explainLoss(error: Error | undefined): string {
  if (error === undefined) return 'the other side closed the connection';
  if (garbled.test(error.message)) return 'data was corrupted on the wire';
  if (/host denied/i.test(error.message)) return 'the host key changed in the middle of the connection';
  if (/keepalive timeout/i.test(error.message)) return 'the host no longer answers';
  if ('code' in error && error.code === 'ECONNRESET') return 'the connection was reset';
  if (isDisconnect(error)) return `the server ended it: ${error.message}`;
  return error.message;
}

function levelOf(error: Error | undefined): string | undefined {
  return error && 'level' in error ? String(error.level) : undefined;
}

/** SSH_MSG_DISCONNECT reaches us as an error whose code is the number of its reason. */
function isDisconnect(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && typeof error.code === 'number';
}

function isSocketError(error: Error | undefined): boolean {
  return (
    error === undefined || levelOf(error) === 'client-socket' || /Connection lost before handshake/.test(error.message)
  );
}

/** The first line of what a stranger sent, fit for a terminal. */
function cleanText(bytes: Buffer): string {
  const line =
    bytes
      .toString('latin1')
      .split(/[\r\n]/)
      .find((text) => text.trim() !== '') ?? '';
  return line
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 80)
    .trim();
}
