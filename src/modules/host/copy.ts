import { posix } from 'node:path';
import { Type } from 'typebox';
import type { HostModule, ModuleContext } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs, checkValidate, hostPath } from '../shared/args.ts';
import { fixedAttributes } from '../shared/attributes.ts';
import { fixedMode } from '../shared/mode.ts';
import { flag, mode, text, writing } from '../shared/params.ts';
import { writeFile, writeResult } from '../shared/write.ts';

const params = Type.Object(
  {
    src: Type.Optional(text('A file of this machine, looked up beside the playbook and in `files/`.')),
    content: Type.Optional(
      Type.Unknown({ description: 'The content itself; a list or a mapping is written as JSON.' }),
    ),
    dest: text('The file on the host; a directory when it ends in `/`, which keeps the name of `src`.'),
    ...writing,
    directory_mode: Type.Optional(mode('Permissions of a directory that is made for a `dest` ending in `/`.')),
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
  exclusive: [['src', 'content']],
  requireOne: [['src', 'content']],
  async resource(params, context): Promise<Resource> {
    checkArgs(copy, params);
    checkValidate('copy', params.validate);
    const { src, dest } = params;
    if (params.content === null) throw badArgs('copy', 'content is null', 'content: "" makes an empty file');
    const into = dest.endsWith('/');
    if (into && src === undefined)
      throw badArgs('copy', `dest "${dest}" is a directory`, 'with content, name the file');
    const folder = hostPath('copy', 'dest', dest);
    return writeFile({
      dest: into ? posix.join(folder, posix.basename((src ?? '').replace(/\.age$/, ''))) : folder,
      bytes: src === undefined ? contentBytes(params.content) : await sourceBytes(src, context),
      attributes: fixedAttributes('copy', params),
      ...(params.backup !== undefined && { backup: params.backup }),
      ...(params.validate !== undefined && { validate: params.validate }),
      ...(params.force !== undefined && { force: params.force }),
      ...(into && {
        directory: {
          path: folder,
          ...(params.directory_mode !== undefined && { mode: fixedMode('copy', params.directory_mode) }),
        },
      }),
    });
  },
} satisfies HostModule<typeof params>;

async function sourceBytes(src: string, context: ModuleContext): Promise<Uint8Array> {
  if (src.endsWith('/')) {
    throw badArgs(
      'copy',
      `src "${src}" is a directory, and copy takes single files so far`,
      'name its files in a loop',
    );
  }
  return context.readFile(src, 'files');
}

/** Text as it is; what YAML made a number or a yes is written as such; lists and mappings are JSON. */
function contentBytes(content: unknown): Uint8Array {
  const isData = typeof content === 'object' && content !== null;
  return new TextEncoder().encode(isData ? `${JSON.stringify(content, null, 2)}\n` : String(content));
}
