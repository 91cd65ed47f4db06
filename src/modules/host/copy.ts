import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { BothContext, ControllerResult, HostModule } from '../../model/module.ts';
import type { Converge, Resource } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs, checkArgs, checkValidate, hostPath } from '../shared/args.ts';
import { localTree } from '../shared/local-tree.ts';
import { flag, mode, sentMode, text, writing } from '../shared/params.ts';
import { sendTree } from '../shared/send-tree.ts';
import { makeDirectory, writeFile, writeResult } from '../shared/write.ts';
import { writePrinted } from '../shared/write-printed.ts';
import { modeOfNew, preserved, writtenAttributes, writtenMode } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: Type.Optional(
      text(
        'A file or folder of this machine, looked up beside the playbook and in `files/`; a file of the host with `remote_src`. Of a folder with a `/` at the end the contents are meant, else it itself.',
      ),
    ),
    content: Type.Optional(
      Type.Unknown({ description: 'The content itself; a list or a mapping is written as JSON.' }),
    ),
    dest: text(
      'The file on the host; a directory when it ends in `/`, which keeps the name of `src`, or when `src` is a folder.',
    ),
    ...writing,
    mode: sentMode,
    directory_mode: Type.Optional(
      mode(
        'Permissions of a directory that is made for a `dest` ending in `/`, and of all directories when `src` is a folder.',
      ),
    ),
    force: Type.Optional(flag('`false`: leave a file alone that is there already.', true)),
    remote_src: Type.Optional(flag('`src` is a file of the host.')),
  },
  { additionalProperties: false },
);

/** A file of this machine or of the host, or text of the playbook, as a file of the host. */
export const copy = {
  name: 'copy',
  on: 'host',
  summary: 'A file on the host has exactly this content.',
  params,
  result: writeResult,
  examples: [
    { copy: { src: 'shop.service', dest: '/etc/systemd/system/', mode: '0644' } },
    { copy: { content: 'net.core.somaxconn = 1024\n', dest: '/etc/sysctl.d/50-shop.conf' } },
    { copy: { src: 'sudoers', dest: '/etc/sudoers.d/shop', mode: '0440', validate: 'visudo -cf %s' } },
  ],
  idempotent: true,
  reads: { src: 'files' },
  readsUnless: 'remote_src',
  folders: ['src'],
  exclusive: [['src', 'content']],
  requireOne: [['src', 'content']],
  async resource(params, context): Promise<Resource> {
    checkArgs(copy, params);
    checkValidate('copy', params.validate);
    const { src, dest } = params;
    if (src === undefined && params.mode === 'preserve') throw badArgs('copy', 'mode: preserve is for src');
    if (params.content === null) throw badArgs('copy', 'content is null', 'content: "" makes an empty file');
    const into = dest.endsWith('/');
    if (into && src === undefined)
      throw badArgs('copy', `dest "${dest}" is a directory`, 'with content, name the file');
    const folder = hostPath('copy', 'dest', dest);
    if (params.remote_src) return fromHost(params, folder);
    return writeFile({
      dest: into ? posix.join(folder, posix.basename((src ?? '').replace(/\.age$/, ''))) : folder,
      bytes: src === undefined ? contentBytes(params.content) : await context.readFile(src, 'files'),
      attributes: writtenAttributes('copy', {
        ...params,
        ...preserved(params.mode, src && context.localSource(src, 'files')),
      }),
      ...(params.backup !== undefined && { backup: params.backup }),
      ...(params.validate !== undefined && { validate: params.validate }),
      ...(params.force !== undefined && { force: params.force }),
      ...(into && { directory: directoryOf(params, folder) }),
    });
  },
  visits(params, context) {
    const root =
      params.src === undefined || params.remote_src
        ? undefined
        : context.localSource(params.src.replace(/(?<=.)\/+$/, ''), 'files');
    if (root === undefined || !statSync(root).isDirectory()) return undefined;
    if (params.validate !== undefined) throw badArgs('copy', 'validate is for single files, and src is a folder');
    return (visit) => sendFolder(params, root, visit);
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function directoryOf({ directory_mode: asked }: Params, path: string): { path: string; mode?: string } {
  return { path, ...(asked !== undefined && { mode: modeOfNew('copy', asked, 'directory') }) };
}

/** A file of the host itself, whose content need not travel. */
function fromHost(params: Params, folder: string): Converge {
  const { src, dest, backup, validate } = params;
  if (src === undefined) throw badArgs('copy', 'remote_src is for src');
  if (params.mode === 'preserve' || params.force === false)
    throw badArgs('copy', 'mode: preserve and force: false are for files of this machine', 'leave out remote_src');
  const from = hostPath('copy', 'src', src);
  const path = dest.endsWith('/') ? posix.join(folder, posix.basename(from)) : folder;
  const attributes = writtenAttributes('copy', params);
  return {
    ...writePrinted({
      dest: path,
      ready: sh`if [ ! -e ${from} ]; then echo ${`${from} does not exist`} >&2; (exit 10)
elif [ ! -f ${from} ]; then echo ${`${from} is not a file; with remote_src, copy takes single files`} >&2; false
elif [ ! -r ${from} ]; then echo ${`${from} cannot be read by this user; become: true may help`} >&2; false
else echo there; fi`,
      print: sh`cat <${from}`,
      attributes,
      ...(dest.endsWith('/') && { before: makeDirectory(directoryOf(params, folder), attributes) }),
      ...(backup !== undefined && { backup }),
      ...(validate !== undefined && { validate }),
    }),
    result: ({ observed, expected }) => {
      const sum = (expected ?? observed)
        ?.split('\n')
        .at(-1)
        ?.replace(/^sha256 /, '');
      return { dest: path, checksum: sum ?? null, size: null };
    },
  };
}

/** As rsync has it: with a `/` at the end what is in the folder is meant, else the folder itself. */
async function sendFolder(params: Params, root: string, context: BothContext): Promise<ControllerResult> {
  const { src = '', dest } = params;
  const base = hostPath('copy', 'dest', dest);
  const isKept = params.mode === 'preserve';
  const { mode, ...owners } = writtenAttributes('copy', { ...params, ...(isKept && { mode: '0644' }) });
  const directory = params.directory_mode === undefined ? undefined : writtenMode('copy', params.directory_mode);
  return sendTree(
    {
      dest: src.endsWith('/') ? base : posix.join(base, posix.basename(src)),
      entries: await localTree(root, { leaveOut: () => false }),
      ...owners,
      modes: isKept ? { ...(directory && { directory }) } : { file: mode ?? '0644', directory: directory ?? '0755' },
      ...(params.backup !== undefined && { backup: params.backup }),
    },
    context,
  );
}

/** Text as it is; what YAML made a number or a yes is written as such; lists and mappings are JSON. */
function contentBytes(content: unknown): Uint8Array {
  const isData = typeof content === 'object' && content !== null;
  return new TextEncoder().encode(isData ? `${JSON.stringify(content, null, 2)}\n` : String(content));
}
