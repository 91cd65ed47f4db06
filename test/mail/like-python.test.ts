import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mail } from '../../src/modules/controller/mail.ts';
import { contextIn } from './context.ts';
import { type MailServer, type Received, startMailServer } from './server.ts';

/* The same message by Python's email and smtplib and by mail: whoever reads it finds the same in both. */

interface Given {
  what: string;
  /** Why readers find something else. */
  differs?: string;
  from: string[];
  to: string[];
  cc?: string[];
  bcc?: string[];
  reply_to?: string[];
  subject: string;
  text?: string;
  html?: string;
  charset?: 'utf-8' | 'iso-8859-1' | 'us-ascii';
  headers?: Record<string, string>;
  attach?: { name: string; type: string; content: string }[];
  inline?: { name: string; type: string; content: string; cid: string }[];
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const plain = { from: ['a@example.com'], to: ['b@example.com'], subject: 'hello', text: 'hi\n' };
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

const messages: Given[] = [
  { ...plain, what: 'a short text' },
  { ...plain, what: 'several recipients', to: ['b@example.com', 'c@example.com'], cc: ['d@example.com'] },
  { ...plain, what: 'bcc is in the envelope only', bcc: ['e@example.com'] },
  {
    ...plain,
    what: 'names',
    from: ['Ann Lee <a@example.com>'],
    to: ['Bob <b@example.com>', '"Lee, Cy" <c@example.com>'],
  },
  {
    ...plain,
    what: 'names that are not ASCII',
    from: ['Jürgen Groß <a@example.com>'],
    to: ['山田 太郎 <b@example.com>'],
  },
  { ...plain, what: 'a subject that is not ASCII', subject: 'Grüße aus Köln — 東京 🎉' },
  { ...plain, what: 'a long subject', subject: 'word '.repeat(60).trim() },
  { ...plain, what: 'a long subject that is not ASCII', subject: 'Größe '.repeat(40).trim() },
  { ...plain, what: 'a text that is not ASCII', text: 'Grüße\n€ 10\n' },
  { ...plain, what: 'a text without a Latin letter', text: '東京都は日本の首都\n'.repeat(20) },
  { ...plain, what: 'dots at the beginning of lines', text: '.\n..\n.hidden\nend\n.\n' },
  { ...plain, what: 'dots at the beginning, not ASCII', text: '.ü\n..\n' },
  { ...plain, what: 'a long line', text: `${'word '.repeat(300)}\nshort\n` },
  { ...plain, what: 'a long line without a space', text: `${'x'.repeat(3000)}\n` },
  { ...plain, what: 'a long line of HTML', text: 'see HTML\n', html: `<p>${'<b>x</b>'.repeat(400)}</p>\n` },
  { ...plain, what: 'white space at the end of lines, tabs, empty lines', text: 'a  \n\tb\t\n\n\n  c\n' },
  { ...plain, what: '"=" and ">" at the beginning of lines', text: '=3D\n>quoted\n' },
  {
    ...plain,
    what: '"From " at the beginning of a line',
    text: 'From here\n',
    differs: 'smtplib writes ">From", which was once needed in mailboxes',
  },
  { ...plain, what: 'text and HTML', html: '<p>hi</p>\n' },
  { what: 'HTML alone', from: plain.from, to: plain.to, subject: 'html', html: '<p>Grüße</p>\n' },
  { ...plain, what: 'a file', attach: [{ name: 'a.csv', type: 'text/csv', content: base64('a,b\n1,2\n') }] },
  {
    ...plain,
    what: 'all bytes',
    attach: [{ name: 'a.bin', type: 'application/octet-stream', content: base64(everyByte) }],
  },
  { ...plain, what: 'an empty file', attach: [{ name: 'empty.txt', type: 'application/octet-stream', content: '' }] },
  {
    ...plain,
    what: 'names of files with spaces, quotes and letters that are not ASCII',
    attach: ['a b.pdf', 'Größe "x".pdf', '報告書.pdf', `${'long-'.repeat(30)}.pdf`].map((name) => ({
      name,
      type: 'application/pdf',
      content: base64('%PDF'),
    })),
  },
  {
    ...plain,
    what: 'a picture in the HTML, and a file',
    html: '<img src="cid:logo@x">\n',
    inline: [{ name: 'logo.png', type: 'image/png', content: base64('\x89PNG'), cid: 'logo@x' }],
    attach: [{ name: 'a.zip', type: 'application/zip', content: base64('PK') }],
  },
  { ...plain, what: 'more headers', headers: { 'X-Run': '42', 'List-Id': '<ops.example.com>', 'X-Name': 'Grüße' } },
  {
    ...plain,
    what: 'a header that is long',
    headers: { 'X-Hosts': Array.from({ length: 40 }, (_, i) => `web${i}`).join(' ') },
  },
  { ...plain, what: 'where answers go', reply_to: ['Ops <ops@example.com>'] },
  { ...plain, what: 'Latin 1', charset: 'iso-8859-1', text: 'Grüße\n' },
  { ...plain, what: 'plain ASCII', charset: 'us-ascii', text: 'hello\n' },
];

describe('a message is what Python would send', () => {
  let server: MailServer;
  let theirs: Received[];
  let ours: Received[];
  let read: Record<'theirs' | 'ours', Record<string, unknown>>[];
  const dir = mkdtempSync(join(tmpdir(), 'play-mail-'));

  const sendOurs = async ({ what: _, differs: __, text: body, from, attach, inline, ...rest }: Given) => {
    for (const { name, content } of [...(attach ?? []), ...(inline ?? [])])
      writeFileSync(join(dir, name), Buffer.from(content, 'base64'));
    const files = (parts: Given['inline'] | Given['attach']) =>
      parts?.map(({ content: _, ...part }) => ({ ...part, src: part.name }));
    return mail.run(
      {
        ...rest,
        from: from[0]!,
        host: '127.0.0.1',
        port: server.port,
        ...(body !== undefined && { body }),
        ...(attach && { attach: files(attach)! }),
        ...(inline && { inline: files(inline)! }),
      },
      contextIn(dir),
    );
  };

  beforeAll(async () => {
    server = await startMailServer();
    await python('send', { port: server.port, messages });
    theirs = server.received.splice(0);
    for (const message of messages) expect((await sendOurs(message)).failed, message.what).toBeUndefined();
    ours = server.received;
    const raw = [...theirs, ...ours].map((each) => each.raw.toString('base64'));
    const all = JSON.parse(await python('read', raw));
    read = messages.map((_, i) => ({ theirs: all[i], ours: all[messages.length + i] }));
  }, 60_000);
  afterAll(async () => {
    rmSync(dir, { recursive: true });
    await server?.[Symbol.asyncDispose]();
  });

  test.each(messages.map(({ what, differs }, i) => [what, i, differs] as const))('%s', (_, i, differs) => {
    const [found, wanted] = [read[i]!.ours, read[i]!.theirs];
    const seen = ({ headers, has, body, defects, bare }: Record<string, unknown>) => ({
      headers,
      has,
      body,
      defects,
      bare,
    });
    // Python adds the date and the id only when it is told to.
    const same = expect(seen(found), 'mail (received) and Python (expected)');
    const all = { ...seen(wanted), has: ['date', 'message-id', 'mime-version'] };
    if (differs === undefined) same.toEqual(all);
    else same.not.toEqual(all);
    expect([ours[i]!.from, ours[i]!.to]).toEqual([theirs[i]!.from, theirs[i]!.to]);
    // RFC 5321 4.5.3.1.6: a line has at most 998 bytes; a server without 8BITMIME takes ASCII only.
    expect(found['longest']).toBeLessThanOrEqual(998);
    expect(found['ascii']).toBe(true);
  });
});

async function python(command: string, input: unknown): Promise<string> {
  const child = execFile('/usr/bin/python3', ['-B', join(import.meta.dirname, 'python_mail.py'), command]);
  child.stdin?.end(JSON.stringify(input));
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  if (err !== '') throw new Error(err);
  return out;
}
