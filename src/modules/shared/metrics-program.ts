import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';

/** What can be measured. */
export const metricGroups = [
  'cpu',
  'memory',
  'swap',
  'load',
  'disks',
  'disk_io',
  'network',
  'sensors',
  'users',
  'uptime',
] as const;

export type MetricGroup = (typeof metricGroups)[number];

/** Files of proc(5) that are read twice, to see what happens meanwhile. */
const sampled: Partial<Record<MetricGroup, string>> = {
  cpu: '/proc/stat',
  disk_io: '/proc/diskstats',
  network: '/proc/net/dev',
};

/**
 * Prints for each group a line `== GROUP`, then what its source says; for those that are sampled twice, as `== GROUP before` and
 * `== GROUP after`, with the time between in seconds on a line `== interval`. A group that is late prints `== GROUP late`. Lines of df come last, as `df NUMBER …`.
 */
export function metricsProgram(groups: readonly MetricGroup[], options: { interval: number; timeout: number }): Sh {
  const files = groups.flatMap((group) => {
    const file = sampled[group];
    return file === undefined ? [] : [{ group, file }];
  });
  const sample = (when: string) =>
    files.map(({ group, file }) => sh`if [ -r ${file} ]; then echo ${`== ${group} ${when}`}; cat ${file}; fi`);
  const slow = groups.filter((group) => group in limited);
  return joinSh([
    ...groups.flatMap((group) => instant[group] ?? []),
    ...(slow.length === 0 ? [] : [late(slow, options.timeout)]),
    ...(files.length === 0
      ? []
      : [
          raw('play_mt_a=$(cut -d " " -f 1 /proc/uptime 2>/dev/null)'),
          ...sample('before'),
          sh`sleep ${options.interval}`,
          ...sample('after'),
          sh`echo "== interval \${play_mt_a:-0} $(cut -d ' ' -f 1 /proc/uptime 2>/dev/null || echo ${options.interval})"`,
        ]),
    raw('true'),
  ]);
}

/** What is known at once. */
const instant: Partial<Record<MetricGroup, Sh>> = {
  memory: raw('if [ -r /proc/meminfo ]; then echo "== memory"; cat /proc/meminfo; fi'),
  swap: raw('if [ -r /proc/meminfo ]; then echo "== swap"; cat /proc/meminfo; fi'),
  load: raw('echo "== load"; cat /proc/loadavg 2>/dev/null || uptime'),
  uptime: raw(
    'echo "== uptime"; if [ -r /proc/uptime ]; then cat /proc/uptime; grep "^btime " /proc/stat; else sysctl -n kern.boottime; date +%s; fi',
  ),
};

/** What may hang, as the text of a function: it is given up after a time. `df` gets one process for each file system. */
const limited: Partial<Record<MetricGroup, Sh>> = {
  sensors: raw(`for play_mt_s in /sys/class/hwmon/hwmon*/temp*_input; do
if [ -r "$play_mt_s" ] && read -r play_mt_v <"$play_mt_s"; then
play_mt_n= play_mt_l=
read -r play_mt_n <"\${play_mt_s%/*}/name"
if [ -r "\${play_mt_s%_input}_label" ]; then read -r play_mt_l <"\${play_mt_s%_input}_label"; fi
echo "$play_mt_v $play_mt_n\${play_mt_l:+ $play_mt_l}"
fi
done
for play_mt_s in /sys/class/thermal/thermal_zone*/temp; do
if [ -r "$play_mt_s" ] && read -r play_mt_v <"$play_mt_s"; then read -r play_mt_n <"\${play_mt_s%/*}/type"; echo "$play_mt_v $play_mt_n"; fi
done`),
  users: raw('who'),
  disks: raw(String.raw`if [ -r /proc/mounts ]; then
play_mt_m=0
while IFS=' ' read -r play_mt_v play_mt_at play_mt_n play_mt_l; do
case $play_mt_n:$play_mt_v:$play_mt_at in
squashfs:* | iso9660:* | autofs:* | fuse.snapfuse:*) continue ;;
nfs*:* | cifs:* | smb*:* | 9p:* | ceph:* | fuse.sshfs:* | fuse.glusterfs:* | zfs:* | btrfs:* | *:/*:* | *:*:/) ;;
*) continue ;;
esac
play_mt_m=$((play_mt_m + 1))
printf "%s\n" "mount $play_mt_m $play_mt_v $play_mt_at $play_mt_n"
case $play_mt_at in *\\*) play_mt_at=$(printf "$(printf %s "$play_mt_at" | sed 's/%/%%/g')") ;; esac
df -P -k "$play_mt_at" >"$play_mt_d/df.$play_mt_m" 2>/dev/null &
echo "$!" >>"$play_mt_d/pids"
done </proc/mounts
wait
else df -l -P -k | sed 's/^/df 0 /'; fi`),
};

/** Starts all of them beside each other and looks until they have ended or their time is up; nothing that hangs holds the session. */
function late(groups: readonly MetricGroup[], timeout: number): Sh {
  const start = groups.map(
    (group) => sh`(
${limited[group] ?? raw(':')}
: >"$play_mt_d"/${group}.end ) </dev/null >"$play_mt_d"/${group} 2>/dev/null &
echo "$!" >>"$play_mt_d"/pids`,
  );
  const ended = joinSh(
    groups.map((group) => sh`[ -e "$play_mt_d"/${group}.end ]`),
    ' && ',
  );
  const show = groups.map(
    (group) => sh`if [ -e "$play_mt_d"/${group}.end ]; then echo ${`== ${group}`}; else echo ${`== ${group} late`}; fi
cat "$play_mt_d"/${group}`,
  );
  return sh`if play_mt_d=$(mktemp -d "\${TMPDIR:-/tmp}/play.XXXXXX"); then
play_mt_w=$(($(date +%s) + ${timeout}))
${joinSh(start)}
until { ${ended}; }; do
if [ "$(date +%s)" -gt "$play_mt_w" ]; then
for play_mt_v in $(cat "$play_mt_d"/pids); do kill -s KILL "$play_mt_v" 2>/dev/null; done
break
fi
sleep 0.1 2>/dev/null || sleep 1
done
${joinSh(show)}
for play_mt_v in "$play_mt_d"/df.*; do
if [ -e "$play_mt_v" ]; then sed "s/^/df \${play_mt_v##*.} /" "$play_mt_v"; fi
done
rm -rf -- "$play_mt_d"
fi`;
}
