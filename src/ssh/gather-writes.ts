import type { Duplex } from 'node:stream';

/**
 * Lets what is written in one turn leave in one piece. ssh2 writes a packet of AES-GCM as three (length, body, tag), and with Nagle's
 * algorithm off each would be a system call here, a segment on the wire and a wake-up of sshd.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let gathering = false;
  const send = (): void => {
    gathering = false;
    stream.uncork();
  };
  stream.write = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      queueMicrotask(send);
    }
    return write(...args);
  };
}
