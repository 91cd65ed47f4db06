import { type Static, Type } from 'typebox';
import type { BothContext, BothModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { allow, allowedIn, answered, from, ownAddress, portNumber, secondsOf } from '../shared/asked-machines.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    host: Type.Optional(text('Who shows its certificate: a name or an address; the task’s host when not said.')),
    port: portNumber('The port: `443` for https.'),
    server_name: Type.Optional(
      text('The name that is asked for (SNI) and that the certificate is compared with; `host` when not said.'),
    ),
    ca_cert: Type.Optional(
      text('A file with the certificates that are believed, instead of the usual ones; it is of whoever asks.'),
    ),
    starttls: Type.Optional(choice(['smtp', 'imap', 'pop3'], 'What is spoken before TLS; TLS at once when not said.')),
    timeout: Type.Optional(secondsOf('Seconds until the task fails; 10 when not said.')),
    from: from('with its openssl: then the host is `localhost` when not said'),
    allow,
  },
  { additionalProperties: false },
);

/** Whether a certificate is to be believed is told, and no failure. */
export const getCertificate = {
  name: 'get_certificate',
  on: 'both',
  summary: 'It is known which certificate a server shows, until when it holds and whether it is to be believed.',
  params,
  result: {
    subject: 'Whose it is, by the parts of the name: `CN`, `O` and others.',
    issuer: 'Who says so, by the parts of the name.',
    subject_alt_name: 'For which names and addresses it is: `DNS:www.example.com`, `IP:192.0.2.7`.',
    not_before: 'From when it holds: `20300102030405Z`.',
    not_after: 'Until when it holds.',
    expired: 'Whether that is over.',
    days_left: 'Whole days until then; negative once it is over.',
    serial_number: 'In hexadecimal digits.',
    fingerprint_sha256: 'Of the certificate.',
    verified: 'Whether whoever asks believes it, the name aside.',
    verify_error: 'Why not: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT` …; empty when it does.',
    name_matches: 'Whether it is for the name that was asked for.',
    tls_version: 'Which TLS is spoken: `TLSv1.3`.',
    cipher: 'What the connection is encrypted with.',
    cert: 'The certificate as PEM.',
    unverified_chain: 'It and those above it that were shown or are known, as PEM.',
  },
  examples: [
    { get_certificate: { port: 443 }, register: 'cert' },
    {
      get_certificate: { host: 'db1', port: 5671, from: 'target', ca_cert: '/etc/ssl/internal.pem' },
      register: 'inside',
    },
    { get_certificate: { host: 'mail1', port: 587, starttls: 'smtp' }, register: 'mail' },
    {
      get_certificate: { host: 'www.example.com', port: 443, allow: ['www.example.com'] },
      register: 'www',
      failed_when: 'www.days_left < 14',
    },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'host',
  reads: { ca_cert: 'files' },
  readsUnless: 'from',
  run: (params, context) =>
    answered(async () => {
      const host = params.host ?? (params.from === 'target' ? 'localhost' : ownAddress(context));
      const fields = await (params.from === 'target' ? fromHost : fromHere)({ ...params, host }, context);
      const { subject, days_left: days, verified } = fields;
      const name = (subject as { CN?: string }).CN ?? host;
      const said = `${name}: ${days} days left${verified ? '' : `, not to be believed: ${fields['verify_error']}`}`;
      return { changed: false, fields, message: said };
    }),
} satisfies BothModule<typeof params>;

type Asked = Static<typeof params> & { host: string };

async function fromHere(params: Asked, context: BothContext): Promise<Fields> {
  const { host, port, server_name: serverName = host, starttls, timeout = 10 } = params;
  const { addressesOf } = await import('../../network/allow.ts');
  const { lookAtCertificate } = await import('../../network/certificate.ts');
  const [address = host] = await addressesOf(host, await allowedIn(context, params.allow));
  return lookAtCertificate({
    host,
    address,
    port,
    serverName,
    ...(starttls && { starttls }),
    ...(params.ca_cert !== undefined && { ca: await context.readFile(params.ca_cert, 'files') }),
    timeout: timeout * 1000,
    signal: context.signal,
  });
}

async function fromHost(params: Asked, context: BothContext): Promise<Fields> {
  const { host, port, server_name: serverName = host, starttls, ca_cert: ca, timeout = 10 } = params;
  const { addressFromHost } = await import('../../network/allow.ts');
  const { readShownCertificate } = await import('../../network/shown-certificate.ts');
  const { shownOnHost, tlsOptions } = await import('../shared/host-tls.ts');
  const address = await addressFromHost(host, await allowedIn(context, params.allow));
  const module = 'get_certificate';
  const options = tlsOptions({ module, address, port, serverName, verify: false, ca, starttls });
  return readShownCertificate(
    await shownOnHost({ name: `${host} port ${port}`, options, timeout }, context),
    serverName,
  );
}
