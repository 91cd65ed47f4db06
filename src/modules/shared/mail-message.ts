import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Address, readAddress } from '../../mail/address.ts';
import { headerFault, type Message, missingIn, type Part } from '../../mail/message.ts';
import type { Server } from '../../mail/send.ts';
import type { ControllerContext } from '../../model/module.ts';
import { ProblemError, problem } from '../../problems/problem.ts';
import { fileReason } from '../../util/errno.ts';
import { badArgs } from './args.ts';
import type { MailFile, MailParams } from './mail-params.ts';

/** The message that the parameters ask for, and the names of files that are not there (yet). Throws ProblemError. */
export async function messageOf(
  params: MailParams,
  context: ControllerContext,
): Promise<{ message: Message; missing: string[] }> {
  const [from] = addressesOf('from', params.from ?? params.sender);
  if (!from) throw badArgs('mail', 'from is missing');
  const [to, cc, bcc] = (['to', 'cc', 'bcc'] as const).map((name) => addressesOf(name, params[name]));
  const { subject = '', charset = 'utf-8', subtype = 'plain' } = params;
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) throw badArgs('mail', 'subject has a control character or a line break');
  const said = {
    text: await textOf(params.template, context, subtype === 'plain' ? params.body : undefined),
    html: await textOf(params.html_template, context, subtype === 'html' ? params.body : params.html),
  };
  const text = said.text ?? (said.html === undefined ? subject : undefined);
  for (const each of [text ?? '', said.html ?? '']) {
    const lost = missingIn(charset, each);
    if (lost !== '')
      throw badArgs('mail', `${charset} has no "${lost}"`, 'leave charset out: utf-8 has all characters');
  }
  const attached = listOf(params.attach).map((file) => partOf(file, context));
  const pictures = listOf(params.inline).map((file) => {
    const { name, cid, part } = partOf(file, context);
    return { name, cid, ...(part && { part: { ...part, cid } }) };
  });
  if (pictures.length > 0 && said.html === undefined)
    throw badArgs('mail', 'inline shows pictures in HTML, and there is none');
  for (const { cid } of pictures) checkShown(cid, said.html ?? '');
  const all = [...pictures, ...attached];
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const message: Message = {
    from,
    to: to!,
    cc: cc!,
    bcc: bcc!,
    replyTo: addressesOf('reply_to', params.reply_to),
    subject,
    ...(text !== undefined && { text }),
    ...(said.html !== undefined && { html: said.html }),
    parts: all.flatMap(({ part }) => part ?? []),
    headers: headersOf(params.headers),
    charset,
    id: `<${randomUUID()}@${/^[A-Za-z0-9.-]+$/.test(domain) ? domain : 'play.invalid'}>`,
  };
  return { message, missing: all.flatMap(({ part, name }) => (part ? [] : [name])) };
}

/** The server that the parameters name. Throws ProblemError. */
export async function serverOf(params: MailParams, context: ControllerContext): Promise<Server> {
  const {
    host = 'localhost',
    port,
    username,
    password,
    token,
    secure = 'try',
    verify = true,
    timeout = 20,
    ehlohost,
  } = params;
  if (username === undefined && (password ?? token) !== undefined)
    throw badArgs('mail', `${password === undefined ? 'token' : 'password'} is given without username`);
  const ca = params.ca === undefined ? undefined : Buffer.from(await context.readFile(params.ca, 'files')).toString();
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw badArgs('mail', `${params.ca} holds no certificate`, 'a PEM file begins with -----BEGIN CERTIFICATE-----');
  return {
    host,
    secure,
    verify,
    timeout,
    ...(port !== undefined && { port }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(ca !== undefined && { ca }),
    ...(ehlohost !== undefined && { ehlo: ehlohost }),
  };
}

/** What is wrong with an address, for the check before the run; undefined: nothing. */
export function addressFaultOf(text: string): string | undefined {
  const read = readAddress(text);
  return typeof read === 'string' ? read : undefined;
}

function addressesOf(param: string, given: string | string[] | undefined): Address[] {
  return [given ?? []].flat().map((text) => {
    const read = readAddress(text);
    if (typeof read === 'string') throw badArgs('mail', `${param} ${JSON.stringify(text)}: it ${read}`);
    return read;
  });
}

async function textOf(
  template: string | undefined,
  context: ControllerContext,
  said: string | undefined,
): Promise<string | undefined> {
  if (template === undefined) return said;
  const bytes = await context.readFile(template, 'templates');
  return context.renderText(Buffer.from(bytes).toString('utf8'), template);
}

function listOf(given: string | (string | MailFile)[] | undefined): MailFile[] {
  return [given ?? []].flat().map((each) => (typeof each === 'string' ? { src: each } : each));
}

/** Read when it is sent, because an earlier task may have made it. No part: the file is not there. */
function partOf(file: MailFile, context: ControllerContext): { name: string; cid: string; part?: Part } {
  const { src, content, type } = file;
  if ((src === undefined) === (content === undefined)) throw badArgs('mail', 'an attachment has either src or content');
  const name = file.name ?? (src === undefined ? undefined : basename(src));
  if (name === undefined) throw badArgs('mail', 'an attachment with content needs a name');
  if (/[\p{Cc}/\\]/u.test(name)) throw badArgs('mail', `an attachment cannot be called ${JSON.stringify(name)}`);
  const cid = file.cid ?? name.replace(/[^A-Za-z0-9._@+-]/g, '_');
  const kind = type === undefined ? {} : { type };
  if (content !== undefined) return { name, cid, part: { name, ...kind, content: Buffer.from(content) } };
  const path = context.localSource(src!, 'files');
  if (path === undefined) return { name, cid };
  try {
    return { name, cid, part: { name, ...kind, content: readFileSync(path) } };
  } catch (error) {
    throw new ProblemError(problem('E_FILE_UNREADABLE', { path, detail: fileReason(error) }));
  }
}

/** A picture that nothing shows would come as a nameless attachment. */
function checkShown(cid: string, html: string): void {
  if (!html.includes(`cid:${cid}`)) {
    throw badArgs(
      'mail',
      `the HTML does not show the picture ${cid}`,
      `write <img src="cid:${cid}"> in it, or attach it`,
    );
  }
}

function headersOf(given: MailParams['headers'] = {}): [string, string][] {
  const pairs = Array.isArray(given)
    ? given.map((each): [string, string] => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])
    : Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]);
  for (const [name, value] of pairs) {
    const fault = headerFault(name, value);
    if (fault !== undefined) throw badArgs('mail', `headers: ${JSON.stringify(name)} ${fault}`);
  }
  return pairs;
}
