import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { sh } from '../../program/sh.ts';
import { hostPath } from '../shared/args.ts';
import { text } from '../shared/params.ts';

const params = Type.Object({ src: text('The file on the host.') }, { additionalProperties: false });

/** Larger ones do not belong into a variable. */
const limit = 2 * 1024 * 1024;

/** The content of a file, whatever its bytes are. It only reads, so it runs in check mode too. */
export const slurp = {
  name: 'slurp',
  on: 'host',
  summary: 'The content of a file of the host is known.',
  params,
  result: {
    content: 'The bytes of the file in base64; `b64decode` makes text of it.',
    encoding: 'Always `base64`.',
    source: 'The file.',
  },
  examples: [
    { slurp: { src: '/etc/machine-id' }, register: 'id' },
    { slurp: '/proc/mounts', register: 'mounts' },
    { slurp: { src: '/etc/ssl/certs/shop.pem' }, register: 'certificate' },
  ],
  idempotent: true,
  shorthand: 'src',
  resource({ src }): Resource {
    const path = hostPath('slurp', 'src', src);
    return { kind: 'action', reads: true, run: read(path), result: ({ stdout }) => fieldsOf(src, stdout) };
  },
} satisfies HostModule<typeof params>;

/** Prints the bytes with a program that is there: in base64, or as `od`, which every system has (POSIX), shows them. */
const read = (path: string): Sh => sh`play_src=${path}
if [ -d "$play_src" ]; then echo "$play_src is a directory; slurp takes single files" >&2; false
elif [ ! -e "$play_src" ]; then echo "$play_src does not exist" >&2; false
elif [ ! -r "$play_src" ]; then echo "$play_src cannot be read by this user; become: true may help" >&2; false
elif [ "$(head -c ${limit + 1} <"$play_src" | wc -c)" -gt ${limit} ]; then
echo "$play_src is larger than ${limit} bytes; fetch copies a file of any size" >&2; false
elif command -v base64 >/dev/null 2>&1; then echo base64 && base64 <"$play_src"
elif command -v openssl >/dev/null 2>&1; then echo base64 && openssl base64 <"$play_src"
else echo hex && od -An -v -tx1 <"$play_src"
fi`;

function fieldsOf(source: string, stdout: string): Fields {
  const [kind, ...lines] = stdout.split('\n');
  const said = lines.join('').replace(/\s/g, '');
  const content = kind === 'hex' ? Buffer.from(said, 'hex').toString('base64') : said;
  return { content, encoding: 'base64', source };
}
