import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { type FstabKey, fstabLine, fstabProbe, fstabWrite, plainPath } from '../shared/fstab.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    path: Type.String({ description: 'The swap file, the full path.', pattern: '^/' }),
    size: Type.Optional(
      Type.String({
        description: 'How big it is: a number with `K`, `M`, `G` or `T` behind it, in steps of 1024.',
        pattern: '^[1-9][0-9]*[KMGT]$',
      }),
    ),
    state: Type.Optional(
      choice(
        ['present', 'absent'],
        '`present`: the file is there, only for root, in use and in fstab. `absent`: out of use, out of fstab and gone.',
        'present',
      ),
    ),
    priority: Type.Optional(Type.Integer({ description: 'Higher ones are used first.', minimum: 0, maximum: 32_767 })),
    fstab: Type.Optional(text('The file with the entries.', '/etc/fstab')),
  },
  { additionalProperties: false },
);

/** A file to swap to. A file that holds anything else is never touched. */
export const swap = {
  name: 'swap',
  on: 'host',
  summary: 'A swap file of this size is in use, now and after a restart, or is not there.',
  params,
  result: { path: 'The swap file.', size: 'Its size in bytes; 0 when it is to be absent.' },
  examples: [
    { swap: { path: '/swapfile', size: '2G' } },
    { swap: { path: '/var/swap/fast', size: '512M', priority: 10 } },
    { swap: { path: '/swapfile', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { state = 'present' } = params;
    const path = hostPath('swap', 'path', params.path);
    const fstab = hostPath('swap', 'fstab', params.fstab ?? '/etc/fstab');
    const size = state === 'present' ? bytesOf(params.size) : 0;
    const work = { ...params, path, fstab, size };
    return { ...(state === 'present' ? present(work) : absent(work)), result: () => ({ path, size }) };
  },
} satisfies HostModule<typeof params>;

interface Work extends Omit<Static<typeof params>, 'size'> {
  fstab: string;
  /** Bytes. */
  size: number;
}

function bytesOf(size: string | undefined): number {
  if (size === undefined) throw badArgs('swap', 'size is missing', 'write for example: size: 2G');
  const bytes = Number.parseInt(size, 10) * 1024 ** (1 + 'KMGT'.indexOf(size.slice(-1)));
  if (bytes < 65_536) throw badArgs('swap', `size ${size} is less than 64K, too little to swap to`);
  return bytes;
}

function keyOf({ path }: Work): FstabKey {
  return { path: 'none', src: path };
}

/** Prints the use that is made of the file, with its priority when that matters. */
function useProbe({ path, priority }: Work): Sh {
  const used = priority === undefined ? raw(`echo 'in use'`) : raw('echo "in use, priority $play_swp"');
  return sh`if [ ! -r /proc/swaps ]; then echo 'no /proc/swaps here: swap manages Linux hosts' >&2; (exit 10)
else
${functions(path)}
play_swp_use
if [ -z "$play_swp" ]; then echo 'not in use'; else ${used}; fi
fi`;
}

function present(work: Work): Omit<Converge, 'result'> {
  const { path, size, priority, fstab } = work;
  const opts = priority === undefined ? 'sw' : `sw,pri=${priority}`;
  const line = fstabLine({ src: path, path: 'none', fstype: 'swap', opts, dump: 0, passno: 0 });
  const rightUse = priority === undefined ? sh`[ -n "$play_swp" ]` : sh`[ "$play_swp" = ${priority} ]`;
  return {
    kind: 'converge',
    probe: [{ stat: path, fields: ['mode', 'size'] }, { sh: useProbe(work) }, { sh: fstabProbe(fstab, keyOf(work)) }],
    expect: `file 0600 ${size}\nin use${priority === undefined ? '' : `, priority ${priority}`}\nfstab ${line}`,
    apply: sh`${functions(path)}
play_swp_ours && {
if [ -e ${path} ] && [ "$(wc -c <${path})" -eq ${size} ]; then chmod 0600 ${path}
else play_swp_off && mkdir -p -- ${posix.dirname(path)} && play_swp_new ${size % 1_048_576 === 0 ? [1_048_576, size / 1_048_576] : [1024, size / 1024]}
fi
} && {
play_swp_use
${rightUse} || { play_swp_off && swapon ${priority === undefined ? [] : ['-p', priority]} ${path}; }
} && case $play_nl$play_o in
*"$play_nl"${`fstab ${line}`}) ;;
*) ${fstabWrite(fstab, keyOf(work), { line })} ;;
esac`,
  };
}

function absent(work: Work): Omit<Converge, 'result'> {
  const { path, fstab } = work;
  return {
    kind: 'converge',
    probe: [
      { stat: path, fields: [] },
      { sh: useProbe({ path, fstab, size: 0 }) },
      { sh: fstabProbe(fstab, keyOf(work)) },
    ],
    expect: 'absent\nnot in use\nfstab none',
    apply: sh`${functions(path)}
play_swp_ours && play_swp_off &&
case $play_o in
*'fstab none') ;;
*) ${fstabWrite(fstab, keyOf(work), {})} ;;
esac && rm -f -- ${path}`,
  };
}

/**
 * `play_swp_use` leaves the priority in play_swp, empty when the file is not in use (proc(5): the kernel lists it by its real path).
 * `play_swp_ours`: the file may be replaced; swap is known by the last bytes of its first page (mkswap(8); pages have 4 or 64 KiB).
 * `play_swp_new BLOCK COUNT` writes it: what fallocate reserves is a file with holes to some file systems. Btrfs takes swap only in a file
 * without copy-on-write, which has to be said while it is empty (btrfs(5)).
 */
function functions(path: string): Sh {
  const program = `${plainPath(1)}
$1 == ENVIRON["play_p"] || $1 == ENVIRON["play_r"] { print $5 }`;
  return sh`play_swp_use() {
play_swp=$(cd -- ${posix.dirname(path)} 2>/dev/null && pwd -P)
play_swp=$(play_p=${path} play_r=$play_swp/${posix.basename(path)} awk ${program} </proc/swaps)
}
play_swp_off() {
play_swp_use
[ -z "$play_swp" ] || swapoff ${path}
}
play_swp_ours() {
play_swp_use
if [ -n "$play_swp" ] || { [ ! -e ${path} ] && [ ! -L ${path} ]; }; then return 0; fi
if [ -f ${path} ] && [ ! -L ${path} ]; then
for play_swp in 4086 65526; do
if [ "$(dd if=${path} bs=1 skip="$play_swp" count=10 2>/dev/null | tr -d '\\000')" = SWAPSPACE2 ]; then return 0; fi
done
fi
echo ${`${path} is there and is no swap file; it is left alone`} >&2
return 1
}
play_swp_new() {
rm -f -- ${path} && (umask 077 && : >${path}) || return
chattr +C ${path} 2>/dev/null
if play_swp=$(dd if=/dev/zero of=${path} bs="$1" count="$2" 2>&1 && mkswap ${path} 2>&1); then return 0; fi
printf '%s\\n' "$play_swp" >&2
rm -f -- ${path}
return 1
}`;
}
