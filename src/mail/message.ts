import type { SendMailOptions } from 'nodemailer';
import { type Address, shownAddress } from './address.ts';

/** A file that comes with a message. */
export interface Part {
  name: string;
  /** `image/png`; found by the name when not said. */
  type?: string;
  content: Uint8Array;
  /** Shown inside the HTML, which names it `cid:…`. */
  cid?: string;
}

/** A character set that texts are sent in. */
export type Charset = 'utf-8' | 'iso-8859-1' | 'us-ascii';

/** A message before it is put into lines. */
export interface Message {
  from: Address;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  subject: string;
  text?: string;
  html?: string;
  parts: Part[];
  headers: [name: string, value: string][];
  charset: Charset;
  /** With its angle brackets. */
  id: string;
}

/** Headers that follow from the rest of a message. */
const OWN = [
  'from to cc bcc sender reply-to subject date message-id',
  'mime-version content-type content-transfer-encoding content-disposition',
]
  .join(' ')
  .split(' ');

/** What is wrong with a header, in words after its name; undefined: nothing. */
export function headerFault(name: string, value: string): string | undefined {
  // RFC 5322 2.2: printable ASCII but the colon.
  if (!/^[!-9;-~]+$/.test(name)) return 'cannot be the name of a header';
  if (OWN.includes(name.toLowerCase()))
    return 'is no header to set here: it has a parameter of its own, or follows from the message';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return 'has a control character or a line break in its value';
  return undefined;
}

/** Characters of a text that its character set does not have; empty: it can be sent. */
export function missingIn(charset: Charset, text: string): string {
  if (charset === 'utf-8') return '';
  const most = charset === 'us-ascii' ? 0x7f : 0xff;
  return [...new Set(text)].filter((char) => (char.codePointAt(0) ?? 0) > most).join('');
}

/** A message in nodemailer's words. Nothing in it may name a file or an address to fetch: all content is here. */
export function composed(message: Message): SendMailOptions {
  const { from, to, cc, bcc, replyTo, subject, text, html, parts, headers, charset, id } = message;
  return {
    from,
    to,
    cc,
    bcc,
    replyTo,
    subject,
    messageId: id,
    headers: headers.map(([key, value]) => ({ key, value })),
    // Not as `text` and `html`, which are always sent as UTF-8.
    alternatives: [
      ...(text === undefined ? [] : [textPart(text, 'plain', charset)]),
      ...(html === undefined ? [] : [textPart(html, 'html', charset)]),
    ],
    attachments: parts.map(({ name, type, content, cid }) => ({
      filename: name,
      content: Buffer.from(content),
      ...(type !== undefined && { contentType: type }),
      ...(cid !== undefined && { cid, contentDisposition: 'inline' }),
    })),
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Long lines of ASCII would be sent as `format=flowed`, which not every reader puts together again. */
function textPart(text: string, subtype: 'plain' | 'html', charset: Charset) {
  const lines = text.replace(/\r?\n/g, '\r\n');
  const isAscii = /^[\t\r\n -~]*$/.test(lines);
  const isLong = lines.split('\r\n').some((line) => line.length > 76);
  const encoding = isAscii && !isLong ? '7bit' : 'quoted-printable';
  return {
    content: charset === 'utf-8' ? lines : Buffer.from(lines, 'latin1'),
    contentType: `text/${subtype}; charset=${charset}`,
    contentTransferEncoding: isDense(lines) && charset === 'utf-8' ? 'base64' : encoding,
  };
}

/** More than a third of it is not ASCII: base64 is shorter then. */
function isDense(text: string): boolean {
  return (text.match(/[^\0-\x7f]/g)?.length ?? 0) * 3 > text.length;
}

/** A message for people who look before it is sent: never in its encoded form, in which a secret could not be seen. */
export function preview(message: Message, missing: readonly string[] = []): string {
  const { from, to, cc, bcc, replyTo, subject, text, html, parts, headers } = message;
  const list = (name: string, all: readonly Address[]) =>
    all.length === 0 ? [] : [`${name}: ${all.map(shownAddress).join(', ')}`];
  const block = (title: string, content: string | undefined) =>
    content === undefined ? [] : ['', ...(title === '' ? [] : [`${title}:`]), content.replace(/\n+$/, '')];
  const size = (bytes: number) => (bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KiB`);
  return [
    ...list('From', [from]),
    ...list('To', to),
    ...list('Cc', cc),
    ...list('Bcc', bcc),
    ...list('Reply-To', replyTo),
    `Subject: ${subject}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...block('', text),
    ...block(text === undefined ? '' : 'HTML', html),
    ...(parts.length + missing.length > 0 ? [''] : []),
    ...parts.map(({ name, content, cid }) =>
      cid === undefined
        ? `attached: ${name} (${size(content.length)})`
        : `inline: ${name} as cid:${cid} (${size(content.length)})`,
    ),
    ...missing.map((name) => `attached: ${name}, which is not there yet`),
  ].join('\n');
}
