/** One mailbox: `Ann <ann@example.com>` or the address alone. */
export interface Address {
  /** What people read; empty when only the address is given. */
  name: string;
  address: string;
}

/** What RFC 5322 (3.2.3) allows before the `@` without quotes, and letters of other scripts (RFC 6531). */
const LOCAL =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+)*$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;
const LITERAL = /^\[(?:[0-9.]+|IPv6:[0-9A-Fa-f:.]+)\]$/;

/** One address of a list: never two, and nothing that would become another line of the message. A text says what is wrong with it, after "it". */
export function readAddress(text: string): Address | string {
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text)) return 'holds a control character or a line break';
  const trimmed = text.trim();
  const [, quoted, plain = '', angled] = /^(?:"((?:[^"\\]|\\.)*)"\s*|([^"<>]*))<([^<>]*)>$/.exec(trimmed) ?? [];
  const address = angled ?? trimmed;
  const fault = addressFault(address);
  if (fault !== undefined) return fault;
  const name = quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1');
  if (quoted === undefined && /[,;]/.test(name)) return 'has a "," or ";" in the name, which needs "quotes"';
  return { name, address };
}

/** What is wrong with an address, in words after "it"; undefined: nothing. */
function addressFault(address: string): string | undefined {
  if (/[,;]/.test(address))
    return 'has a "," or ";": each address is an entry of its own: [a@example.com, b@example.com]';
  const at = address.lastIndexOf('@');
  if (at < 0) return 'has no "@": write name@example.com or "Name <name@example.com>"';
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (local.includes('@')) return 'has more than one "@"';
  if (/\s/.test(address)) return 'has a space in it: write name@example.com or "Name <name@example.com>"';
  if (!LOCAL.test(local)) return `cannot have "${local}" before the "@"`;
  if (Buffer.byteLength(local) > 64) return 'has more than 64 bytes before the "@"';
  if (!isDomain(domain)) return `cannot have "${domain}" after the "@"`;
  return undefined;
}

function isDomain(domain: string): boolean {
  if (LITERAL.test(domain)) return true;
  return (
    Buffer.byteLength(domain) <= 255 && domain.split('.').every((label) => label.length <= 63 && LABEL.test(label))
  );
}

/** As it is shown to people. */
export function shownAddress({ name, address }: Address): string {
  if (name === '') return address;
  return `${/^[\p{L}\p{N} ._'-]*$/u.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${address}>`;
}
