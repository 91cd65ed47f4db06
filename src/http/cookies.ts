import type { Header } from './message.ts';

interface Cookie {
  name: string;
  value: string;
  /** The host that set it, or the domain that it named. */
  domain: string;
  /** Not sent to hosts below the domain. */
  hostOnly: boolean;
  path: string;
  secure: boolean;
  /** Milliseconds since the epoch; undefined: as long as the jar lives. */
  expires: number | undefined;
}

/** The cookies of a session, as RFC 6265 keeps them. */
export interface Jar {
  /** Takes what an answer sets. */
  store(url: URL, headers: readonly Header[], now: number): void;
  /** Those for a URL, longest path first. */
  cookiesFor(url: URL, now: number): { name: string; value: string }[];
}

/** An empty jar. */
export function createJar(): Jar {
  const cookies = new Map<string, Cookie>();
  return {
    store(url, headers, now) {
      for (const [header, text] of headers) {
        if (header.toLowerCase() !== 'set-cookie') continue;
        const cookie = parse(text, url, now);
        if (!cookie) continue;
        const key = `${cookie.domain};${cookie.path};${cookie.name}`;
        if (cookie.expires !== undefined && cookie.expires <= now) cookies.delete(key);
        else cookies.set(key, cookie);
      }
    },
    cookiesFor: (url, now) =>
      [...cookies.values()]
        .filter(
          (cookie) =>
            (cookie.expires === undefined || cookie.expires > now) &&
            (!cookie.secure || url.protocol === 'https:') &&
            (url.hostname === cookie.domain || (!cookie.hostOnly && isBelow(url.hostname, cookie.domain))) &&
            isUnder(url.pathname, cookie.path),
        )
        .sort((a, b) => b.path.length - a.path.length)
        .map(({ name, value }) => ({ name, value })),
  };
}

/** RFC 6265, section 5.2 and 5.3. A domain without a dot, or that is not above the host, is refused. */
function parse(text: string, url: URL, now: number): Cookie | undefined {
  const [pair = '', ...attributes] = text.split(';');
  const cut = pair.indexOf('=');
  const name = pair.slice(0, cut).trim();
  if (cut < 1 || name === '') return undefined;
  const cookie: Cookie = {
    name,
    value: pair.slice(cut + 1).trim(),
    domain: url.hostname,
    hostOnly: true,
    path: defaultPath(url),
    secure: false,
    expires: undefined,
  };
  let maxAge: number | undefined;
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    const value = at < 0 ? '' : attribute.slice(at + 1).trim();
    if (key === 'secure') cookie.secure = true;
    else if (key === 'path' && value.startsWith('/')) cookie.path = value;
    else if (key === 'max-age' && /^-?\d+$/.test(value)) maxAge = now + Number(value) * 1000;
    else if (key === 'expires' && !Number.isNaN(Date.parse(value))) cookie.expires = Date.parse(value);
    else if (key === 'domain' && value !== '') {
      const domain = value.replace(/^\./, '').toLowerCase();
      if (domain === url.hostname) cookie.hostOnly = false;
      else if (!domain.includes('.') || !isBelow(url.hostname, domain)) return undefined;
      else Object.assign(cookie, { domain, hostOnly: false });
    }
  }
  if (maxAge !== undefined) cookie.expires = maxAge;
  return cookie;
}

/** Section 5.1.3: addresses have nothing below them. */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host);
}

/** Section 5.1.4. */
function defaultPath(url: URL): string {
  const end = url.pathname.lastIndexOf('/');
  return end <= 0 ? '/' : url.pathname.slice(0, end);
}

function isUnder(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith('/') ? parent : `${parent}/`);
}
