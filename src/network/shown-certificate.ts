import { X509Certificate } from 'node:crypto';
import type { Fields } from '../model/value.ts';
import { certificateFields } from './certificate.ts';
import { NetworkError } from './network-error.ts';

/** The numbers of OpenSSL's x509_vfy.h that certificates of servers get, by the words that Node has for them. */
const verifyErrors: Record<string, string> = {
  2: 'UNABLE_TO_GET_ISSUER_CERT',
  9: 'CERT_NOT_YET_VALID',
  10: 'CERT_HAS_EXPIRED',
  18: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  19: 'SELF_SIGNED_CERT_IN_CHAIN',
  20: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  21: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  22: 'CERT_CHAIN_TOO_LONG',
  23: 'CERT_REVOKED',
  24: 'INVALID_CA',
  25: 'PATH_LENGTH_EXCEEDED',
  26: 'INVALID_PURPOSE',
  27: 'CERT_UNTRUSTED',
  28: 'CERT_REJECTED',
};

/** Reads what `openssl s_client -showcerts` has printed, with the list of `openssl ciphers -stdname` behind it. Throws NetworkError. */
export function readShownCertificate(text: string, serverName: string): Fields {
  const chain = (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => `${pem}\n`,
  );
  // The certificate of the server stands there once more, after those that were shown.
  const shown = chain.filter((pem, at) => chain.indexOf(pem) === at);
  const [, number = '', words = ''] = /Verify return code: (\d+) \((.*)\)/.exec(text) ?? [];
  const [, suite = ''] = /Cipher is (\S+)/.exec(text) ?? [];
  const version = /^\s*Protocol\s*: (\S+)/m.exec(text) ?? /^\w+, (\S+), Cipher is/m.exec(text);
  const standard = new RegExp(`^\\s*(TLS_\\S+)\\s+- ${suite.replace(/[^\w-]/g, '.')}\\s`, 'm').exec(text)?.[1];
  try {
    return {
      ...certificateFields(new X509Certificate(shown[0] ?? ''), serverName),
      verified: number === '0',
      verify_error: number === '0' ? '' : (verifyErrors[number] ?? words),
      tls_version: version?.[1] ?? '',
      cipher: standard ?? suite,
      unverified_chain: shown,
    };
  } catch {
    throw new NetworkError('the other side has shown no certificate that can be read');
  }
}
