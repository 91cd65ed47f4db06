import { basename, join } from 'node:path';
import { attempt } from '../../http/attempts.ts';
import { type Call, type Called, readWhole } from '../../http/call.ts';
import { type Downloaded, digestOf, forget, rangeOf, receive, type Target } from '../../http/download.ts';
import { exchange, shownUrl } from '../../http/exchange.ts';
import { unmet } from '../../http/expect.ts';
import { type Header, type HttpRequest, without } from '../../http/message.ts';
import type { BothContext, ControllerResult } from '../../model/module.ts';
import { badArgs } from './args.ts';
import type { HttpParams } from './http-params.ts';
import { progressOf } from './http-progress.ts';
import { answerFields, told } from './http-result.ts';

/** The file that a task wants. Throws ProblemError when its name is not known. */
export function targetOf({ dest = '', url, checksum }: HttpParams, context: BothContext): Target {
  const name = basename(decodeURIComponent(new URL(url).pathname));
  if (dest.endsWith('/') && name === '')
    throw badArgs('http', `${url} ends in no file name`, 'say the whole path in dest');
  const path = context.localTarget(dest);
  const file = dest.endsWith('/') ? join(path, name) : path;
  const [algorithm = '', digest = ''] = checksum?.split(':') ?? [];
  return {
    dest: file,
    part: `${file}.${context.host}.part`,
    ...(checksum !== undefined && { checksum: { algorithm, digest: digest.toLowerCase() } }),
  };
}

/** Writes the body to a file as it comes; each attempt goes on where the one before broke off. */
export async function downloaded(given: HttpParams, work: Call, context: BothContext): Promise<ControllerResult> {
  const target = targetOf(given, context);
  const { request, talk, attempts, expect, most } = work;
  const what = `${request.method} ${shownUrl(request.url)}`;
  const { checksum } = target;
  if (checksum && (await digestOf(target.dest, checksum.algorithm)) === checksum.digest) {
    const fields = {
      dest: target.dest,
      url: shownUrl(request.url),
      checksum: `${checksum.algorithm}:${checksum.digest}`,
    };
    return { changed: false, fields, message: 'the file is right already' };
  }
  await digestOf(target.dest, 'sha256');
  if (given.resume === false) await forget(target);
  const progress = progressOf(context);
  type End = { called: Omit<Called, 'attempts'>; downloaded?: Downloaded };
  const { value, attempts: number } = await attempt(attempts, async (signal) => {
    let range = await rangeOf(target);
    let answer = await exchange(ranged(request, range.headers), talk, signal);
    if (answer.status === 416 && range.from > 0) {
      // What is there is longer than the server's file, or not of it.
      await answer.drop();
      await forget(target);
      range = { from: 0, headers: [] };
      answer = await exchange(request, talk, signal);
    }
    const finish = async (): Promise<End> => {
      const { status, reason, headers, url, redirects } = answer;
      const called = { status, reason, headers, redirects, url: shownUrl(url), links: {}, encoding: '', bytes: 0 };
      const failed = await unmet(called, { ...expect, json: undefined, text: [] });
      if (failed !== undefined) {
        const read = await readWhole(answer, most);
        return { called: { ...read, failed: await unmet(read, expect) } };
      }
      return { called, downloaded: await receive({ answer, target, from: range.from, progress }) };
    };
    return { answer, drop: () => answer.drop(), finish };
  });
  const called = { ...value.called, attempts: number };
  if (!value.downloaded) return told(called, { changed: false, what });
  const { changed, bytes, checksum: sum, resumed } = value.downloaded;
  return {
    changed,
    fields: { ...answerFields(called), dest: target.dest, bytes, checksum: sum, resumed },
    message: `${called.status} ${called.reason}, ${bytes} bytes`,
  };
}

function ranged(request: HttpRequest, range: readonly Header[]): HttpRequest {
  return range.length === 0
    ? request
    : { ...request, headers: [...without(request.headers, ['range', 'if-range']), ...range] };
}
