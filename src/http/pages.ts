import type { Value } from '../model/value.ts';
import { valueAt } from './json-path.ts';
import { linksOf } from './link-header.ts';
import { type Header, HttpFault } from './message.ts';
import { isSameOrigin } from './redirect.ts';

/** How one page leads to the next. */
export type Paging = {
  /** Where the list is in the body; empty: the body is the list. */
  items: string;
  most: number;
} & (
  | { by: 'link' }
  /** The body names the next URL. */
  | { by: 'next'; path: string }
  /** The body names a mark, which goes into the query. */
  | { by: 'cursor'; path: string; query: string }
  /** A number that is counted up by `step`, until a page has nothing, or less than `size`. */
  | { by: 'number'; query: string; start: number; step: number; size?: number | undefined }
);

/** The first URL. */
export function firstPage(url: URL, paging: Paging): URL {
  return paging.by === 'number' ? withQuery(url, paging.query, paging.start) : url;
}

/** The items of a page. Throws HttpFault when there is no list where it should be. */
export function itemsOf(json: Value | undefined, { items }: Paging): Value[] {
  const found = json === undefined ? undefined : valueAt(json, items);
  if (Array.isArray(found)) return found;
  const place = items === '' ? 'the body' : `${items} of the body`;
  throw new HttpFault(`${place} is no list`, { advice: 'paginate.items names the path of the list: data.items' });
}

/** The URL of the next page; undefined: this was the last. Throws HttpFault when it is of another server. */
export function nextPage(
  page: { home: URL; url: URL; headers: readonly Header[]; json: Value | undefined; items: number; number: number },
  paging: Paging,
): URL | undefined {
  const { home, url, headers, json = null, items, number } = page;
  switch (paging.by) {
    case 'link':
      return sameServer(linksOf(headers, url)['next'], page);
    case 'next': {
      const next = valueAt(json, paging.path);
      return typeof next === 'string' && next !== '' ? sameServer(next, page) : undefined;
    }
    case 'cursor': {
      const mark = valueAt(json, paging.path);
      if (mark === undefined || mark === null || mark === '' || mark === false || typeof mark === 'object')
        return undefined;
      return withQuery(home, paging.query, String(mark));
    }
    case 'number':
      if (items === 0 || items < (paging.size ?? 0)) return undefined;
      return withQuery(home, paging.query, paging.start + paging.step * number);
  }
}

/** Where the task's own headers and credentials may go. */
function sameServer(target: string | undefined, { home, url: base }: { home: URL; url: URL }): URL | undefined {
  if (target === undefined) return undefined;
  const url = URL.canParse(target, base.href) ? new URL(target, base) : undefined;
  if (!url || !isSameOrigin(home, url))
    throw new HttpFault(`the next page is at ${JSON.stringify(target)}, which is not on the same server`);
  return url;
}

function withQuery(url: URL, name: string, value: string | number): URL {
  const next = new URL(url);
  next.searchParams.set(name, String(value));
  return next;
}
