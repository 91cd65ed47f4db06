import { HttpFault } from './message.ts';
import { tooLate } from './time-limits.ts';
import type { Way } from './way.ts';

/** An address that is not to be asked for what a server or a host has named. */
export function localFault(name: string, address?: string): HttpFault {
  return new HttpFault(
    `${name}${address === undefined || address === name ? '' : ` (${address})`} is this machine or its link, and the address comes from a host or a server`,
    { advice: 'allow_local: true sends it there' },
  );
}

/** Says in words why a request got no answer, or not all of it. */
export function faultOf(error: unknown, { url, way, signal }: { url: URL; way: Way; signal: AbortSignal }): Error {
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : new HttpFault('it was interrupted');
  for (const each of chain(error)) {
    if (each instanceof HttpFault) return each;
    const code = 'code' in each ? String(each.code) : '';
    const fault = known(code, { url, way, message: each.message });
    if (fault) return fault;
  }
  const words = error instanceof Error ? error.message : String(error);
  return new HttpFault(`${url.host}: ${words}`, { mayPass: true });
}

/** The error, and what it has come from. */
function* chain(error: unknown): Generator<Error> {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < 8; depth++) {
    yield each;
    if (each instanceof AggregateError) for (const one of each.errors) if (one instanceof Error) yield one;
    each = each.cause;
  }
}

function known(code: string, { url, way, message }: { url: URL; way: Way; message: string }): HttpFault | undefined {
  const to = way.unixSocket ?? (way.proxy === undefined ? url.host : `${new URL(way.proxy).host} (the proxy)`);
  const unsent = { mayPass: true, isUnsent: true };
  const seconds = (ms: number): string => `${ms / 1000} s`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new HttpFault(`the name ${url.hostname} leads to no address`, unsent);
    case 'ECONNREFUSED':
      return new HttpFault(`nothing listens at ${to} (connection refused)`, unsent);
    case 'ENOENT':
      return new HttpFault(`there is no socket ${to}`, unsent);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new HttpFault(`there is no way to ${to}`, unsent);
    case 'ETIMEDOUT':
    case tooLate.connect:
      return new HttpFault(`no connection to ${to} within ${seconds(way.connectTimeout)}`, unsent);
    case tooLate.idle:
      return new HttpFault(`${to} has sent nothing for ${seconds(way.idleTimeout)}`, { mayPass: true });
    case 'ECONNRESET':
    case 'EPIPE':
      return new HttpFault(`${to} broke the connection off`, { mayPass: true });
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new HttpFault(`the certificate of ${to} is for another name: ${message.replace(/^.*altnames: /, '')}`);
    case 'CERT_HAS_EXPIRED':
      return new HttpFault(`the certificate of ${to} has expired`);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return new HttpFault(`the certificate of ${to} comes from nobody who is trusted (${message})`, {
        advice: 'ca: FILE.pem names who is; verify: false takes any',
      });
    default:
      if (/^ERR_SSL_|^EPROTO$/.test(code)) return new HttpFault(`TLS with ${to} failed: ${tlsWords(message)}`);
      return code.startsWith('HPE_')
        ? new HttpFault(`${to} does not speak HTTP as it should: ${message.replace(/^Parse Error: /, '')}`)
        : undefined;
  }
}

/** What OpenSSL says, without the numbers and places around it. */
function tlsWords(message: string): string {
  return message
    .replace(/^.*?:error:[0-9A-F]+:[^:]*:[^:]*:/, '')
    .replace(/:\.\..*$/s, '')
    .trim();
}
