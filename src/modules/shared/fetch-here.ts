import { attempt } from '../../http/attempts.ts';
import { createJar } from '../../http/cookies.ts';
import { readBody } from '../../http/decode.ts';
import { exchange } from '../../http/exchange.ts';
import { unmet } from '../../http/expect.ts';
import { type Header, HttpFault } from '../../http/message.ts';
import { createNodeSender } from '../../http/node-sender.ts';
import { proxyOf } from '../../http/way.ts';
import type { BothContext } from '../../model/module.ts';
import type { Download } from './download.ts';
import { sleep } from './sleep.ts';

/** Bytes of a file that comes by way of this machine: it is in memory meanwhile. */
const most = 512 * 1024 * 1024;

/** As often as curl is told to try on a host. */
const rule = {
  attempts: 4,
  delay: 1_000,
  backoff: 1,
  maxDelay: 60_000,
  statuses: [408, 429, 500, 502, 503, 504],
  unsafe: false,
};

/**
 * What a server gives to this machine for a URL, for a host that cannot ask itself. An address that a host has had a hand in does not lead to
 * this machine or its link. Throws HttpFault.
 */
export async function fetchHere(
  { url: address, headers, user, timeout, validateCerts }: Download,
  context: BothContext,
): Promise<Buffer> {
  const url = new URL(address);
  if (url.protocol === 'ftp:') throw new HttpFault('ftp is spoken by curl only', { advice: 'curl' });
  const account = user && { user: user.name, password: user.password };
  const proxy = proxyOf(url, context.env);
  const sender = createNodeSender({
    connectTimeout: timeout * 1000,
    idleTimeout: timeout * 1000,
    verify: validateCerts,
    ...(proxy !== undefined && { proxy }),
  });
  const now = () => Date.now();
  const talk = {
    ...{ sender, jar: createJar(), now, notLocal: context.isFromHosts('url'), allowLocal: false },
    redirects: 'safe' as const,
    ...(account && { auth: { kind: 'basic' as const, account } }),
  };
  const usual: Header[] = [
    ['User-Agent', 'play'],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'identity'],
  ];
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  const request = {
    method: 'GET',
    url,
    headers: [...usual.filter(([name]) => !own.has(name.toLowerCase())), ...headers],
  };
  const pause = (ms: number) => sleep(ms, context.signal);
  const attempts = { method: 'GET', rule, limit: undefined, signal: context.signal, now, sleep: pause };
  try {
    const { value } = await attempt(attempts, async (signal) => {
      const answer = await exchange(request, talk, signal);
      const finish = async (): Promise<Buffer> => {
        const wrong = await unmet(answer, { status: ['2xx'], headers: {}, text: [] });
        if (wrong === undefined) return readBody(answer, most);
        await answer.drop();
        throw new HttpFault(wrong);
      };
      return { answer, drop: () => answer.drop(), finish };
    });
    return value;
  } finally {
    await sender.close();
  }
}
