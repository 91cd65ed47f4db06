import type { NodemailerError } from 'nodemailer';
import { composed, type Message } from './message.ts';

/**
 * How the connection is protected: `always` by TLS from the start, `starttls` by an upgrade that must succeed, `try` by one where the server
 * offers it (and by TLS from the start on port 465), `never` not at all.
 */
export type Secure = 'always' | 'starttls' | 'try' | 'never';

/** The server that takes a message, and how it is spoken to. */
export interface Server {
  host: string;
  /** 25, or 465 with `secure: always`, when not said. */
  port?: number;
  username?: string;
  password?: string;
  /** An OAuth 2 access token, which stands for the password (XOAUTH2). */
  token?: string;
  secure: Secure;
  /** Certificates (PEM) that are trusted instead of those of the system. */
  ca?: string;
  /** `false`: any certificate will do. */
  verify: boolean;
  /** Seconds that the server may take to answer. */
  timeout: number;
  /** What this machine calls itself. */
  ehlo?: string;
}

/** What the server said. */
export interface Sent {
  response: string;
  accepted: string[];
  /** Recipients that it refused, with its code and words; at least one was accepted. */
  refused: Record<string, [code: number, words: string]>;
}

/** Why a message was not sent, in words for people. */
export class MailFault extends Error {}

/** Hands a message to a server. Throws MailFault when it could not be sent to anyone. */
export async function send(message: Message, server: Server, signal?: AbortSignal): Promise<Sent> {
  const { createTransport } = await import('nodemailer');
  const { host, username, password, token } = server;
  const port = portOf(server);
  const isTls = server.secure === 'always' || (server.secure === 'try' && port === 465);
  const timeout = server.timeout * 1000;
  const transport = createTransport({
    host,
    port,
    secure: isTls,
    ignoreTLS: server.secure === 'never',
    // A password or a token never goes over a line that others can read, unless it is said that it may.
    requireTLS:
      server.secure === 'starttls' || (server.secure === 'try' && (password ?? token) !== undefined && !isHere(host)),
    ...(username !== undefined && {
      auth:
        token === undefined
          ? { user: username, pass: password ?? '' }
          : { type: 'OAuth2', user: username, accessToken: token },
    }),
    tls: { rejectUnauthorized: server.verify, ...(server.ca !== undefined && { ca: server.ca }) },
    ...(server.ehlo !== undefined && { name: server.ehlo }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({ ...composed(message), ...(signal && { signal }) });
    const refused = Object.fromEntries(
      (sent.rejectedErrors ?? []).map((one: NodemailerError) => [
        one.recipient ?? '?',
        [one.responseCode ?? 0, one.response ?? one.message] as [number, string],
      ]),
    );
    return { response: sent.response ?? '', accepted: sent.accepted ?? [], refused };
  } catch (error) {
    throw new MailFault(`${host}:${port}: ${reason(error as NodemailerError, server)}`);
  } finally {
    transport.close();
  }
}

/** The port that is spoken to. */
export function portOf({ port, secure }: Pick<Server, 'port' | 'secure'>): number {
  return port ?? (secure === 'always' ? 465 : 25);
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

const UNTRUSTED = /self[- ]signed|unable to (?:verify|get)|certificate|altnames/i;

/** What went wrong and what to do about it. nodemailer names the phase by a code. */
function reason(error: NodemailerError, { timeout, secure, verify }: Server): string {
  const { code, response } = error;
  const words = String(error.message).replace(/\s+/g, ' ');
  if (UNTRUSTED.test(words) && verify && code !== 'EAUTH' && response === undefined)
    return `the certificate is not trusted: ${words.replace(/^Error initiating TLS - /, '')}; give "ca" with the certificates to trust, or "verify: false"`;
  if (/wrong version number/.test(words))
    return 'it does not speak TLS from the start; "secure: starttls" is for such servers';
  if (code === 'EAUTH') return `it refuses the login: ${response ?? words}`;
  if (/STARTTLS/i.test(words) && secure !== 'never')
    return `it offers no STARTTLS (${response ?? words}); a password is sent unprotected only with "secure: never"`;
  if (code === 'ETIMEDOUT' || /timeout|timed out/i.test(words)) return `no answer within ${timeout} s`;
  if (/ECONNREFUSED/.test(words)) return 'nothing listens there';
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(words)) return 'the name is not known';
  if (code === 'EENVELOPE')
    return `it refuses ${/recipient/i.test(words) ? 'all recipients' : 'the sender'}: ${response ?? words}`;
  if (code === 'EMESSAGE') return `it refuses the message: ${response ?? words}`;
  return response ?? words;
}
