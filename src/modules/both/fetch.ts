import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import { sh } from '../../program/sh.ts';
import { fileReason } from '../../util/errno.ts';
import { hostPath } from '../shared/args.ts';
import { sumOfFile } from '../shared/local-tree.ts';
import { flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    src: text('The file on the host.'),
    dest: text(
      'Where it goes on this machine: `DEST/HOST/SRC`, or DEST itself with `flat`; beside the playbook when it is relative.',
    ),
    flat: Type.Optional(
      flag(
        '`true`: `dest` is the file, or the folder of it when it ends in `/`. Hosts then overwrite each other, unless `dest` names them.',
        false,
      ),
    ),
    fail_on_missing: Type.Optional(flag('`false`: a file that is not there, or cannot be read, is no failure.', true)),
  },
  { additionalProperties: false },
);

/** A file of the host on this machine. It is read as it is sent, whatever its size. */
export const fetch = {
  name: 'fetch',
  on: 'both',
  summary: 'A file of the host is on this machine, too.',
  params,
  result: {
    dest: 'The file on this machine.',
    checksum: 'The sha256 of its content.',
    src: 'The file on the host.',
  },
  examples: [
    { fetch: { src: '/var/log/app.log', dest: 'logs' } },
    { fetch: { src: '/etc/machine-id', dest: 'ids/{{host.name}}', flat: true } },
    { fetch: { src: '/var/crash/core', dest: 'crashes', fail_on_missing: false } },
  ],
  idempotent: true,
  telling: 'src',
  async run(params, context) {
    const src = hostPath('fetch', 'src', params.src);
    const dest = destOf(params, context);
    const [seen] = await context.visit([{ kind: 'action', reads: true, run: look(src) }]);
    const said = String(seen?.stdout ?? '').trim();
    const sum = /^sha256 ([0-9a-f]{64})$/.exec(said)?.[1];
    const fields = { src, dest };
    if (sum === undefined) {
      const why = `${src} ${said}`;
      return params.fail_on_missing === false
        ? { changed: false, fields, message: why }
        : { changed: false, failed: why, fields };
    }
    const done: ControllerResult = { changed: true, fields: { ...fields, checksum: sum } };
    if ((await sumOf(dest)) === sum) return { ...done, changed: false };
    return context.check ? done : receive({ src, dest, sum, context, done });
  },
} satisfies BothModule<typeof params>;

/** Prints the sum of the file, or why there is none. */
const look = (src: string) => sh`play_ft_file=${src}
if [ -d "$play_ft_file" ]; then echo 'is a directory; fetch takes single files'
elif [ ! -e "$play_ft_file" ]; then echo 'is not there'
elif [ ! -r "$play_ft_file" ]; then echo 'cannot be read by this user; become: true may help'
else play_ft_file=$($play_sumtool <"$play_ft_file") && echo "sha256 \${play_ft_file%%[ *]*}"; fi`;

function destOf({ src, dest, flat }: { src: string; dest: string; flat?: boolean }, context: BothContext): string {
  const base = context.localTarget(dest);
  if (flat) return dest.endsWith('/') ? join(base, basename(src)) : base;
  return join(base, context.host, src);
}

/** Beside its place first: a file that arrives only in part replaces none. */
async function receive(options: {
  src: string;
  dest: string;
  sum: string;
  context: BothContext;
  done: ControllerResult;
}): Promise<ControllerResult> {
  const { src, dest, sum, context, done } = options;
  const draft = join(dirname(dest), `.play-${randomBytes(8).toString('hex')}.part`);
  const hash = createHash('sha256');
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(dest), { recursive: true });
    file = await open(draft, 'wx', 0o600);
    const out = file.createWriteStream();
    const written = finished(out);
    // Awaited only once all has come; until then its failure is nobody's.
    written.catch(() => undefined);
    const received = (_: number, chunk: Buffer): void => {
      hash.update(chunk);
      out.write(chunk);
    };
    await context.visit([{ kind: 'action', reads: true, run: sh`cat <${src}` }], { received });
    out.end();
    await written;
    if (hash.digest('hex') !== sum) return { ...done, changed: false, failed: `${src} changed while it was read` };
    await rename(draft, dest);
    return done;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { ...done, changed: false, failed: `${dest} cannot be written: ${fileReason(error)}` };
  } finally {
    await file?.close().catch(() => undefined);
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function sumOf(path: string): Promise<string | undefined> {
  try {
    return await sumOfFile(path);
  } catch {
    return undefined;
  }
}
