import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { type FstabKey, fstabLine, fstabProbe, fstabSource, fstabWrite, isMounted } from '../shared/fstab.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    path: Type.String({ description: 'The mount point, the full path; `none` for swap.', pattern: '^(/|none$)' }),
    state: choice(
      ['mounted', 'present', 'unmounted', 'absent', 'remounted'],
      '`mounted`: in fstab and mounted, the mount point is made. `present`: in fstab. `unmounted`: not mounted, fstab stays. `absent`: neither, and the empty mount point goes. `remounted`: mounted anew, each time.',
    ),
    src: Type.Optional(text('What is mounted: a device, `UUID=…`, `LABEL=…`, `host:/share`, a directory for `bind`.')),
    fstype: Type.Optional(text('The type of the file system; `none` for `bind`.')),
    opts: Type.Optional(text('Mount options, joined by commas.', 'defaults')),
    dump: Type.Optional(Type.Integer({ description: 'The fifth field of fstab.', minimum: 0, default: 0 })),
    passno: Type.Optional(
      Type.Integer({ description: 'When fsck checks it at boot: 1, 2, or 0 for never.', minimum: 0, default: 0 }),
    ),
    fstab: Type.Optional(text('The file with the entries.', '/etc/fstab')),
    backup: Type.Optional(flag('Keep the old fstab beside the new one, with the UTC time in its name.')),
  },
  { additionalProperties: false },
);

/** File systems: their entries in fstab, and whether they are mounted. */
export const mount = {
  name: 'mount',
  on: 'host',
  summary: 'A file system has its entry in fstab and is mounted, or not.',
  params,
  result: {
    path: 'The mount point.',
    src: 'What is mounted there; empty when it was not said.',
    fstype: 'The type; empty when it was not said.',
    opts: 'The options.',
    fstab: 'The file with the entries.',
  },
  examples: [
    { mount: { path: '/srv/data', src: 'LABEL=data', fstype: 'ext4', opts: 'noatime', passno: 2, state: 'mounted' } },
    { mount: { path: '/srv/www/logs', src: '/var/log/nginx', fstype: 'none', opts: 'bind,ro', state: 'mounted' } },
    { mount: { path: '/mnt/old', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Resource {
    const { path: given, src = '', fstype = '', opts = 'defaults', fstab: file = '/etc/fstab' } = params;
    const fstab = hostPath('mount', 'fstab', file);
    const path = hostPath('mount', 'path', given);
    return { ...resourceOf({ ...params, path, fstab }), result: () => ({ path, src, fstype, opts, fstab }) };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params> & { fstab: string };

function resourceOf(params: Params): Resource {
  const { path, fstab, state, backup = false } = params;
  if (path === 'none' && state !== 'present' && state !== 'absent') {
    throw badArgs(
      'mount',
      `path "none" is for swap, which cannot be ${state}`,
      'swapon is the work of the module swap',
    );
  }
  const key: FstabKey = { path, ...(path === 'none' && { src: source(params) }) };
  const entry = { sh: fstabProbe(fstab, key) };
  const now = { sh: mountedLine(path) };
  switch (state) {
    case 'unmounted':
      return { kind: 'converge', probe: [now], expect: 'not mounted', apply: unmountAll(path) };
    case 'remounted':
      return { kind: 'action', run: remount(params) };
    case 'absent': {
      if (posix.normalize(path) === '/') throw badArgs('mount', 'will not take / away');
      const remove = fstabWrite(fstab, key, { backup });
      const probe = path === 'none' ? [entry] : [entry, now];
      const expect = path === 'none' ? 'fstab none' : 'fstab none\nnot mounted';
      // What lies below the mount point itself is not the business of this task.
      const tidy = sh`{ [ -L ${path} ] || [ ! -d ${path} ] || rmdir -- ${path} 2>/dev/null || :; }`;
      const unlist = sh`case $play_o in 'fstab none'*) ;; *) ${remove} ;; esac`;
      const apply = path === 'none' ? remove : joinSh([unmountAll(path), unlist, tidy], ' &&\n');
      return { kind: 'converge', probe, expect, apply };
    }
    default: {
      const line = lineOf(params);
      const write = fstabWrite(fstab, key, { line, backup });
      if (state === 'present') return { kind: 'converge', probe: [entry], expect: `fstab ${line}`, apply: write };
      const list = sh`case $play_o in ${`fstab ${line}\n`}*) ;; *) ${write} ;; esac`;
      const expect = `fstab ${line}\nmounted`;
      // Last, so that a file system that cannot be mounted does not stop the next start of the host.
      return { kind: 'converge', probe: [entry, now], expect, apply: joinSh([mountIt(params, key), list], ' &&\n') };
    }
  }
}

/** The new line, as the probe prints it. */
function lineOf(params: Params): string {
  const { path, opts = 'defaults', dump = 0, passno = 0, fstype, state } = params;
  if (fstype === undefined) throw badArgs('mount', `state: ${state} needs fstype`);
  return fstabLine({ src: source(params), path, fstype, opts, dump, passno });
}

function source({ src, state, path }: Params): string {
  if (src === undefined) throw badArgs('mount', `state: ${state} ${path === 'none' ? 'of swap ' : ''}needs src`);
  return src;
}

function mountedLine(path: string): Sh {
  return sh`if [ ! -r /proc/self/mounts ]; then echo 'no /proc/self/mounts here: mount manages Linux hosts' >&2; (exit 10)
else
${isMounted(path)}
if play_mnt_is; then echo mounted; else echo 'not mounted'; fi
fi`;
}

/** Several file systems may lie over each other. */
function unmountAll(path: string): Sh {
  return sh`${isMounted(path)}
play_mnt_z=0
while [ $play_mnt_z = 0 ] && play_mnt_is; do umount ${path} || play_mnt_z=$?; done
[ $play_mnt_z = 0 ]`;
}

/**
 * Mounts, or gives the new options to what is mounted. Another source needs a new mount: a remount would keep the old one and not say so.
 */
function mountIt(params: Params, key: FstabKey): Sh {
  const { path, fstype = '', opts = 'defaults', fstab } = params;
  const src = source(params);
  const words = (options: string) => sh`mount -t ${fstype} -o ${options} ${src} ${path}`;
  const line = lineOf(params).split(' ');
  const same = `${line[0]} ${line[2]}`;
  return joinSh([
    isMounted(path),
    sh`play_mnt_o=$(${fstabSource(fstab, key)})`,
    sh`if ! play_mnt_is; then mkdir -p ${path} && ${words(opts)}`,
    sh`elif [ -n "$play_mnt_o" ] && [ "$play_mnt_o" != ${same} ]; then umount ${path} && ${words(opts)}`,
    sh`else ${words(`remount,${opts}`)} || { umount ${path} && ${words(opts)}; }`,
    raw('fi'),
  ]);
}

function remount({ path, opts }: Params): Sh {
  const options = opts === undefined ? 'remount' : `remount,${opts}`;
  return sh`${isMounted(path)}
if play_mnt_is; then mount -o ${options} ${path}
else echo ${`nothing is mounted on ${path}`} >&2; false
fi`;
}
