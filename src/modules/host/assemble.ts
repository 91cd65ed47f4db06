import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkValidate, hostPath } from '../shared/args.ts';
import { checkExtended, whereExtended } from '../shared/extended-regex.ts';
import { flag, text, writing } from '../shared/params.ts';
import { writePrinted } from '../shared/write-printed.ts';
import { writtenAttributes } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: text('The directory of the host that holds the pieces.'),
    dest: text('The file that is put together from them.'),
    regexp: Type.Optional(text('Only pieces whose name fits this extended regular expression.')),
    delimiter: Type.Optional(
      text('A line between two pieces; `\\n`, `\\t`, `\\\\` and `\\xHH` stand for what they do in Python.'),
    ),
    ignore_hidden: Type.Optional(flag('Leave out pieces whose name begins with a dot.')),
    ...writing,
  },
  { additionalProperties: false },
);

/** A file made of all files of a directory, in the order of their names. */
export const assemble = {
  name: 'assemble',
  on: 'host',
  summary: 'A file consists of the files of a directory of the host, in the order of their names.',
  params,
  result: { dest: 'The file.', src: 'The directory.' },
  examples: [
    { assemble: { src: '/etc/shop/conf.d', dest: '/etc/shop/shop.conf' } },
    { assemble: { src: '/etc/ssh/conf.d', dest: '/etc/ssh/sshd_config', validate: 'sshd -t -f %s', mode: '0600' } },
    { assemble: { src: '/srv/keys', dest: '/srv/all.pem', regexp: '\\.pem$', delimiter: '# next' } },
  ],
  idempotent: true,
  resource(params): Resource {
    checkValidate('assemble', params.validate);
    checkExtended('assemble', 'regexp', params.regexp);
    const src = hostPath('assemble', 'src', params.src);
    const dest = hostPath('assemble', 'dest', params.dest);
    if (params.dest.endsWith('/')) throw badArgs('assemble', `dest "${params.dest}" is a directory`, 'name the file');
    if (posix.dirname(dest) === src && params.regexp === undefined) {
      throw badArgs(
        'assemble',
        `dest "${params.dest}" is in src, and would be a piece of itself`,
        'regexp can tell the pieces',
      );
    }
    return {
      ...writePrinted({
        dest,
        ready: readable(src, params.regexp),
        print: pieces(src, params),
        attributes: writtenAttributes('assemble', params),
        ...(params.backup !== undefined && { backup: params.backup }),
        ...(params.validate !== undefined && { validate: params.validate }),
      }),
      result: () => ({ dest, src: params.src }),
    };
  },
} satisfies HostModule<typeof params>;

/** A directory that is missing may still be made by a task before this one. */
function readable(src: string, regexp: string | undefined): Sh {
  const look = sh`if [ ! -e ${src} ]; then echo ${`${src} does not exist`} >&2; (exit 10)
elif [ ! -d ${src} ]; then echo ${`${src} is not a directory`} >&2; false
elif [ ! -r ${src} ] || [ ! -x ${src} ]; then echo ${`${src} cannot be read by this user; become: true may help`} >&2; false
else echo there; fi`;
  return regexp === undefined ? look : whereExtended(regexp, look);
}

/**
 * Prints the pieces one after the other; only in a process of its own. One that does not end its last line gets a newline behind it, and
 * so does an empty one, as Ansible does it. The names come in the order of their bytes: those before the dot, with it, and after it.
 */
function pieces(src: string, { regexp, delimiter, ignore_hidden }: Params): Sh {
  const names = [raw('"$play_from_dir"/[\\ -,-]*'), raw('"$play_from_dir"/.*'), raw('"$play_from_dir"/[!.\\ -,-]*')];
  const skip = sh`printf '%s\\n' "\${play_piece##*/}" | grep -qE -e ${regexp ?? ''} || continue\n`;
  const between = sh`if [ -n "$play_some" ]; then printf %s ${delimiterLine(delimiter ?? '')}; fi\n`;
  return sh`LC_ALL=C play_from_dir=${src === '/' ? '' : src} play_some= play_open=
export LC_ALL
for play_piece in ${joinSh(ignore_hidden ? names.toSpliced(1, 1) : names, ' ')}; do
[ -f "$play_piece" ] || continue
${regexp === undefined ? raw('') : skip}if [ -n "$play_open" ]; then echo; fi
${delimiter === undefined ? raw('') : between}cat <"$play_piece" || exit
play_some=1 play_open=
if [ ! -s "$play_piece" ] || [ -n "$(tail -c 1 <"$play_piece")" ]; then play_open=1; fi
done`;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** The text between two pieces, always with a newline at its end. */
function delimiterLine(delimiter: string): string {
  const line = delimiter.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|([ntr\\]))/g,
    (_, hex: string | undefined, letter: string) =>
      hex === undefined ? (escapes[letter] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return line.endsWith('\n') ? line : `${line}\n`;
}

type Params = Static<typeof params>;
