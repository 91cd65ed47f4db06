import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { BothContext, ControllerResult, HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs, checkValidate, hostPath } from '../shared/args.ts';
import { localTree } from '../shared/local-tree.ts';
import { flag, mode, sentMode, text, writing } from '../shared/params.ts';
import { sendTree } from '../shared/send-tree.ts';
import { writeFile, writeResult } from '../shared/write.ts';
import { modeOfNew, preserved, writtenAttributes, writtenMode } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: Type.Optional(
      text(
        'A file or folder of this machine, looked up beside the playbook and in `files/`. Of a folder with a `/` at the end the contents are meant, else it itself.',
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
  },
  { additionalProperties: false },
);

/** A file of this machine, or text of the playbook, as a file of the host. */
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
      ...(into && {
        directory: {
          path: folder,
          ...(params.directory_mode !== undefined && { mode: modeOfNew('copy', params.directory_mode, 'directory') }),
        },
      }),
    });
  },
  visits(params, context) {
    const root =
      params.src === undefined ? undefined : context.localSource(params.src.replace(/(?<=.)\/+$/, ''), 'files');
    if (root === undefined || !statSync(root).isDirectory()) return undefined;
    if (params.validate !== undefined) throw badArgs('copy', 'validate is for single files, and src is a folder');
    return (visit) => sendFolder(params, root, visit);
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

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
