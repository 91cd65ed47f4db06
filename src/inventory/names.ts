import { isIPv6 as isAddress } from 'node:net';

/** What is wrong with a name, in words that follow "the host name …"; undefined = nothing. */
export type NameFault = string | undefined;

const hostCharacters = /^[A-Za-z0-9._:%@-]+$/;
const groupCharacters = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that would reach into a JavaScript object instead of naming something. */
const unusable = '__proto__';

/**
 * Checks text that names a machine or an account on it (host, address, user) against the allowlist `A-Z a-z 0-9 . _ : % @ -`.
 * A leading `-` is refused because other programs would read it as an option.
 */
export function remoteNameFault(name: string): NameFault {
  if (name === '') return 'is empty';
  if (name.startsWith('-')) return 'starts with "-"';
  if (name === unusable) return 'cannot be used as a name';
  if (hostCharacters.test(name)) return undefined;
  const bad = [...name].find((char) => !hostCharacters.test(char));
  return `holds ${describe(bad ?? '')}`;
}

/** Checks a group's name: letters, digits, `_`, `.` and `-`, because the rest has a meaning in host patterns. */
export function groupNameFault(name: string): NameFault {
  if (name === '') return 'is empty';
  if (name === unusable) return 'cannot be used as a name';
  if (groupCharacters.test(name)) return undefined;
  if (/^[.-]/.test(name)) return `starts with "${name[0]}"`;
  const bad = [...name].find((char) => !/[A-Za-z0-9_.-]/.test(char));
  return `holds ${describe(bad ?? '')}`;
}

/** Checks a variable's name, and gives the nearest good one. */
export function variableNameFault(name: string): { suggestion?: string } | undefined {
  if (variableName.test(name) && name !== unusable) return undefined;
  const suggestion = name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
  return variableName.test(suggestion) && suggestion !== unusable ? { suggestion } : {};
}

/** An IPv6 address has two colons at least; node:net takes 10 ms to tell, the first time. */
export function isIPv6(text: string): boolean {
  return /:.*:/.test(text) && isAddress(text);
}

function describe(char: string): string {
  if (char === ' ') return 'a space';
  if (char === '\n') return 'a line break';
  if (char === '\t') return 'a tab';
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0x20 || code >= 0x7f) return `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `the character ${char}`;
}
