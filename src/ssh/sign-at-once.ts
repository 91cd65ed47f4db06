import type { Client } from 'ssh2';

/** What ssh2 1.17 has inside: the sender of login attempts, and what it does when a server would take a key. */
interface Inside {
  _protocol?: {
    authPK?(user: string, key: unknown, algorithm: string, sign?: unknown): void;
    _handlers?: { USERAUTH_PK_OK?(protocol: unknown): void };
  };
}

/**
 * Sends a private key's signature with the first attempt, as RFC 4252 section 7 allows, instead of asking first whether the server would
 * take the key: that saves a round trip of every login. Keys of an agent are still asked for first, since each signature may
 * have to be confirmed by a person. ssh2 has no option for it; where it looks different inside, it goes on asking.
 */
export function signAtOnce(client: Client): void {
  const protocol = (client as Client & Inside)._protocol;
  const send = protocol?.authPK;
  const accepted = protocol?._handlers?.USERAUTH_PK_OK;
  if (!protocol || !send || !accepted) return;
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign === undefined && isPrivate(key)) accepted(protocol);
    else send.call(protocol, user, key, algorithm, sign);
  };
}

function isPrivate(key: unknown): boolean {
  return (key as { isPrivateKey?(): boolean } | undefined)?.isPrivateKey?.() === true;
}
