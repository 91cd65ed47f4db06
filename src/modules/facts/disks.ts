import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf, unescapeOctal, wholeNumber } from '../shared/fact-text.ts';

/**
 * Local file systems and how full they are. df is asked only about mounts of local devices: asking a dead network mount would hang.
 * Mounts are printed first, as `mount DEVICE MOUNT TYPE` with the kernel's octal numbers in them, which some shells' echo would read; df's lines follow.
 */
export const disks = {
  name: 'disks',
  summary: 'Local file systems, in bytes.',
  program: raw(`if [ -r /proc/mounts ]; then
set --
while IFS=' ' read -r play_dev play_at play_type play_rest; do
case $play_type in nfs*|cifs|smb*|9p|ceph|afs|autofs|fuse.*|squashfs|iso9660) continue ;; esac
case $play_type:$play_at:$play_dev in zfs:*|overlay:/:*|btrfs:*|*:*:/*) ;; *) continue ;; esac
printf 'mount %s %s %s\\n' "$play_dev" "$play_at" "$play_type"
case $play_at in *\\\\*) play_at=$(printf "$(printf '%s\\n' "$play_at" | sed 's/%/%%/g')") ;; esac
set -- "$@" "$play_at"
done </proc/mounts
if [ $# -gt 0 ]; then df -P -k -- "$@" 2>/dev/null || df -P -k "$@" 2>/dev/null; fi
else df -l -P -k
fi
true`),
  parse: parseDisks,
  example: [
    {
      device: '/dev/sda1',
      mount: '/',
      fstype: 'ext4',
      size: 52_521_566_208,
      used: 9_126_805_504,
      available: 40_693_862_400,
    },
  ],
  fields: {
    disks: 'One entry for each local file system; network, removable-image and memory file systems are left out.',
    'disks.device': 'What it is on: `/dev/sda1`.',
    'disks.mount': 'Where it is.',
    'disks.fstype': 'Its kind: `ext4`, `xfs`.',
    'disks.size': 'Its size in bytes.',
    'disks.used': 'Bytes in use.',
    'disks.available': 'Bytes that users can still write.',
  },
} satisfies FactGroup;

/** A device that is mounted in several places (containers do that) is listed once, where it was mounted first. */
function parseDisks(text: string): Value {
  const types = new Map<string, string>();
  const found = new Map<string, Value>();
  for (const line of linesOf(text)) {
    const mount = /^mount \S+ (\S+) (\S+)$/.exec(line);
    if (mount) types.set(unescapeOctal(mount[1] ?? ''), mount[2] ?? '');
    const usage = /^(\S.*?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line);
    if (!usage) continue;
    const [, device = '', size, used, available, at = ''] = usage;
    if (found.has(device)) continue;
    found.set(device, {
      device,
      mount: at,
      fstype: types.get(at) ?? '',
      size: wholeNumber(size) * 1024,
      used: wholeNumber(used) * 1024,
      available: wholeNumber(available) * 1024,
    });
  }
  return [...found.values()];
}
