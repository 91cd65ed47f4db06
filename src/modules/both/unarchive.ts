import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { archiveOf, listMembers, unpack, unpackOver, unsafeLine, unsafeMember } from '../shared/archives.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { excluding, localTree } from '../shared/local-tree.ts';
import { account, flag, mode, text } from '../shared/params.ts';
import { sendTree } from '../shared/send-tree.ts';
import { writtenMode } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: text(
      'The archive: a file of this machine, looked up beside the playbook and in `files/`; of the host with `remote_src`.',
    ),
    dest: text('The folder on the host that it is unpacked into. It must be there.'),
    remote_src: Type.Optional(flag('The archive lies on the host.')),
    creates: Type.Optional(text('Nothing is done when this path is on the host.')),
    exclude: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Patterns of members that are left out; only without `remote_src`.',
      }),
    ),
    owner: Type.Optional(account('User that owns what is unpacked; only without `remote_src`.')),
    group: Type.Optional(account('Group of what is unpacked; only without `remote_src`.')),
    mode: Type.Optional(mode('Permissions of the files, instead of those in the archive; only without `remote_src`.')),
  },
  { additionalProperties: false },
);

const exec = promisify(execFile);

type Params = Static<typeof params>;

/**
 * The members of an archive as files of the host. An archive of this machine is unpacked here and sent as a tree, so that the host needs no
 * program for it and only what differs travels. A member that leads out of the folder is refused, and then nothing is written.
 */
export const unarchive = {
  name: 'unarchive',
  on: 'both',
  summary: 'What an archive holds is in a folder of the host.',
  params,
  result: { dest: 'The folder.', files: 'How many files the archive holds; not with `remote_src`.' },
  examples: [
    { unarchive: { src: 'app.tar.gz', dest: '/opt' } },
    { unarchive: { src: '/srv/backup.tar', dest: '/srv/restored', remote_src: true } },
    { unarchive: { src: 'site.zip', dest: '/var/www', owner: 'www-data', creates: '/var/www/index.html' } },
  ],
  idempotent: true,
  async run(given, context) {
    const dest = hostPath('unarchive', 'dest', given.dest);
    const [first] = await context.visit([{ kind: 'action', reads: true, run: look(dest, given.creates) }]);
    const said = (first?.stdout.toString('utf8') ?? '').trim();
    if (said === 'created')
      return { changed: false, fields: { dest }, message: `not needed: ${given.creates} is there` };
    if (given.remote_src) return onHost(given, dest, context);
    if (said === 'no folder' && !context.check)
      return { changed: false, failed: `${dest} is no folder`, fields: { dest } };
    return fromHere(given, dest, context);
  },
} satisfies BothModule<typeof params>;

const look = (dest: string, creates: string | undefined) =>
  sh`if ${creates === undefined ? raw('false') : sh`[ -e ${creates} ]`}; then echo created; elif [ -d ${dest} ]; then echo folder; else echo 'no folder'; fi`;

async function fromHere(given: Params, dest: string, context: BothContext): Promise<ControllerResult> {
  const src = context.localSource(given.src, 'files');
  if (src === undefined)
    throw badArgs('unarchive', `src "${given.src}" is not there`, 'it is looked up beside the playbook and in files/');
  const kind = archiveOf(src);
  const folder = await mkdtemp(join(tmpdir(), 'play-unarchive-'));
  try {
    const shell = async (text: string): Promise<string> => {
      try {
        return (await exec('/bin/sh', ['-c', text], { maxBuffer: 64 * 1024 * 1024 })).stdout;
      } catch (error) {
        const { stderr = '' } = error as { stderr?: string };
        throw badArgs('unarchive', `${given.src} cannot be unpacked: ${stderr.trim().split('\n').at(-1) ?? ''}`);
      }
    };
    const bad = unsafeMember((await shell(listMembers(kind, sh`${src}`).sh)).split('\n'));
    if (bad !== undefined)
      return {
        changed: false,
        failed: `${given.src} is refused: its member ${bad} would lie outside of ${dest}`,
        fields: { dest },
      };
    await shell(unpack(kind, sh`${src}`, sh`${folder}`).sh);
    const file = given.mode === undefined ? undefined : writtenMode('unarchive', given.mode);
    const { fields, ...rest } = await sendTree(
      {
        dest,
        entries: await localTree(folder, { leaveOut: excluding(given.exclude ?? []) }),
        modes: file === undefined ? {} : { file },
        ...(given.owner !== undefined && { owner: String(given.owner) }),
        ...(given.group !== undefined && { group: String(given.group) }),
      },
      context,
    );
    return { ...rest, fields: { dest, files: fields['files'] ?? 0 } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onHost(given: Params, dest: string, { visit }: BothContext): Promise<ControllerResult> {
  if (given.exclude || given.owner !== undefined || given.group !== undefined || given.mode !== undefined)
    throw badArgs(
      'unarchive',
      'exclude, owner, group and mode are for archives of this machine',
      'leave out remote_src, or set them by file',
    );
  const [answer] = await visit([unpacked(hostPath('unarchive', 'src', given.src), dest)], { mayFail: true });
  if (answer?.failure) return { changed: false, failed: answer.failure.message, fields: { dest } };
  return { changed: answer?.status === 'changed' || answer?.status === 'would-change', fields: { dest } };
}

/** Compares by unpacking into a folder that goes again: what is in the archive says nothing of what is on the disk. */
function unpacked(src: string, dest: string): Converge {
  const kind = archiveOf(src);
  const compare = raw(`'for f do cmp -s -- "$f" "$0/$f" || { echo differs; break; }; done'`);
  return {
    kind: 'converge',
    probe: [
      {
        sh: sh`if [ ! -f ${src} ]; then echo ${`${src} is not there`} >&2; (exit 10)
elif [ ! -d ${dest} ]; then echo ${`${dest} is no folder`} >&2; (exit 10)
elif play_ua_bad=$(${listMembers(kind, sh`${src}`)} | ${unsafeLine}); [ -n "$play_ua_bad" ]; then echo ${`${src} is refused: this member would lie outside of ${dest}:`} "$play_ua_bad" >&2; false
else
play_ua_t=$(mktemp -d) && if ${unpack(kind, sh`${src}`, raw('"$play_ua_t"'))}; then
play_ua_x=$(cd "$play_ua_t" && find . -type f -exec sh -c ${compare} ${dest.startsWith('/') ? sh`${dest}` : sh`"$OLDPWD"/${dest}`} {} +)
rm -rf -- "$play_ua_t"
case $play_ua_x in '') echo unpacked ;; *) echo differs ;; esac
else rm -rf -- "$play_ua_t"; false; fi
fi`,
      },
    ],
    expect: 'unpacked',
    apply: unpackOver(kind, sh`${src}`, dest),
  };
}
