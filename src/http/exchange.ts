import type { Jar } from './cookies.ts';
import { type Account, digestAnswer, digestChallenge } from './digest.ts';
import {
  type Header,
  type HttpAnswer,
  HttpFault,
  type HttpRequest,
  headerOf,
  type Sender,
  without,
} from './message.ts';
import { isSameOrigin, mostRedirects, type Redirects, redirected } from './redirect.ts';

/** How a server learns who asks. */
export type Auth = { kind: 'basic' | 'digest'; account: Account } | { kind: 'bearer'; token: string };

/** Everything around one request. */
export interface Talk {
  sender: Sender;
  jar: Jar;
  auth?: Auth;
  redirects: Redirects;
  /** The first URL may not be local; where a server leads may not be either, unless `allowLocal`. */
  notLocal: boolean;
  allowLocal: boolean;
  now(): number;
  /** Hears how much of a body has been sent, in bytes. */
  sent?(bytes: number, total: number): void;
}

/** What came in the end, and the way to it. */
export interface Exchange extends HttpAnswer {
  url: URL;
  redirects: { status: number; url: string }[];
}

/** Sends a request, answers a challenge of digest, keeps cookies, follows redirects. Throws HttpFault. */
export async function exchange(first: HttpRequest, talk: Talk, signal: AbortSignal): Promise<Exchange> {
  const { sender, jar, auth, now, sent } = talk;
  const redirects: Exchange['redirects'] = [];
  let request = first;
  let challenge: ReturnType<typeof digestChallenge>;
  let count = 0;
  let isOurs = true;
  for (;;) {
    // Who leads back from elsewhere gets no credentials for a path of their choice.
    isOurs &&= isSameOrigin(first.url, request.url);
    const mine: Header[] = [];
    const cookies = jar.cookiesFor(request.url, now()).map(({ name, value }) => `${name}=${value}`);
    if (cookies.length > 0)
      mine.push(['Cookie', [headerOf(request.headers, 'cookie') ?? [], cookies].flat().join('; ')]);
    if (auth && isOurs) {
      if (auth.kind !== 'digest') mine.push(['Authorization', plainAuth(auth)]);
      else if (challenge) {
        const uri = request.url.pathname + request.url.search;
        count += 1;
        const answer = digestAnswer({ challenge, account: auth.account, method: request.method, uri, count });
        mine.push(['Authorization', answer]);
      }
    }
    const notLocal = !talk.allowLocal && (talk.notLocal || request.url.hostname !== first.url.hostname);
    const others = without(
      request.headers,
      mine.map(([name]) => name.toLowerCase()),
    );
    const answer = await sender.send(
      { ...request, headers: [...others, ...mine] },
      { notLocal, signal, ...(sent && { sent }) },
    );
    jar.store(request.url, answer.headers, now());
    if (auth?.kind === 'digest' && isOurs && answer.status === 401 && challenge === undefined) {
      const asked = answer.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
      challenge = digestChallenge(asked.map(([, value]) => value));
      if (challenge) {
        await answer.drop();
        continue;
      }
    }
    const next = await following(request, answer, talk.redirects);
    if (!next) return { ...answer, url: request.url, redirects };
    redirects.push({ status: answer.status, url: shownUrl(request.url) });
    await answer.drop();
    if (redirects.length > mostRedirects)
      throw new HttpFault(`${shownUrl(first.url)} leads on more than ${mostRedirects} times`);
    request = next;
  }
}

/** What people and results are told of a URL: without what stands after `#`. */
export function shownUrl(url: URL): string {
  return url.hash === '' ? url.href : url.href.slice(0, -url.hash.length);
}

async function following(request: HttpRequest, answer: HttpAnswer, rule: Redirects): Promise<HttpRequest | undefined> {
  try {
    return redirected(request, answer, rule);
  } catch (error) {
    await answer.drop();
    throw error;
  }
}

/** RFC 7617 and RFC 6750. */
function plainAuth(auth: Auth): string {
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.account.user}:${auth.account.password}`).toString('base64')}`;
}
