import { isIP } from 'node:net';
import type { BothContext } from '../../model/module.ts';
import { NetworkError } from '../../network/network-error.ts';
import { tlsReason } from '../../network/tls-reason.ts';
import { badArgs } from './args.ts';
import { reasonIn } from './host-exchange.ts';

/** Options of `openssl s_client` (its man page) for a connection. Throws ProblemError for a file that is not the host's. */
export function tlsOptions(to: {
  /** Whose parameters these are. */
  module: string;
  address: string;
  port: number;
  serverName: string;
  /** A certificate that is not to be believed ends the connection. */
  verify: boolean;
  /** A file of the host. */
  ca?: string | undefined;
  starttls?: string | undefined;
}): string[] {
  const { module, address, port, serverName, verify, ca, starttls } = to;
  if (ca !== undefined && !ca.startsWith('/'))
    throw badArgs(module, `ca_cert "${ca}" is a file of the host, and not absolute`, 'write /its/whole/path');
  const isName = isIP(serverName) === 0;
  return [
    ...['-connect', `${address.includes(':') ? `[${address}]` : address}:${port}`],
    ...(isName ? ['-servername', serverName] : ['-noservername']),
    ...(verify ? ['-verify_return_error', isName ? '-verify_hostname' : '-verify_ip', serverName] : []),
    ...(ca === undefined ? [] : ['-CAfile', ca]),
    ...(starttls === undefined ? [] : ['-starttls', starttls]),
  ];
}

/** What `openssl s_client` of the host shows of a connection, and the names of ciphers as TLS has them. Throws NetworkError. */
export async function shownOnHost(
  { name, options, timeout }: { name: string; options: string[]; timeout: number },
  { visit, env }: BothContext,
): Promise<string> {
  const text = `command -v openssl >/dev/null 2>&1 || { echo 'looking at certificates needs openssl on the host, and it has none' >&2; exit 69; }
limit=
if timeout 1 true 2>/dev/null; then limit="timeout $1"; fi
shift
LC_ALL=C $limit openssl s_client "$@" </dev/null
rc=$?
openssl ciphers -stdname ALL 2>/dev/null
exit "$rc"`;
  const seconds = Math.max(1, Math.ceil(timeout));
  const run = { text, args: [String(seconds), '-showcerts', ...options], env };
  const [answer] = await visit([{ kind: 'action', reads: true, run }], { mayFail: true });
  const shown = String(answer?.stdout);
  if (shown.includes('-----BEGIN CERTIFICATE-----')) return shown;
  const said = answer?.stderr ?? '';
  if (answer?.rc === 69) throw new NetworkError(said.trim());
  if (answer?.rc === 124 || answer?.rc === 143) throw new NetworkError(`${name}: no answer in ${timeout} s`);
  if (/starttls/i.test(said)) throw new NetworkError(`${name}: STARTTLS was refused`);
  throw new NetworkError(
    /^CONNECTED/m.test(shown)
      ? `${name} does not speak TLS: ${tlsReason(said.trim().split('\n').at(-1) ?? '')}`
      : `${name}: ${reasonIn(said, timeout)}`,
  );
}
