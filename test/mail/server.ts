import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A message as a server got it. */
export interface Received {
  from: string;
  to: string[];
  raw: Buffer;
  /** Whether it came by TLS, and as whom the sender had logged in. */
  tls: boolean;
  user: string | undefined;
  ehlo: string;
}

/** A mail server on loopback that keeps what it gets. */
export interface MailServer {
  port: number;
  received: Received[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Files of a certificate for localhost and of the authority that has signed it. */
export interface Certificates {
  ca: string;
  cert: string;
  key: string;
  remove(): void;
}

/** Made by openssl for one test file. */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'play-mail-certs-'));
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server', ...names);
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl('x509', '-req', '-in', 'server.csr', ...by, '-out', 'server.pem', '-days', '2');
  const [ca, cert, own] = ['ca.pem', 'server.pem', 'server.key'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  return { ca, cert, key: own, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Refuses `refused@…` as a recipient, `bad@…` as a sender, and messages with REFUSE in them; the password is `pass word`. */
export async function startMailServer(
  options: { certificates?: Certificates; tls?: boolean; login?: boolean; mute?: boolean } = {},
): Promise<MailServer> {
  const { certificates, tls = false, login = false, mute = false } = options;
  const received: Received[] = [];
  const refuse = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });
  const server = new SMTPServer({
    secure: tls,
    ...(certificates && { cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) }),
    hideSTARTTLS: certificates === undefined,
    disabledCommands: [...(login ? [] : ['AUTH']), ...(certificates === undefined || tls ? ['STARTTLS'] : [])],
    authOptional: !login,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      if (!mute) done();
    },
    onAuth: (auth, _session, done) =>
      auth.username === 'ann' && (auth.password === 'pass word' || auth.accessToken === 'to.ken')
        ? done(null, { user: auth.username })
        : done(refuse(535, 'wrong name or password')),
    onMailFrom: ({ address }, _session, done) =>
      done(address.startsWith('bad@') ? refuse(550, 'no such sender') : null),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('refused@') ? refuse(550, 'no such user') : null),
    onData: (stream, session, done) => {
      void buffer(stream).then((raw) => {
        if (raw.includes('REFUSE')) return done(refuse(554, 'looks like spam'));
        const { envelope, secure, user, hostNameAppearsAs } = session;
        received.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          raw,
          tls: secure,
          user: user === undefined ? undefined : String(user),
          ehlo: String(hostNameAppearsAs),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
