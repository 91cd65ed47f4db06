import { type Header, HttpFault, type HttpRequest, headerOf, without } from './message.ts';

/**
 * Which redirects are followed: `none`; within the same origin; `safe`, everywhere, but a body goes nowhere else and nothing goes from https to
 * http; `all`.
 */
export type Redirects = 'none' | 'same_origin' | 'safe' | 'all';

/** As browsers have it; a loop ends there. */
export const mostRedirects = 20;

/** What another origin may know of the headers that the author gave: nothing that could be a key. */
const harmless = ['accept', 'accept-language', 'accept-encoding', 'user-agent', 'content-type', 'range', 'if-range'];

/**
 * The request that a redirect asks for (RFC 9110, section 15.4), as browsers and Python's requests understand it: after 303, and after 301 and 302
 * of a POST, it is a GET without a body. Undefined: the answer is none, or is not to be followed. Throws HttpFault where following would be wrong.
 */
export function redirected(
  request: HttpRequest,
  answer: { status: number; headers: readonly Header[] },
  rule: Redirects,
): HttpRequest | undefined {
  const { status } = answer;
  const location = headerOf(answer.headers, 'location');
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || rule === 'none') return undefined;
  const url = target(location, request.url);
  const toGet =
    (status === 303 && request.method !== 'HEAD') || ((status === 301 || status === 302) && request.method === 'POST');
  const { payload, ...rest } = request;
  const kept: HttpRequest = toGet
    ? { ...rest, method: 'GET', headers: without(request.headers, ['content-type']) }
    : request;
  if (isSameOrigin(request.url, url)) return { ...kept, url };
  const words = `the server leads on to ${url.origin}`;
  if (rule === 'same_origin')
    throw new HttpFault(`${words}, another origin`, { advice: 'redirects: safe follows there' });
  if (rule === 'safe' && request.url.protocol === 'https:' && url.protocol === 'http:')
    throw new HttpFault(`${words}, which is not encrypted`, { advice: 'redirects: all follows even there' });
  if (rule === 'safe' && kept.payload)
    throw new HttpFault(`${words}, and wants the body there, too`, {
      advice: 'give that address as the url, or write redirects: all',
    });
  return { ...kept, url, headers: kept.headers.filter(([name]) => harmless.includes(name.toLowerCase())) };
}

/** Scheme, name and port are the same; from http to https with the usual ports counts, too. */
export function isSameOrigin(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  return (
    from.hostname === to.hostname && from.protocol === 'http:' && to.protocol === 'https:' && from.port === to.port
  );
}

function target(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    throw new HttpFault(`the server leads on to ${JSON.stringify(location)}, which is no URL`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new HttpFault(`the server leads on to ${url.protocol}, and only http and https are followed`);
  url.username = '';
  url.password = '';
  // RFC 9110, section 10.2.2: what stands after # stays.
  if (url.hash === '') url.hash = base.hash;
  return url;
}
