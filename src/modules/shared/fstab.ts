import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { awkOver, rewrite } from './config-file.ts';

/** One entry of fstab(5), its texts as they are meant, not as they are written. */
export interface FstabEntry {
  src: string;
  /** `none` for swap. */
  path: string;
  fstype: string;
  opts: string;
  dump: number;
  passno: number;
}

/** The entry as its line has it. */
export function fstabLine({ src, path, fstype, opts, dump, passno }: FstabEntry): string {
  const words = [fstabWord(src).replace(/^#/, '\\043'), fstabWord(path), fstabWord(fstype), fstabWord(opts)];
  return `${words.join(' ')} ${dump} ${passno}`;
}

/** Blanks part the fields, so they are written as octal numbers, and so is the backslash (fstab(5), getmntent(3)). */
function fstabWord(text: string): string {
  return text.replaceAll(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** Which entry is meant: that of a path; swap has none, so there it is that of a source. */
export interface FstabKey {
  path: string;
  src?: string;
}

/** Prints `fstab LINE` for each entry, in one form whatever the blanks and with what is left out, or `fstab none`. */
export function fstabProbe(file: string, key: FstabKey): Sh {
  return awkOver(
    file,
    `${ours}ours() { print "fstab " $1 " " ($3 == "swap" ? "none" : bare($2)) " " $3 " " ($4 == "" ? "defaults" : $4) " " ($5 == "" ? 0 : $5) " " ($6 == "" ? 0 : $6); n++ }
END { if (!n) print "fstab none" }`,
    keyValues(key),
  );
}

/** Prints source and type of the first entry, as the line has them; nothing when there is none. */
export function fstabSource(file: string, key: FstabKey): Sh {
  return awkOver(file, `${ours}ours() && !n++ { print $1 " " $3 }`, keyValues(key));
}

/** Puts the line in the place of the first entry, and takes the others out; without a line all of them. */
export function fstabWrite(
  file: string,
  key: FstabKey,
  { line = '', backup = false }: { line?: string; backup?: boolean },
): Sh {
  const program = `${ours}function put() { if (!done && ENVIRON["play_l"] != "") print ENVIRON["play_l"]; done = 1 }
ours() { put(); next }
{ print }
END { put() }`;
  return rewrite(file, awkOver(file, program, { ...keyValues(key), play_l: line }), { backup });
}

function keyValues({ path, src }: FstabKey): Record<string, string> {
  return { play_p: fstabWord(path), play_s: src === undefined ? '' : fstabWord(src) };
}

const ours = `function bare(p) { if (length(p) > 1) sub(/\\/+$/, "", p); return p }
function ours() {
if ($0 ~ /^[ \\t]*(#|$)/) return 0
if (ENVIRON["play_s"] != "") return $1 == ENVIRON["play_s"] && $3 == "swap"
return bare($2) == ENVIRON["play_p"]
}
`;

/** Succeeds when something is mounted on the path, which may lead over links. Looks into the kernel's table: a server that is gone cannot hold it up. */
export function isMounted(path: string): Sh {
  const program = `${plainPath(2)}
$2 == ENVIRON["play_p"] { found = 1 }
END { exit !found }`;
  return sh`play_mnt_on() { play_p=$1 awk ${program} </proc/self/mounts; }
play_mnt_is() {
play_mnt_on ${path} || { play_mnt_r=$(cd -- ${path} 2>/dev/null && pwd -P) && [ "$play_mnt_r" != ${path} ] && play_mnt_on "$play_mnt_r"; }
}`;
}

/** For awk: makes text of a field in which the kernel has written blanks and backslashes as octal numbers. */
export function plainPath(field: number): string {
  return `{ gsub(/\\\\040/, " ", $${field}); gsub(/\\\\011/, "\\t", $${field}); gsub(/\\\\012/, "\\n", $${field}); gsub(/\\\\134/, "\\\\", $${field}) }`;
}
