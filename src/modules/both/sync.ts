import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { excluding, localTree } from '../shared/local-tree.ts';
import { account, flag, mode, text } from '../shared/params.ts';
import { sendTree, treeResult } from '../shared/send-tree.ts';
import { writtenMode } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: text(
      'A folder of this machine, looked up beside the playbook and in `files/`. With a `/` at the end its contents are meant, else it itself.',
    ),
    dest: text('The folder on the host.'),
    delete: Type.Optional(flag('Take away what is in `dest` and not in `src`; what `exclude` names stays.')),
    exclude: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          'Patterns of what does not count, on either side: `*.log` anywhere, `/build` at the top; `**` also goes through folders.',
      }),
    ),
    perms: Type.Optional(flag('`false`: leave permissions on the host as they are.', true)),
    file_mode: Type.Optional(mode('Permissions of all files, instead of their own.')),
    directory_mode: Type.Optional(mode('Permissions of all directories, instead of their own.')),
    owner: Type.Optional(account('User that owns everything.')),
    group: Type.Optional(account('Group of everything.')),
    copy_links: Type.Optional(flag('Send what links lead to, instead of the links.')),
    backup: Type.Optional(flag('Keep files that are replaced, with the UTC time in their names.')),
  },
  { additionalProperties: false },
);

/** A tree of this machine on the host. Only files whose content differs are sent, each atomically; nothing but a shell is needed there. */
export const sync = {
  name: 'sync',
  on: 'both',
  summary: 'A folder on the host has the same files as one of this machine.',
  params,
  result: treeResult,
  examples: [
    { sync: { src: 'public/', dest: '/srv/www' } },
    { sync: { src: 'app', dest: '/opt', delete: true, exclude: ['*.log', '/cache'] } },
    {
      sync: {
        src: 'conf.d/',
        dest: '/etc/app/conf.d',
        owner: 'root',
        group: 'app',
        file_mode: '0640',
        directory_mode: '0750',
      },
    },
  ],
  idempotent: true,
  reads: { src: 'files' },
  folders: ['src'],
  async run(params, context) {
    const { src, exclude = [], perms = true, backup } = params;
    const root = context.localSource(src.replace(/\/+$/, '') || '/', 'files');
    if (root === undefined)
      throw badArgs('sync', `src "${src}" is not there`, 'it is looked up beside the playbook and in files/');
    if (!statSync(root).isDirectory()) throw badArgs('sync', `src "${src}" is no folder`, 'copy takes single files');
    const leaveOut = excluding(exclude);
    const base = hostPath('sync', 'dest', params.dest);
    const fixed = (name: 'file_mode' | 'directory_mode') =>
      params[name] === undefined ? (perms ? undefined : 'keep') : writtenMode('sync', params[name]);
    const [file, directory] = [fixed('file_mode'), fixed('directory_mode')];
    return sendTree(
      {
        dest: src.endsWith('/') ? base : posix.join(base, posix.basename(root)),
        entries: await localTree(root, { leaveOut, ...(params.copy_links && { followLinks: true }) }),
        modes: { ...(file !== undefined && { file }), ...(directory !== undefined && { directory }) },
        ...(params.owner !== undefined && { owner: String(params.owner) }),
        ...(params.group !== undefined && { group: String(params.group) }),
        ...(params.delete && { remove: { spared: leaveOut } }),
        ...(backup !== undefined && { backup }),
      },
      context,
    );
  },
} satisfies BothModule<typeof params>;
