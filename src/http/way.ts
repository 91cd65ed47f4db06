/** How servers are reached; files are those of the machine that sends. */
export interface Way {
  /** Milliseconds until there is a connection, name and handshake included. */
  connectTimeout: number;
  /** Milliseconds without a byte. */
  idleTimeout: number;
  /** Milliseconds for the whole, where whoever sends cannot be told to stop. */
  totalTimeout?: number;
  /** `false`: any certificate is taken. */
  verify: boolean;
  /** Certificates of authorities that are trusted instead of the usual ones, and a certificate of our own with its key: PEM files. */
  ca?: string;
  cert?: string;
  key?: string;
  /** A proxy, which may hold a user and a password. */
  proxy?: string;
  unixSocket?: string;
}

/** The proxy for a URL that the environment names: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, in small or capital letters, as curl reads them. */
export function proxyOf(url: URL, env: Record<string, string>): string | undefined {
  const value = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  const proxy = value(`${url.protocol.slice(0, -1)}_proxy`) ?? value('all_proxy');
  if (proxy === undefined) return undefined;
  const direct = (value('no_proxy') ?? '').split(',').map((each) => each.trim().replace(/^\*?\./, ''));
  const isDirect = direct.some(
    (each) =>
      each === '*' ||
      (each !== '' && (url.hostname === each || url.host === each || url.hostname.endsWith(`.${each}`))),
  );
  if (isDirect) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
