import type { Value } from '../model/value.ts';
import { type Attempts, attempt } from './attempts.ts';
import { readBody, textOf } from './decode.ts';
import { type Exchange, exchange, shownUrl, type Talk } from './exchange.ts';
import { type Expectation, type Read, unmet } from './expect.ts';
import { linksOf } from './link-header.ts';
import { type Header, HttpFault, type HttpRequest } from './message.ts';
import { firstPage, itemsOf, nextPage, type Paging } from './pages.ts';

/** A request with everything that is to be done about it. */
export interface Call {
  request: HttpRequest;
  talk: Talk;
  attempts: Attempts;
  expect: Expectation;
  /** Bytes of an answer that may be in memory. */
  most: number;
}

/** What an answer has told. */
export interface Called extends Read {
  headers: readonly Header[];
  url: string;
  redirects: Exchange['redirects'];
  links: Record<string, string>;
  encoding: string;
  bytes: number;
  attempts: number;
  /** What is not as expected. */
  failed?: string | undefined;
}

/** Sends a request and reads the answer. Throws HttpFault when none came. */
export async function call({ request, talk, attempts, expect, most }: Call): Promise<Called> {
  const { value, attempts: number } = await attempt(attempts, async (signal) => {
    const answer = await exchange(request, talk, signal);
    return { answer, drop: () => answer.drop(), finish: () => readWhole(answer, most) };
  });
  return { ...value, attempts: number, failed: await unmet(value, expect) };
}

/** Reads the body, and the JSON in it where there is some. */
export async function readWhole(answer: Exchange, most: number): Promise<Omit<Called, 'attempts' | 'failed'>> {
  const { status, reason, headers, url, redirects } = answer;
  const bytes = await readBody(answer, most);
  const { text, encoding } = textOf(bytes, headers);
  const json = jsonOf(text);
  return {
    ...{ status, reason, headers, redirects, text, encoding, bytes: bytes.length },
    url: shownUrl(url),
    links: linksOf(headers, url),
    ...(json !== undefined && { json }),
  };
}

/** Whatever the server calls it: many send JSON as plain text. */
function jsonOf(text: string): Value | undefined {
  if (!/^\s*[[{"]|^\s*(?:true|false|null|-?\d[\d.eE+-]*)\s*$/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** All pages of a list. */
export interface Paged {
  last: Called;
  items: Value[];
  pages: number;
  /** There were no more pages than were read. */
  complete: boolean;
}

/** Reads page after page; stops at the first that is not as expected. Throws HttpFault. */
export async function callPages(of: Call, paging: Paging): Promise<Paged> {
  const items: Value[] = [];
  const home = of.request.url;
  let url = firstPage(home, paging);
  const seen = new Set<string>();
  let bytes = 0;
  for (let pages = 1; ; pages++) {
    seen.add(url.href);
    const last = await call({ ...of, request: { ...of.request, url } });
    if (last.failed !== undefined) return { last, items, pages, complete: false };
    bytes += last.bytes;
    if (bytes > of.most)
      throw new HttpFault(`the pages are larger than ${of.most} bytes together`, { advice: 'max_size allows more' });
    const found = itemsOf(last.json, paging);
    for (const item of found) items.push(item);
    const page = { home, url: new URL(last.url), headers: last.headers, json: last.json };
    const next = nextPage({ ...page, items: found.length, number: pages }, paging);
    // A server that leads back to where we were would keep us for ever.
    if (!next || seen.has(next.href)) return { last, items, pages, complete: true };
    if (pages >= paging.most) return { last, items, pages, complete: false };
    url = next;
  }
}
