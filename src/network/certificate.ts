import type { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Fields, Value } from '../model/value.ts';
import { NetworkError, reasonOf } from './network-error.ts';
import { tlsReason } from './tls-reason.ts';

/** Whose certificate is looked at, and how it is come by. */
export interface CertificateQuestion {
  /** As the task has it, for messages. */
  host: string;
  address: string;
  port: number;
  /** The name that is asked for; none for an address. */
  serverName: string;
  /** What certificates are believed on the word of, instead of the usual ones. */
  ca?: Uint8Array;
  starttls?: 'smtp' | 'imap' | 'pop3';
  /** Milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

/** Makes a TLS connection and tells what the other side showed, whether or not it is to be believed. Throws NetworkError. */
export async function lookAtCertificate(question: CertificateQuestion): Promise<Fields> {
  const { host, address, port, timeout, signal } = question;
  const socket = connect({ host: address, port });
  const place = `${host} port ${port}`;
  let timer: NodeJS.Timeout | undefined;
  let stopped = (): void => {};
  try {
    const ended = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new NetworkError(`${place}: no answer in ${timeout / 1000} s`)), timeout);
      socket.on('error', (error) => reject(new NetworkError(`${place}: ${reasonOf(error)}`)));
      stopped = () => reject(new NetworkError(`${place}: interrupted`));
      signal.addEventListener('abort', stopped, { once: true });
    });
    return await Promise.race([ended, overTls(socket, question)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stopped);
    socket.destroy();
  }
}

async function overTls(socket: Socket, question: CertificateQuestion): Promise<Fields> {
  const { host, port, serverName, ca, starttls } = question;
  if (starttls !== undefined) await upgrade(socket, starttls);
  const isName = isIP(serverName) === 0;
  const secure = tlsConnect({
    socket,
    rejectUnauthorized: false,
    ...(isName && { servername: serverName }),
    ...(ca && { ca: Buffer.from(ca) }),
  });
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', (error) =>
      reject(new NetworkError(`${host} port ${port} does not speak TLS: ${tlsReason(error.message)}`)),
    );
    secure.once('close', () => reject(new NetworkError(`${host} port ${port} closed the connection before TLS`)));
  });
  return told(secure, serverName);
}

function told(secure: TLSSocket, serverName: string): Fields {
  const shown = secure.getPeerX509Certificate();
  if (!shown) throw new NetworkError('the other side has shown no certificate');
  const error = secure.authorizationError as (Error & { code?: string }) | string | null;
  const chain: string[] = [];
  for (let at: X509Certificate | undefined = shown; at && !chain.includes(at.toString()); at = at.issuerCertificate)
    chain.push(at.toString());
  return {
    ...certificateFields(shown, serverName),
    verified: secure.authorized,
    verify_error:
      error === null || error === undefined ? '' : typeof error === 'string' ? error : (error.code ?? error.message),
    tls_version: secure.getProtocol() ?? '',
    cipher: secure.getCipher().standardName,
    unverified_chain: chain,
  };
}

/** What a certificate says of itself, and whether it is for this name. */
export function certificateFields(shown: X509Certificate, serverName: string): Fields {
  const until = new Date(shown.validTo);
  const isName = isIP(serverName) === 0;
  return {
    cert: shown.toString(),
    subject: nameOf(shown.subject),
    issuer: nameOf(shown.issuer ?? ''),
    serial_number: shown.serialNumber,
    not_before: asn1Time(new Date(shown.validFrom)),
    not_after: asn1Time(until),
    expired: until.getTime() < Date.now(),
    days_left: Math.floor((until.getTime() - Date.now()) / 86_400_000),
    subject_alt_name: alternatives(shown.subjectAltName),
    fingerprint_sha256: shown.fingerprint256,
    name_matches: (isName ? shown.checkHost(serverName) : shown.checkIP(serverName)) !== undefined,
  };
}

/** `CN=a\nO=b` as a mapping; a part that is there more than once is a list. */
function nameOf(text: string): Fields {
  const name: Fields = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at < 0) continue;
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    const before: Value | undefined = name[key];
    name[key] = before === undefined ? value : [before, value].flat();
  }
  return name;
}

/** `DNS:a, IP Address:b` as a list. */
const alternatives = (text: string | undefined): string[] =>
  (text ?? '')
    .split(', ')
    .filter((one) => one !== '')
    .map((one) => one.replace(/^IP Address:/, 'IP:'));

/** Seconds as ASN.1 writes them: `20300102030405Z`. */
const asn1Time = (time: Date): string => time.toISOString().replace(/[-:T]|\.\d+/g, '');

/** What is said in plain text before TLS (RFC 3207, RFC 2595). */
const dialogues = {
  smtp: [
    [/^220[ ](?:.*)\r?\n$/m, 'EHLO play\r\n'],
    [/^250 .*\r?\n$/m, 'STARTTLS\r\n'],
    [/^220 .*\r?\n$/m, ''],
  ],
  imap: [
    [/^\* (?:OK|PREAUTH).*\r?\n$/m, 'a STARTTLS\r\n'],
    [/^a OK.*\r?\n$/m, ''],
  ],
  pop3: [
    [/^\+OK.*\r?\n$/m, 'STLS\r\n'],
    [/^\+OK.*\r?\n$/m, ''],
  ],
} as const;

async function upgrade(socket: Socket, kind: keyof typeof dialogues): Promise<void> {
  for (const [expected, answer] of dialogues[kind]) {
    let said = '';
    while (!expected.test(said)) {
      const chunk = await new Promise<string>((resolve, reject) => {
        socket.once('data', (data) => resolve(data.toString('latin1')));
        socket.once('end', () => reject(new NetworkError('the connection was closed before STARTTLS')));
      });
      said += chunk;
      const refused = /^(?:[45]\d\d|-ERR|a (?:NO|BAD)).*/m.exec(said);
      if (refused) throw new NetworkError(`STARTTLS was refused: ${refused[0].trim()}`);
      if (said.length > 65_536) throw new NetworkError('that is no answer to STARTTLS');
    }
    if (answer !== '') socket.write(answer);
  }
}
