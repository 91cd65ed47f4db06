import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { attributes, choice, flag, text } from '../shared/params.ts';
import {
  attributeShellWords,
  expectFile,
  fileFields,
  settleMode,
  writtenAttributes,
} from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    path: Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
      description: 'Files and folders of the host, which all lie in one folder; the archive has their names.',
    }),
    dest: text('The archive.'),
    format: Type.Optional(choice(['gz', 'bz2', 'xz', 'tar'], 'A tar file, and how it is packed.', 'gz')),
    exclusion_patterns: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          'Patterns of names that are left out, as `tar --exclude` has them; the small tar of busybox may lack it.',
      }),
    ),
    remove: Type.Optional(flag('Take the files away once they are in the archive.')),
    ...attributes,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** How each format is packed, without the time of now in it: the same files give the same archive. */
const packers = { gz: 'gzip -nc', bz2: 'bzip2 -c', xz: 'xz -c', tar: 'cat' };

/** An archive of files of the host. */
export const archive = {
  name: 'archive',
  on: 'host',
  summary: 'An archive on the host holds these files.',
  params,
  result: { dest: 'The archive.' },
  examples: [
    { archive: { path: '/srv/app', dest: '/var/backups/app.tar.gz' } },
    {
      archive: { path: ['/etc/app/a.conf', '/etc/app/b.conf'], dest: '/root/conf.tar.xz', format: 'xz', mode: '0600' },
    },
    { archive: { path: '/var/log/old', dest: '/var/log/old.tar.gz', remove: true } },
  ],
  idempotent: true,
  resource(given): Converge {
    const paths = [given.path].flat().map((path) => hostPath('archive', 'path', path));
    const folder = posix.dirname(paths[0] ?? '');
    if (paths.some((path) => posix.dirname(path) !== folder))
      throw badArgs(
        'archive',
        'the paths lie in several folders',
        'name those of one folder, or the folder that holds all',
      );
    const dest = hostPath('archive', 'dest', given.dest);
    const attributes = writtenAttributes('archive', given);
    const tar = tarOf(given, { folder, paths });
    const packer = raw(packers[given.format ?? 'gz']);
    const missing = joinSh(
      paths.map((path) => sh`[ ! -e ${path} ]`),
      raw(' || ').sh,
    );
    // With `remove` there is nothing to compare with once it is done: that the archive is there must do.
    const gone = given.remove
      ? sh`if ${joinSh(
          paths.map((path) => sh`[ ! -e ${path} ]`),
          ' && ',
        )} && [ -f ${dest} ]; then echo archived; elif`
      : raw('if');
    return {
      kind: 'converge',
      probe: [
        { stat: dest, fields: fileFields(attributes) },
        {
          sh: sh`${gone} ${missing}; then echo ${`not all of this is there: ${paths.join(', ')}`} >&2; (exit 10)
elif [ -f ${dest} ] && ${tar} 2>/dev/null | ${packer} | cmp -s - ${dest}; then ${raw(given.remove ? 'echo packed' : 'echo archived')}
else echo differs; fi`,
        },
      ],
      expect: expectFile(attributes, { after: 'archived' }),
      apply: sh`${settleMode(attributes)}play_ar_t=${posix.join(posix.dirname(dest), '.play-ar-')}$play_K
if [ -d ${dest} ]; then echo ${`${dest} is a directory; name the file`} >&2; false
elif [ ! -d ${posix.dirname(dest)} ]; then echo ${`the directory ${posix.dirname(dest)} does not exist`} >&2; false
elif { case $play_o in *${given.remove ? '\npacked' : '\narchived'}) : ;; *) rm -f -- "$play_ar_t" && ${tar} >"$play_ar_t.tar" && ${packer} <"$play_ar_t.tar" >"$play_ar_t" && rm -f -- "$play_ar_t.tar" && mv -f -- "$play_ar_t" ${dest} ;; esac; } && play_attr ${dest} ${attributeShellWords(attributes)}; then
${given.remove ? sh`rm -rf -- ${paths}` : raw(':')}
else rm -f -- "$play_ar_t" "$play_ar_t.tar"; false; fi`,
      result: () => ({ dest }),
    };
  },
} satisfies HostModule<typeof params>;

/** Prints the tar file. Its status is told apart from that of the packer, which is content with half of it. */
function tarOf(
  { exclusion_patterns: patterns = [] }: Params,
  { folder, paths }: { folder: string; paths: string[] },
): Sh {
  const excludes = patterns.map((pattern) => sh` --exclude=${pattern}`);
  return sh`tar -cf - -C ${folder}${joinSh(excludes, '')} -- ${paths.map((path) => posix.basename(path))}`;
}
