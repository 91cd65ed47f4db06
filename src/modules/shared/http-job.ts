import type { Call } from '../../http/call.ts';
import { createJar, type Jar } from '../../http/cookies.ts';
import { encodings } from '../../http/decode.ts';
import type { Auth } from '../../http/exchange.ts';
import type { Expectation } from '../../http/expect.ts';
import type { Header, Part, Payload, Sender } from '../../http/message.ts';
import type { Paging } from '../../http/pages.ts';
import type { RetryRule } from '../../http/retry.ts';
import { proxyOf, type Way } from '../../http/way.ts';
import type { BothContext } from '../../model/module.ts';
import { badArgs } from './args.ts';
import { type HttpParams, pairsOf } from './http-params.ts';
import { progressOf } from './http-progress.ts';
import { sleep } from './sleep.ts';

const bad = (detail: string, advice?: string) => badArgs('http', detail, advice);

/** The session of a task: its cookies, and whether in check mode something was left out that might have set some. */
export interface Session {
  jar: Jar;
  isForecast: boolean;
}

/** The session of this name, for this host and run. Without a name, one of its own. */
export function sessionOf({ kept }: BothContext, name: string | undefined): Session {
  const key = `http ${name}`;
  const found = (name === undefined ? undefined : (kept.get(key) as Session | undefined)) ?? {
    jar: createJar(),
    isForecast: false,
  };
  if (name !== undefined) kept.set(key, found);
  return found;
}

/** How the server is reached. Files are looked up like those of any task, or are the host's. */
export function wayOf(given: HttpParams, context: BothContext): Way {
  const { ca, cert, key, unix_socket: unixSocket, timeout = {} } = given;
  const limits = typeof timeout === 'number' ? { total: timeout } : timeout;
  const file = (path: string, param: string) => fileOf(path, { param, given, context });
  const proxy = given.proxy ?? proxyOf(new URL(given.url), context.env) ?? '';
  if (proxy !== '' && !(URL.canParse(proxy) && /^https?:\/\//i.test(proxy)))
    throw bad(`proxy "${proxy}" is no URL of a proxy`, 'write http://NAME:PORT');
  if (key !== undefined && cert === undefined) throw bad('key is given without cert');
  return {
    connectTimeout: (limits.connect ?? Math.min(10, limits.total ?? 10)) * 1000,
    idleTimeout: (limits.idle ?? Math.max(60, limits.total ?? 0)) * 1000,
    ...(limits.total !== undefined && { totalTimeout: limits.total * 1000 }),
    verify: given.verify ?? true,
    ...(ca !== undefined && { ca: file(ca, 'ca') }),
    ...(cert !== undefined && { cert: file(cert, 'cert') }),
    ...(key !== undefined && { key: file(key, 'key') }),
    ...(proxy !== '' && unixSocket === undefined && { proxy }),
    ...(unixSocket !== undefined && { unixSocket }),
  };
}

/** The request and what is to be done about it. Throws ProblemError for parameters that do not go together. */
export function callOf(
  given: HttpParams,
  { context, way, sender, session }: { context: BothContext; way: Way; sender: Sender; session: Session },
): Call {
  const url = new URL(given.url);
  const auth = authOf(given, url);
  url.username = '';
  url.password = '';
  for (const [name, value] of pairsOf(given.query ?? {})) url.searchParams.append(name, value);
  const { payload, type } = payloadOf(given, context);
  const method = (given.method ?? (payload ? 'POST' : 'GET')).toUpperCase();
  if (payload && (method === 'HEAD' || method === 'TRACE')) throw bad(`${method} has no body`);
  const { allow_local: allow } = given;
  const now = () => Date.now();
  return {
    request: { method, url, headers: headersOf(given, type), ...(payload && { payload }) },
    talk: {
      ...{ sender, jar: session.jar, now, sent: progressOf(context, ' sent') },
      ...(auth && { auth }),
      redirects: given.redirects ?? 'safe',
      notLocal: allow === false || (allow !== true && context.isFromHosts('url')),
      allowLocal: allow === true,
    },
    attempts: {
      ...{ method, now, signal: context.signal },
      rule: ruleOf(given),
      limit: way.totalTimeout,
      sleep: (ms) => sleep(ms, context.signal),
    },
    expect: expectOf(given),
    most: mostOf(given),
  };
}

/** Bytes that may be in memory. */
export function mostOf({ max_size: size, paginate }: HttpParams): number {
  return size ?? (paginate ? 64 : 8) * 1024 * 1024;
}

function authOf({ auth = {} }: HttpParams, url: URL): Auth | undefined {
  const { basic, digest, bearer } = auth;
  const inUrl = url.username !== '' || url.password !== '';
  if ([basic, digest, bearer, inUrl || undefined].filter((each) => each !== undefined).length > 1)
    throw bad(`basic, digest, bearer${inUrl ? ' and a user in the url' : ''} exclude each other`);
  if (bearer !== undefined) {
    if (/[^\x20-\x7e]/.test(bearer)) throw bad('the bearer token holds a character that no header can');
    return { kind: 'bearer', token: bearer };
  }
  const account = inUrl
    ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : (basic ?? digest);
  return account && { kind: digest ? 'digest' : 'basic', account };
}

function headersOf(given: HttpParams, type: string | undefined): Header[] {
  const sent = new Map<string, Header>([
    ['user-agent', ['User-Agent', 'play']],
    ['accept', ['Accept', '*/*']],
  ]);
  if (given.from !== 'target') sent.set('accept-encoding', ['Accept-Encoding', given.dest ? 'identity' : encodings]);
  if (type !== undefined) sent.set('content-type', ['Content-Type', type]);
  for (const [name, value] of Object.entries(given.headers ?? {})) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw bad(`"${name}" cannot be the name of a header`);
    if (key === 'content-length' || key === 'transfer-encoding') throw bad(`${name} follows from the body`);
    sent.delete(key);
    if (value === null) continue;
    // RFC 9110, section 5.5.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value)))
      throw bad(`the header ${name} holds a character that no header can, such as a line break`);
    sent.set(key, [name, String(value)]);
  }
  return [...sent.values()];
}

function payloadOf(given: HttpParams, context: BothContext): { payload?: Payload; type?: string } {
  const { json, form, multipart, body, src } = given;
  if (json !== undefined) return { payload: { kind: 'text', text: JSON.stringify(json) }, type: 'application/json' };
  if (form !== undefined) {
    const encoded = String(new URLSearchParams(pairsOf(form)));
    return { payload: { kind: 'text', text: encoded }, type: 'application/x-www-form-urlencoded' };
  }
  if (multipart !== undefined) return { payload: { kind: 'parts', parts: partsOf(multipart, given, context) } };
  if (body !== undefined) return { payload: { kind: 'text', text: body } };
  if (src === undefined) return {};
  return { payload: { kind: 'file', path: fileOf(src, { param: 'src', given, context }) } };
}

function partsOf(multipart: NonNullable<HttpParams['multipart']>, given: HttpParams, context: BothContext): Part[] {
  return Object.entries(multipart).flatMap(([name, value]) =>
    [value].flat().map((each): Part => {
      if (typeof each !== 'object') return { name, content: { text: String(each) } };
      const { file, text, filename, type } = each;
      if ((file === undefined) === (text === undefined)) throw bad(`multipart.${name} wants one of file and text`);
      const content =
        file === undefined
          ? { text: text ?? '' }
          : { file: fileOf(file, { param: `multipart.${name}`, given, context }) };
      if (/[\r\n]/.test(type ?? '')) throw bad(`the type of multipart.${name} holds a line break`);
      return { name, content, ...(filename !== undefined && { filename }), ...(type !== undefined && { type }) };
    }),
  );
}

function fileOf(
  path: string,
  { param, given, context }: { param: string; given: HttpParams; context: BothContext },
): string {
  if (given.from === 'target') {
    if (path.startsWith('/')) return path;
    throw bad(`${param} "${path}" is a file of the host, and not absolute`, 'write /its/whole/path');
  }
  const found = context.localSource(path, 'files');
  if (found === undefined)
    throw bad(`${param} "${path}" is not there`, 'it is looked for beside the playbook and in files/');
  return found;
}

function ruleOf({ retry }: HttpParams): RetryRule {
  const { attempts = retry ? 3 : 1, delay = 1, backoff = 2, max_delay: maxDelay = 120, statuses, unsafe } = retry ?? {};
  return {
    ...{ attempts, backoff, delay: delay * 1000, maxDelay: maxDelay * 1000 },
    statuses: statuses ?? [429, 502, 503, 504],
    unsafe: unsafe ?? false,
  };
}

function expectOf({ expect = {}, redirects }: HttpParams): Expectation {
  const usual = redirects === 'none' ? ['2xx', '3xx'] : ['2xx'];
  return {
    status: expect.status === undefined ? usual : [expect.status].flat().map(String),
    headers: expect.headers ?? {},
    json: expect.json,
    text: expect.text === undefined ? [] : [expect.text].flat(),
  };
}

/** How pages follow each other; undefined: there is one. */
export function pagingOf({ paginate }: HttpParams): Paging | undefined {
  if (!paginate) return undefined;
  const { items = '', link, next, cursor, page, max_pages: most = 1000 } = paginate;
  if ([link, next, cursor, page].filter((each) => each !== undefined).length !== 1)
    throw bad('paginate wants one of link, next, cursor and page');
  if (next !== undefined) return { items, most, by: 'next', path: next };
  if (cursor) return { items, most, by: 'cursor', path: cursor.from, query: cursor.query };
  if (!page) return { items, most, by: 'link' };
  const { query, start = 1, step = 1, size } = page;
  return { items, most, by: 'number', query, start, step, size };
}
