import type { Converge, FileAttributes, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { attributeShellWords, fileFields, fileLine, settleMode } from './written-attributes.ts';

/** A file whose content the host itself has, and prints. */
export interface PrintedWrite {
  dest: string;
  /** Prints `there` where all that `print` needs is there; status 10 where it is not there yet. */
  ready: Sh;
  /** Prints the content. Runs in a process of its own. */
  print: Sh;
  attributes: FileAttributes;
  backup?: boolean;
  validate?: string;
  /** Makes the directory of the file. */
  before?: Sh;
}

/** The file has what the host prints. A link in its place is replaced, a directory never. */
export function writePrinted(write: PrintedWrite): Converge {
  const { dest, ready, print, attributes, validate } = write;
  return {
    kind: 'converge',
    probe: [{ sh: ready }, { stat: dest, fields: fileFields(attributes) }, { sum: dest }],
    expect: sh`${settleMode(attributes)}play_made=$({
${print}
} | $play_sumtool) && printf '%s\\n' there ${fileLine(attributes)} "sha256 \${play_made%%[ *]*}"`,
    apply: apply(write),
    ...(validate === undefined && write.before === undefined && { only: dest }),
  };
}

/** What is printed goes into a file beside the target, which then takes its place, as with any other write. */
function apply({ dest, print, attributes, backup, validate, before }: PrintedWrite): Sh {
  const words = attributeShellWords(attributes);
  const steps: Sh[] = [];
  if (backup) steps.push(raw('play_backup "$play_target"'));
  if (validate !== undefined) steps.push(sh`play_check=${validate}`);
  steps.push(sh`play_put "$play_target" ${words}`);
  return sh`${settleMode(attributes)}play_target=${dest}
${before === undefined ? raw('') : sh`${before}\n`}case $play_target in */*) play_beside=\${play_target%/*}/ ;; *) play_beside=./ ;; esac
if [ -d "$play_target" ]; then echo "$play_target is a directory; name the file" >&2; false
elif [ ! -d "$play_beside" ]; then echo "the directory \${play_beside%/} does not exist" >&2; false
elif [ -f "$play_target" ] && [ ! -L "$play_target" ] && [ "\${play_o##*"$play_nl"}" = "\${play_want##*"$play_nl"}" ]; then
play_attr "$play_target" ${words}
else
play_n=$((play_n + 1)) play_temp=$play_beside.play-$play_n-$play_K play_rest=
(
umask 077
set -C
{
${print}
} >"$play_temp"
) && play_staged=1 && ${joinSh(steps, ' &&\n')}
play_done=$?
play_drop
(exit $play_done)
fi`;
}
