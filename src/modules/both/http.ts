import { type Call, call, callPages } from '../../http/call.ts';
import { digestOf } from '../../http/download.ts';
import { shownUrl } from '../../http/exchange.ts';
import { HttpFault, type Sender } from '../../http/message.ts';
import { createNodeSender } from '../../http/node-sender.ts';
import { isSafe } from '../../http/retry.ts';
import { createTargetSender } from '../../http/target-sender.ts';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { downloaded, targetOf } from '../shared/http-download.ts';
import { httpForeignParams } from '../shared/http-foreign.ts';
import { callOf, mostOf, pagingOf, type Session, sessionOf, wayOf } from '../shared/http-job.ts';
import { type HttpParams, httpParams } from '../shared/http-params.ts';
import { told } from '../shared/http-result.ts';

const exclusive = [
  ['json', 'form', 'multipart', 'body', 'src'],
  ['dest', 'paginate'],
];

/** A request to a web server, and what its answer must be. */
export const http = {
  name: 'http',
  on: 'both',
  summary: 'A web server has been asked for something, and has answered as expected.',
  params: httpParams,
  result: {
    status: 'The status: 200.',
    reason: 'Its words, where the server sends some: `OK`.',
    headers: 'Headers of the answer, names in small letters.',
    text: 'The body as text.',
    json: 'The body, where it is JSON; `null` where not.',
    encoding: 'The character set that the text was read in.',
    url: 'Where the answer came from, after redirects.',
    redirects: 'Those that were followed: `status` and `url` of each.',
    cookies: 'Cookies that go to this URL from now on, by name.',
    links: 'Targets of the `Link` header, by relation: `next`.',
    elapsed: 'Seconds that it took, all attempts and pages together.',
    attempts: 'How often it was sent.',
    items: 'With `paginate`: the items of all pages.',
    pages: 'With `paginate`: how many were read.',
    complete: 'With `paginate`: `false` where there were more pages than `max_pages`.',
    dest: 'With `dest`: the file.',
    checksum: 'With `dest`: what its content is, as `sha256:DIGEST`.',
    bytes: 'Size of the body.',
    resumed: 'With `dest`: bytes that were there from an attempt that was broken off.',
  },
  examples: [
    { http: { url: 'https://example.com/health', expect: { status: 200, text: 'ok' } } },
    {
      name: 'open a ticket',
      http: {
        url: 'https://example.com/api/tickets',
        auth: { bearer: '{{token}}' },
        json: { title: 'disk full', host: '{{host.name}}' },
        expect: { status: 201, json: { type: 'object', required: ['id'] } },
        retry: { attempts: 4, delay: 0.5 },
      },
      vars: { token: 'secret' },
      register: 'ticket',
    },
    {
      name: 'all users',
      http: {
        url: 'https://example.com/api/users',
        query: { active: true, per_page: 100 },
        paginate: { link: true },
      },
      register: 'users',
    },
    {
      http: {
        url: 'https://example.com/image.iso',
        dest: 'downloads/',
        checksum: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      },
    },
    { http: { url: 'http://localhost:8080/ready', from: 'target', retry: { attempts: 10 } } },
    {
      http: {
        url: 'https://example.com/upload',
        method: 'PUT',
        src: 'report.html',
        headers: { 'Content-Type': 'text/html' },
      },
    },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'url',
  shorthand: 'url',
  exclusive,
  foreignParams: httpForeignParams,
  async run(given, context) {
    checkArgs({ name: 'http', exclusive }, given);
    if (!URL.canParse(given.url)) throw badArgs('http', `url "${given.url}" is no URL`);
    if (given.from === 'target' && given.dest !== undefined)
      throw badArgs('http', 'dest is a file of this machine', 'get_url downloads a file on the host itself');
    if (given.checksum !== undefined && given.dest === undefined)
      throw badArgs('http', 'checksum is given without dest');
    if (given.dest !== undefined && (given.expect?.json ?? given.expect?.text) !== undefined)
      throw badArgs(
        'http',
        'expect.json and expect.text read a body that dest puts into a file',
        'leave one of them out',
      );
    const way = wayOf(given, context);
    const session = sessionOf(context, given.session);
    const sender: Sender =
      given.from === 'target'
        ? createTargetSender({ visit: context.visit, way, most: mostOf(given) })
        : createNodeSender(way);
    const work = callOf(given, { context, way, sender, session });
    const { method, url } = work.request;
    const before = await forecast(given, { work, context, session });
    if (before) return before;
    const result = await timed(
      async () => {
        const done = given.dest === undefined ? await asked(given, work) : await downloaded(given, work, context);
        const cookies = session.jar.cookiesFor(new URL(String(done.fields['url'] ?? url.href)), Date.now());
        return {
          ...done,
          fields: { ...done.fields, cookies: Object.fromEntries(cookies.map((each) => [each.name, each.value])) },
        };
      },
      `${method} ${shownUrl(url)}`,
    ).finally(() => sender.close());
    return context.check && result.failed !== undefined ? { ...result, mayBeEarly: true } : result;
  },
} satisfies BothModule<typeof httpParams>;

/** Adds how long it took; a request without an answer is a failure that begins with these words. */
async function timed(work: () => Promise<ControllerResult>, what: string): Promise<ControllerResult> {
  const started = Date.now();
  const elapsed = (): number => (Date.now() - started) / 1000;
  try {
    const done = await work();
    return { ...done, fields: { ...done.fields, elapsed: elapsed() } };
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    const failed = `${what}: ${error.message}${error.advice === undefined ? '' : `; ${error.advice}`}`;
    return { changed: false, failed, fields: { elapsed: elapsed() } };
  }
}

/** What check mode says instead of sending; undefined: it may be sent, it changes nothing. */
async function forecast(
  given: HttpParams,
  { work, context, session }: { work: Call; context: BothContext; session: Session },
): Promise<ControllerResult | undefined> {
  if (!context.check) return undefined;
  const { method, url } = work.request;
  const what = `${method} ${shownUrl(url)}`;
  if (session.isForecast)
    return { changed: false, fields: {}, unknown: `the session ${given.session} is begun only in the real run` };
  if (!isSafe(method)) {
    if (given.session !== undefined) session.isForecast = true;
    return { changed: true, fields: {}, isForecast: true, message: `${what} is sent only in the real run` };
  }
  if (given.dest === undefined) return undefined;
  const target = targetOf(given, context);
  const found = await digestOf(target.dest, target.checksum?.algorithm ?? 'sha256');
  const fields = { dest: target.dest, url: shownUrl(url) };
  if (found !== undefined && target.checksum === undefined)
    return { changed: false, fields, unknown: `only the download tells whether ${target.dest} differs` };
  if (found !== undefined && found === target.checksum?.digest) return undefined;
  return { changed: true, fields, isForecast: true, message: `${target.dest} would be downloaded` };
}

/** Sends the request, or one for each page. */
async function asked(given: HttpParams, work: Call): Promise<ControllerResult> {
  const paging = pagingOf(given);
  const { method, url } = work.request;
  const changed = !isSafe(method);
  if (!paging) return told(await call(work), { changed, what: `${method} ${shownUrl(url)}` });
  const { last, items, pages, complete } = await callPages(work, paging);
  const result = told(last, { changed, what: `${method} ${last.url}` });
  const fields = { ...result.fields, items, pages, complete };
  const tooMany =
    complete || last.failed !== undefined || given.paginate?.max_pages !== undefined
      ? undefined
      : `${method} ${shownUrl(url)}: there are more than ${paging.most} pages; max_pages says how many are wanted`;
  return {
    ...result,
    ...(tooMany !== undefined && { failed: tooMany }),
    fields,
    message: `${items.length} items on ${pages} pages`,
  };
}
