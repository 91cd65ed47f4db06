import { posix } from 'node:path';
import type { FileAttributes, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { attributeShellWords } from './written-attributes.ts';

/** What to fetch, and how a server is asked for it. */
export interface Download {
  url: string;
  dest: string;
  attributes: FileAttributes;
  /** `sha256` and the like, and the digest in hex. */
  checksum?: { algorithm: string; digest: string };
  headers: readonly [name: string, value: string][];
  user?: { name: string; password: string };
  /** Seconds for the connection, and without a byte. */
  timeout: number;
  validateCerts: boolean;
  backup: boolean;
}

/** Said, with this status, by a host that has no program to download with. */
export const noTool = 69;

/**
 * Downloads beside the file, into one that is there already (the system says better than curl why it cannot be), checks it and only then
 * puts it in its place. curl is asked first: it goes on where a connection broke, and reads headers and passwords from its standard input,
 * written by a builtin of the shell; wget would show them to every user of the host.
 */
export function download(work: Download): Sh {
  const { url, dest, timeout, checksum, attributes, validateCerts, backup } = work;
  const isPlain = work.headers.length === 0 && work.user === undefined;
  const curl = sh`play_out ${`${config(work)}\n`} | curl -fsSL --retry 3 --retry-delay 1 -C - --connect-timeout ${timeout} --speed-limit 1 --speed-time ${timeout} -K - -o "$play_url_t" -- ${url}`;
  const fetch = sh`${raw(validateCerts ? '' : '--no-check-certificate ')}-O "$play_url_t" -- ${url}`;
  // The one of busybox in Debian 12 dies of SIGSEGV when it is given a time.
  const wget = sh`{ wget -q -T ${timeout} ${fetch} || { [ $? -gt 128 ] && wget -q ${fetch}; }; }`;
  const words = attributeShellWords(attributes);
  const beside = posix.dirname(dest);
  return sh`play_url_d=${dest} play_url_t=${posix.join(beside, '.play-url-')}$play_K
if [ -d "$play_url_d" ]; then echo "$play_url_d is a directory; end dest with / to keep the name of the file" >&2; false
else
if ! (rm -f -- "$play_url_t" && umask 077 && set -C && true >"$play_url_t"); then false
elif command -v curl >/dev/null 2>&1; then ${curl} || { play_url_z=$?; [ $play_url_z != 23 ] || echo ${`no room to write in ${beside}?`} >&2; (exit $play_url_z); }
elif ${raw(isPlain ? 'command -v wget >/dev/null 2>&1' : 'false')}; then ${wget}
else echo 'neither curl nor wget is there' >&2; (exit ${noTool}); fi &&
${checksum === undefined ? raw(':') : verify(checksum)} &&
if [ -e "$play_url_d" ] && cmp -s -- "$play_url_t" "$play_url_d"; then
rm -f -- "$play_url_t" && play_attr "$play_url_d" ${words} && echo same
else
${raw(backup ? 'play_backup "$play_url_d" &&\n' : '')}{ play_staged=1 play_temp=$play_url_t play_rest=
play_put "$play_url_d" ${words}; play_url_z=$?; play_staged= play_temp=; (exit $play_url_z); }
fi || { play_url_z=$?; rm -f -- "$play_url_t"; (exit $play_url_z); }
fi`;
}

/** The options of curl that nobody else may see. */
function config({ headers, user, validateCerts }: Download): string {
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [
    ...headers.map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
    ...(user ? [`user = ${quoted(`${user.name}:${user.password}`)}`] : []),
    ...(validateCerts ? [] : ['insecure']),
  ].join('\n');
}

/** Fails, with both sums, when the file that came is another one. */
function verify({ algorithm, digest }: NonNullable<Download['checksum']>): Sh {
  return sh`{ play_url_s=$(${digestOf(algorithm, raw('"$play_url_t"'))}) && if [ "$play_url_s" != ${digest} ]; then echo ${`the checksum is another one: ${algorithm}`} "$play_url_s" >&2; false; fi; }`;
}

/** Prints the digest of a file; status 1 and nothing when it cannot be read. */
export function digestOf(algorithm: string, path: Sh): Sh {
  const steps = [
    sh`if command -v ${`${algorithm}sum`} >/dev/null 2>&1; then ${`${algorithm}sum`} <${path}; else openssl dgst ${`-${algorithm}`} -r <${path}; fi`,
  ];
  return sh`${joinSh(steps)} | { read -r play_url_h play_url_r && printf '%s\\n' "$play_url_h"; }`;
}
