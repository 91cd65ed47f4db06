/** What another machine, or the rules of who may be asked, did not allow; the message is for the author of the task. */
export class NetworkError extends Error {}

/** The words for the codes of the system that people know it by. */
const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (refused)',
  ECONNRESET: 'the other side has cut the connection',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name cannot be looked up now',
  EADDRINUSE: 'something listens there already',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'this user may not',
  ENOENT: 'it is not there',
};

/** An error of the system in plain words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && words[code]) || message || String(code ?? error);
}
