/** The ssh2 library, whole. */
export type Ssh2 = typeof import('ssh2');

/** Loads ssh2 (about 45 ms the first time); only called when a host is reached over SSH. */
export async function loadSsh2(): Promise<Ssh2> {
  return (await import('ssh2')).default;
}
