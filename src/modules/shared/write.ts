import { createHash } from 'node:crypto';
import type { Converge, FileAttributes, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { hasAttributes } from './attributes.ts';
import { pathParts } from './path-parts.ts';
import { decodeText } from './text.ts';
import { attributeShellWords, attributesOfNew, expectFile, fileFields, settleMode } from './written-attributes.ts';

/** A file to write whole. */
export interface FileWrite {
  dest: string;
  bytes: Uint8Array;
  attributes: FileAttributes;
  backup?: boolean;
  validate?: string;
  /** `false`: a path that exists is left alone, whatever it holds. */
  force?: boolean;
  /** A directory that is made when it is missing, and the mode it then gets; owner and group are those of the file. */
  directory?: { path: string; mode?: string };
}

/** The file has exactly these bytes and these attributes. A link in its place is replaced, a directory never. */
export function writeFile(write: FileWrite): Converge {
  const { dest, bytes, attributes } = write;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const sum = `sha256 ${sha256}`;
  const text = decodeText(bytes);
  const always = write.force !== false;
  return {
    kind: 'converge',
    ...(always
      ? {
          probe: [{ stat: dest, fields: fileFields(attributes) }, { sum: dest }],
          expect: expectFile(attributes, { after: sum }),
        }
      : {
          probe: [{ sh: sh`if [ -e ${dest} ] || [ -L ${dest} ]; then echo present; else echo absent; fi` }],
          expect: 'present',
        }),
    apply: apply(write, sum),
    // A test of the author's may do anything.
    ...(write.validate === undefined && write.directory === undefined && { only: dest }),
    content: { bytes, sha256, dest },
    ...(text !== undefined && { body: { path: dest, after: text } }),
    ...(text !== undefined && always && { writes: [{ path: dest, text }] }),
    result: () => ({ dest, checksum: sha256, size: bytes.length }),
  };
}

/** What `register` holds of a written file. */
export const writeResult = {
  dest: 'The path of the file on the host.',
  checksum: 'The sha256 of its content.',
  size: 'Its length in bytes; null with `remote_src`.',
};

function apply({ dest, attributes: given, backup, validate, force, directory }: FileWrite, sum: string): Sh {
  const attributes = force === false ? attributesOfNew(given) : given;
  const words = attributeShellWords(attributes);
  const steps: Sh[] = [];
  if (directory !== undefined) {
    steps.push(makeDirectory(directory, attributes));
  }
  if (backup) steps.push(sh`play_backup "$play_target"`);
  if (validate !== undefined) steps.push(sh`play_check=${validate}`);
  steps.push(sh`play_put "$play_target" ${words}`);
  const start = sh`${settleMode(attributes)}play_target=${dest}
if [ -d "$play_target" ]; then echo "$play_target is a directory; end dest with / to put the file into it" >&2; false`;
  const put = joinSh(steps, ' &&\n');
  if (!hasAttributes(attributes) || force === false) return sh`${start}\nelse\n${put}\nfi`;
  // Where only the attributes differ, the file keeps its place, its time and its other names.
  return sh`${start}
else case $play_o in
"file "*${sum}) play_attr "$play_target" ${words} ;;
*) ${put} ;;
esac; fi`;
}

/** Makes a directory and those above it that are missing; each new one gets what is asked, as Ansible does it. */
export function makeDirectory({ path, mode }: { path: string; mode?: string }, { owner, group }: FileAttributes): Sh {
  const wanted = { ...(mode !== undefined && { mode: `0${mode}` }), ...(owner && { owner }), ...(group && { group }) };
  if (!hasAttributes(wanted)) return sh`mkdir -p -- ${path}`;
  return sh`{ for play_part in ${pathParts(path)}; do
[ -d "$play_part" ] || { mkdir -- "$play_part" && play_attr "$play_part" ${attributeShellWords(wanted)}; } || break
done
[ -d ${path} ]; }`;
}
