import type { Client } from 'ssh2';

/** What ssh2 1.17 has inside: the sender of login attempts, and what it does with messages of the server. */
interface Inside {
  _protocol?: {
    authPK?(user: string, key: unknown, algorithm: string, sign?: unknown): void;
    _handlers?: {
      USERAUTH_PK_OK?(protocol: unknown): void;
      GLOBAL_REQUEST?(protocol: unknown, name: string, wantReply: boolean, data: unknown): void;
    };
  };
}

/**
 * Spares each login two things that ssh2 does and has no option for; where it looks different inside, it goes on doing them.
 *
 * A private key's signature is sent with the first attempt, as RFC 4252 section 7 allows, instead of asking first whether the server would
 * take the key: one round trip less. Keys of an agent are still asked for first, since each signature may have to be confirmed by a person.
 *
 * The other host keys that OpenSSH tells of after the login (hostkeys-00@openssh.com) are not made to prove themselves: nothing here would
 * learn them, and the proof costs both sides a signature a connection.
 */
export function leanLogin(client: Client): void {
  const protocol = (client as Client & Inside)._protocol;
  const handlers = protocol?._handlers;
  const send = protocol?.authPK;
  const accepted = handlers?.USERAUTH_PK_OK;
  const requested = handlers?.GLOBAL_REQUEST;
  if (!protocol || !handlers || !send || !accepted || !requested) return;
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign === undefined && isPrivate(key)) accepted(protocol);
    else send.call(protocol, user, key, algorithm, sign);
  };
  handlers.GLOBAL_REQUEST = (from, name, wantReply, data) => {
    if (name === 'hostkeys-00@openssh.com' && !wantReply) return;
    requested(from, name, wantReply, data);
  };
}

function isPrivate(key: unknown): boolean {
  return (key as { isPrivateKey?(): boolean } | undefined)?.isPrivateKey?.() === true;
}
