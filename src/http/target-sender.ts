import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Visit } from '../model/module.ts';
import { raw, sh } from '../program/sh.ts';
import { isLocalAddress, isLocalHost } from './addresses.ts';
import { curlConfig } from './curl-config.ts';
import { localFault } from './faults.ts';
import { HttpFault, type HttpRequest, type Sender } from './message.ts';
import { isSafe } from './retry.ts';
import { shownAnswer, wgetAnswer } from './shown-answer.ts';
import { lookUpThere } from './target-lookup.ts';
import type { Way } from './way.ts';

/** Said, with this status, by a host that has no program to ask with. */
const noTool = 69;

/**
 * Sends from the host, with its curl; where there is none, a request that has nothing to hide goes by wget. curl reads everything from a
 * here-document, so that nobody sees the URL, headers and passwords in a list of processes. `most`: bytes of a body that are kept.
 */
export function createTargetSender({ visit, way, most }: { visit: Visit; way: Way; most: number }): Sender {
  return {
    async send(request, { notLocal, signal }) {
      const { url } = request;
      if (notLocal && way.unixSocket === undefined && isLocalHost(url)) throw localFault(url.hostname);
      if (signal.aborted) throw signal.reason;
      // A proxy looks names up itself, and may be there.
      const isHeld = notLocal && way.unixSocket === undefined && way.proxy === undefined;
      const mayLead = isHeld && isName(url);
      const addresses = mayLead ? await lookUpThere(visit, url) : undefined;
      if (mayLead && addresses === undefined && !isSafe(request.method)) throw unseen(url);
      const nonce = randomBytes(12).toString('hex');
      const kept: Buffer[] = [];
      let room = most + 256 * 1024;
      const received = (_: number, chunk: Buffer): void => {
        if (room > 0) kept.push(chunk);
        room -= chunk.length;
      };
      const run = program(request, { way, nonce, ...(mayLead && { addresses: addresses ?? 'unknown' }) });
      const [answer] = await visit([{ kind: 'action', reads: isSafe(request.method), run }], {
        mayFail: true,
        received,
      });
      if (!answer) throw new Error('the host was not asked');
      const bytes = Buffer.concat(kept);
      if (answer.rc !== 0) throw faultOfTool(answer.rc, answer.stderr || (answer.failure?.message ?? ''), way);
      const shown = bytes.subarray(0, 5).toString('latin1').startsWith('HTTP/')
        ? shownAnswer(bytes, nonce)
        : wgetAnswer(bytes, answer.stderr);
      if (isHeld && shown.address !== undefined && isLocalAddress(shown.address))
        throw localFault(url.hostname, shown.address);
      return {
        ...shown,
        body: once(shown.body),
        drop: async () => undefined,
      };
    },
    close: async () => undefined,
  };
}

/** Whether the address of a URL is a name, which may lead anywhere. */
function isName({ hostname }: URL): boolean {
  return isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0;
}

function unseen({ hostname }: URL): HttpFault {
  return new HttpFault(`where ${hostname} leads to cannot be seen there before it is sent: getent is missing`, {
    advice: 'allow_local: true sends it wherever that is',
  });
}

/** What the host runs. `addresses`: those that the name was found to have, and `unknown` where it could not be looked up beforehand. */
function program(
  request: HttpRequest,
  { way, nonce, addresses }: { way: Way; nonce: string; addresses?: string[] | 'unknown' },
) {
  const trailer = `\\n${nonce} %{remote_ip}\\n`;
  const curl = sh`curl -q -sS -g -i --suppress-connect-headers -w ${trailer} -K - <<'PLAY_HTTP_END'
${raw(curlConfig(request, { ...way, ...(Array.isArray(addresses) && { addresses }) }))}
PLAY_HTTP_END
`;
  const isPlain =
    request.method === 'GET' &&
    // wget does not say where it has been.
    addresses !== 'unknown' &&
    !request.payload &&
    request.headers.every(([name]) => /^(accept|user-agent)$/i.test(name)) &&
    [way.ca, way.cert, way.proxy, way.unixSocket].every((each) => each === undefined);
  const verify = raw(way.verify ? '' : '--no-check-certificate ');
  // No -T: with it the wget of some busyboxes crashes.
  const wget = sh`wget -q -S ${verify}-O - -- ${request.url.href}`;
  return sh`if command -v curl >/dev/null 2>&1; then
${curl}elif ${raw(isPlain ? 'command -v wget >/dev/null 2>&1' : 'false')}; then
${wget}
else
echo ${isPlain ? 'neither curl nor wget is there' : 'curl is not there'} >&2; (exit ${noTool})
fi`;
}

/** The exit status of curl (its man page, "EXIT CODES"); that of wget says less. */
function faultOfTool(rc: number | null, said: string, way: Way): HttpFault {
  const words = said.replace(/^curl: \(\d+\) /m, '').trim() || `ended with ${rc}`;
  const unsent = { mayPass: true, isUnsent: true };
  if (rc === noTool) return new HttpFault(`the host cannot send it: ${words}`, { advice: 'install curl there' });
  if (rc === 5 || rc === 6 || rc === 7) return new HttpFault(words, unsent);
  if (rc === 28) {
    const isConnecting = /resolv|connect/i.test(words);
    return new HttpFault(words, isConnecting ? unsent : { mayPass: true });
  }
  if (rc === 60)
    return new HttpFault(words.split('\n')[0] ?? words, {
      ...(way.verify && { advice: 'ca: FILE.pem on the host names who is trusted; verify: false takes any' }),
    });
  return new HttpFault(words, { mayPass: rc === 18 || rc === 52 || rc === 55 || rc === 56 || rc === 8 });
}

async function* once(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}
