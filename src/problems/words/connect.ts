import { words } from './entry.ts';

/** The steps of connecting, as in ssh/clock.ts. */
type Phase = 'dns' | 'tcp' | 'forward' | 'banner' | 'kex' | 'auth' | 'channel';

const phases: Record<Phase, string> = {
  dns: 'while looking up the name',
  tcp: 'while opening the TCP connection',
  forward: 'while the jump host opened the way on',
  banner: 'while waiting for the SSH greeting',
  kex: 'during the key exchange',
  auth: 'during the login',
  channel: 'while opening a channel',
};

const timeoutAdvice: Record<Phase, string> = {
  dns: 'check the name servers of this machine, or set ansible_host to an address',
  tcp: 'the host is down or a firewall drops the packets: check the address and the port',
  forward: 'check that the jump host can reach the address',
  banner: 'something takes connections there and says nothing: is it an SSH server, and is it overloaded?',
  kex: 'the line is very slow or loses large packets (check the MTU), or the server is overloaded',
  auth: 'the login takes too long there (PAM, DNS look-ups by sshd), or an agent waits for a touch',
  channel: 'the server is overloaded, or its login shell hangs',
};

type KeyFault =
  | { kind: 'missing' | 'encrypted' | 'wrong-passphrase' | 'public' }
  | { kind: 'open'; mode: string }
  | { kind: 'format' | 'unreadable'; detail: string };

function keyFaultText(fault: KeyFault): string {
  switch (fault.kind) {
    case 'missing':
      return 'does not exist';
    case 'encrypted':
      return 'needs a passphrase';
    case 'wrong-passphrase':
      return 'does not open with this passphrase';
    case 'public':
      return 'is a public key';
    case 'open':
      return `can be read by others (mode ${fault.mode})`;
    case 'format':
      return `is not a private key that play can read (${fault.detail})`;
    case 'unreadable':
      return `cannot be read (${fault.detail})`;
  }
}

function keyFaultAdvice(path: string, fault: KeyFault): string | undefined {
  switch (fault.kind) {
    case 'missing':
      return 'check ansible_ssh_private_key_file, or IdentityFile in ssh_config';
    case 'encrypted':
      return `load it into an agent (ssh-add ${path}), or run play on a terminal to be asked`;
    case 'wrong-passphrase':
      return `try it with: ssh-keygen -y -f ${path}`;
    case 'public':
      return `use the private half: ${path.replace(/\.pub$/, '')}`;
    case 'open':
      return `chmod 600 ${path}`;
    case 'format':
      return 'keys of OpenSSH, PEM and PuTTY work; convert others with: ssh-keygen -p -f FILE';
    case 'unreadable':
      return undefined;
  }
}

/** Faults on the way to a host. Exit codes: 4 unreachable, 5 lost, 6 host key, 7 login. */
export const connectWords = {
  E_DNS: words<{ host: string; name: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: the name ${f.name} cannot be looked up: ${f.detail}`,
    hint: () => 'check the spelling, or set ansible_host to an address',
  }),
  E_CONNECT_REFUSED: words<{ host: string; endpoint: string }>({
    exit: 4,
    say: (f) => `${f.host}: nothing listens on ${f.endpoint} (connection refused)`,
    hint: () => 'check that sshd runs there, and the port (ansible_port)',
  }),
  E_CONNECT_UNREACHABLE: words<{ host: string; endpoint: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.endpoint} cannot be reached: ${f.detail}`,
    hint: () => 'check the address and the network of this machine',
  }),
  E_CONNECT_TIMEOUT: words<{ host: string; endpoint: string; phase: Phase; seconds: number }>({
    exit: 4,
    say: (f) =>
      `${f.host}: no answer from ${f.endpoint} within ${Number(f.seconds.toFixed(1))} s ${phases[f.phase]} (phase ${f.phase})`,
    hint: (f) => timeoutAdvice[f.phase],
  }),
  E_CONNECT_DROPPED: words<{ host: string; endpoint: string; phase: Phase; said: string }>({
    exit: 4,
    say: (f) =>
      `${f.host}: ${f.endpoint} closed the connection ${phases[f.phase]}${f.said === '' ? '' : `; it said: ${f.said}`}`,
    hint: (f) => {
      if (f.said.includes('Not allowed'))
        return 'sshd shuts this address out after failed logins (PerSourcePenalties): wait some minutes, and correct the login that failed';
      if (f.phase === 'banner')
        return 'sshd may have too many logins at once (raise MaxStartups there), or a filter refuses this address';
      return 'the log of sshd on the host says why';
    },
  }),
  E_CONNECT_CANCELLED: words<{ host: string }>({
    exit: 130,
    say: (f) => `${f.host}: connecting was cancelled`,
  }),
  E_NOT_SSH: words<{ host: string; endpoint: string; said: string }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.endpoint} is not an SSH server, it said: ${f.said}`,
    hint: () => 'check the port (ansible_port)',
  }),
  E_NO_COMMON_ALGORITHM: words<{ host: string; endpoint: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.endpoint} and play have no algorithm in common (${f.detail})`,
    hint: () => 'the server is too old or too strict: play offers nothing that rests on SHA-1',
  }),
  E_CORRUPTED: words<{ host: string; endpoint: string; phase: Phase }>({
    exit: 4,
    say: (f) => `${f.host}: data from ${f.endpoint} was corrupted on the wire ${phases[f.phase]}`,
    hint: () => 'a checksum or a signature was wrong: a broken network device, or someone in between',
  }),
  E_AUTH_FAILED: words<{
    host: string;
    endpoint: string;
    user: string;
    tried: string[];
    offered: string[];
    detail?: string;
  }>({
    exit: 7,
    say: (f) => {
      const tried = f.tried.length === 0 ? 'there was nothing to log in with' : `tried: ${f.tried.join(', ')}`;
      const offered = f.offered.length === 0 ? '' : `; the server takes: ${f.offered.join(', ')}`;
      const detail = f.detail === undefined ? '' : `; ${f.detail}`;
      return `${f.host}: ${f.endpoint} does not let ${f.user} in (${tried}${offered}${detail})`;
    },
    hint: (f) => {
      if (f.tried.length === 0)
        return 'give a key (ansible_ssh_private_key_file), load one into ssh-agent, or set ansible_password';
      const key = `that the key stands in ~${f.user}/.ssh/authorized_keys on the host`;
      if (!f.tried.includes('password')) return `check the user (ansible_user), and ${key}`;
      const password = 'the password, which was sent once so that no account gets locked';
      return f.tried.some((way) => way.startsWith('key ') || way.startsWith('agent'))
        ? `check the user (ansible_user), ${password}, and ${key}`
        : `check the user (ansible_user) and ${password}`;
    },
  }),
  E_AGENT: words<{ host: string; detail: string }>({
    exit: 7,
    say: (f) => `${f.host}: the ssh-agent cannot be used (${f.detail}), and there is nothing else to log in with`,
    hint: () => 'check SSH_AUTH_SOCK with ssh-add -l, or give a key (ansible_ssh_private_key_file)',
  }),
  E_KEY_FILE: words<{ host: string; path: string; fault: KeyFault }>({
    exit: 7,
    say: (f) => `${f.host}: the key file ${f.path} ${keyFaultText(f.fault)}`,
    hint: (f) => keyFaultAdvice(f.path, f.fault),
  }),
  E_SSH_CONFIG: words<{ file: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.file} is no valid ssh_config: ${f.detail}`,
  }),
  E_JUMP_SPEC: words<{ host: string; jump: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.host}: the jump host "${f.jump}" cannot be used: ${f.detail}`,
    hint: () => 'ProxyJump is a list of [user@]host[:port], separated by commas',
  }),
  E_JUMP_FORWARD: words<{ host: string; jump: string; endpoint: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.jump} cannot open the way to ${f.endpoint}: ${f.detail}`,
    hint: () => 'check that the jump host can reach it and allows forwarding (AllowTcpForwarding, PermitOpen)',
  }),
  E_CHANNEL: words<{ host: string; fault: 'full' | 'refused' | 'silent'; detail?: string; seconds?: number }>({
    exit: 4,
    say: (f) => {
      if (f.fault === 'silent')
        return `${f.host}: the server did not start a command within ${f.seconds} s (phase channel)`;
      const what = f.fault === 'full' ? 'allows no more sessions on this connection' : 'refused to run a command';
      return `${f.host}: the server ${what}${f.detail === undefined ? '' : ` (${f.detail})`}`;
    },
    hint: (f) => {
      if (f.fault === 'full') return 'sshd counts sessions per connection: raise MaxSessions';
      return f.fault === 'silent' ? timeoutAdvice.channel : 'check ForceCommand and the login shell of the user';
    },
  }),
  E_LOGIN_SHELL: words<
    { host: string; shell: string; said: string } & (
      | { fault: 'ended'; status: number }
      | { fault: 'silent'; seconds: number }
    )
  >({
    exit: 4,
    say: (f) => {
      const said = f.said === '' ? '' : `; it said: ${f.said}`;
      return f.fault === 'silent'
        ? `${f.host}: the login shell did not start ${f.shell} within ${f.seconds} s (phase login shell)${said}`
        : `${f.host}: the login shell ended with status ${f.status} before it started ${f.shell}${said}`;
    },
    hint: (f) =>
      f.fault === 'silent'
        ? 'nothing was run. A startup file of the shell (.profile, .bashrc, config.fish …) waits for something: log in with ssh and see'
        : 'nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens',
  }),
  E_CONNECTION_LOST: words<{ host: string; reason: string }>({
    exit: 5,
    say: (f) => `${f.host}: the connection was lost: ${f.reason}`,
    hint: () => 'check the network and the log of sshd on the host; what it was doing then is not known',
  }),
  E_LOCAL_START: words<{ host: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: a shell cannot be started on this machine: ${f.detail}`,
  }),
};
