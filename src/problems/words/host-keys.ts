import { words } from './entry.ts';

interface HostKey {
  host: string;
  endpoint: string;
  type: string;
  fingerprint: string;
}

/** Host keys that are not trusted, and files of them. Exit code 6: no credential was sent. */
export const hostKeyWords = {
  E_HOSTKEY_UNKNOWN: words<HostKey & { address: string; port: number; file: string }>({
    exit: 6,
    say: (f) => `${f.host}: the host key of ${f.endpoint} is not known: ${f.type} ${f.fingerprint}`,
    hint: (f) => {
      const port = f.port === 22 ? '' : `-p ${f.port} `;
      return (
        `compare it with the output of ssh-keygen -lf /etc/ssh/ssh_host_${f.type}_key.pub on the host, then trust it with: ` +
        `ssh-keyscan ${port}-t ${f.type} ${f.address} >> ${f.file} (or run play once with --accept-new)`
      );
    },
  }),
  E_HOSTKEY_CHANGED: words<HostKey & { old: { place: string; type: string; fingerprint: string }[] }>({
    exit: 6,
    say: (f) => {
      const old = f.old.map((entry) => `${entry.type} ${entry.fingerprint} (${entry.place})`).join(', ');
      return `${f.host}: THE HOST KEY OF ${f.endpoint} HAS CHANGED: it shows ${f.type} ${f.fingerprint}, on file is ${old}`;
    },
    hint: (f) =>
      `nothing was sent. Someone may be in between, or the host was installed anew. If you are sure, remove ${f.old.map((entry) => entry.place).join(', ')} (file:line) and run play again: it shows how to trust the new key`,
  }),
  E_HOSTKEY_REVOKED: words<HostKey & { place: string }>({
    exit: 6,
    say: (f) => `${f.host}: the host key of ${f.endpoint} is revoked (${f.place}): ${f.type} ${f.fingerprint}`,
    hint: () => 'nothing was sent. The key is known to be in wrong hands; the host needs a new one',
  }),
  E_HOSTKEY_AUTHORITY: words<HostKey & { place: string }>({
    exit: 6,
    say: (f) =>
      `${f.host}: ${f.endpoint} is trusted by host certificates only (${f.place}), and play cannot check those; it shows ${f.type} ${f.fingerprint}`,
    hint: () => 'add the plain host key to known_hosts beside the @cert-authority line',
  }),
  E_KNOWN_HOSTS: words<{ file: string; doing: 'read' | 'write'; detail: string }>({
    exit: 6,
    say: (f) => `the host keys in ${f.file} cannot be ${f.doing === 'read' ? 'read' : 'added to'}: ${f.detail}`,
    hint: (f) =>
      `without them no host can be trusted: make it a file that you may ${f.doing}, or name another one with --known-hosts`,
  }),
};
