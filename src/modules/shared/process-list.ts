import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';

/** Which processes are meant. What is not said fits all; what is said has to fit together. */
export interface ProcessFilter {
  name?: string;
  /** An extended regular expression, searched in the command line. */
  pattern?: string;
  /** Name or number. */
  user?: string;
  pids?: readonly number[];
  ppids?: readonly number[];
  /** With everything below them. */
  children?: boolean;
}

/** Details for `processes` of a result, or only what says which processes are to go: `PID START NAME COMMAND`, with tabs. */
export type RowForm = 'details' | 'short';

/**
 * Defines `play_ps_select`, which prints the processes that fit, one a line. Arguments have US (octal 037) between them; white space inside of
 * them and in names is a space. What belongs to the session (its shell and everything below it) is never among them.
 * Of `short` rows what the session runs under is left out, too, unless it was asked for by its number, and zombies: both cannot be ended.
 */
export function processSelect(filter: ProcessFilter, form: RowForm): Sh {
  const { name, pattern, user, pids = [], ppids = [], children = false } = filter;
  const asked = sh`play_ps_name=${name ?? ''} play_ps_pids=${pids.join(' ')} play_ps_ppids=${ppids.join(' ')} play_ps_form=${form} play_ps_children=${children ? '1' : ''} play_ps_matched=${pattern === undefined ? '' : '1'}`;
  return joinSh([
    processRead,
    sh`play_ps_select() {
${userLine(user, form)}
play_ps_all=$(play_ps_read) || return
${hitsLine(pattern)}
play_out "$play_ps_all" | play_ps_self=$$ play_ps_uid=$play_ps_uid play_ps_hits=$play_ps_hits ${asked} LC_ALL=C awk ${selectAwk}
}`,
  ]);
}

/** Somebody who is not there has no processes to end; whoever looks for them has got the name wrong. */
function userLine(user: string | undefined, form: RowForm): Sh {
  if (user === undefined) return raw('play_ps_uid=');
  if (/^\d+$/.test(user)) return sh`play_ps_uid=${user}`;
  const missing = form === 'short' ? raw('return 0') : sh`{ echo ${`there is no user ${user}`} >&2; return 1; }`;
  return sh`play_ps_uid=$(id -u ${user} 2>/dev/null) || ${missing}`;
}

/** Numbers of the lines whose command fits. */
function hitsLine(pattern: string | undefined): Sh {
  if (pattern === undefined) return raw('play_ps_hits=');
  return sh`play_ps_hits=$(play_out "$play_ps_all" | cut -f 12- | tr '\\037' ' ' | { LC_ALL=C grep -n -E -e ${pattern} || [ $? = 1 ]; }) || return
play_ps_hits=$(play_out "$play_ps_hits" | cut -d : -f 1)`;
}

/**
 * Defines `play_ps_read [/proc/PID/cmdline …]`, which prints a line about the host, `host HZ BTIME UPTIME MEMORY_KB`, and one for each process (or each
 * of these): PID PPID UID STATE NICE THREADS RSS_KB VSIZE_BYTES CPU_TICKS START_TICKS NAME COMMAND, with tabs.
 * From proc(5): it is there wherever Linux is, while the ps of busybox knows few columns. Elsewhere from ps as BSDs and macOS have it, in
 * ticks of 1/100 s, as if the host had started in 1970. Only tr can read arguments on all systems: awks stop at the NUL between two.
 * grep puts the name of the file before each line of it, so that no argument can look like another process; that of busybox cannot read these.
 */
export const processRead = raw(String.raw`play_ps_read() {
if [ -r /proc/self/stat ]; then
if [ $# = 0 ]; then set -- /proc/[0-9]*/cmdline; fi
play_ps_hz=$(getconf CLK_TCK 2>/dev/null) || play_ps_hz=100
{
for play_ps_d do echo "$play_ps_d"; done
echo
if LC_ALL=C grep -aHq '' /proc/self/cmdline; then LC_ALL=C grep -aH '' "$@"
else
for play_ps_d do
play_ps_k=
IFS= read -r play_ps_k <"$play_ps_d"
if [ -n "$play_ps_k" ]; then printf %s "$play_ps_d:"; tr '\n' ' ' <"$play_ps_d"; echo; fi
done
fi
} 2>/dev/null | tr '\000\t\037' '\037  ' | play_ps_hz=$play_ps_hz LC_ALL=C awk '
function whole(file,  line, all) {
  all = ""
  while ((getline line < file) > 0) all = all (all == "" ? "" : " ") line
  close(file)
  return all
}
function base(path) { sub(/.*\//, "", path); return path }
BEGIN {
  OFS = "\t"
  while ((getline line < "/proc/stat") > 0) if (line ~ /^btime /) btime = substr(line, 7)
  split(whole("/proc/uptime"), up, " ")
  while ((getline line < "/proc/meminfo") > 0) if (line ~ /^MemTotal:/) { split(line, m, " "); memory = m[2] }
  print "host", ENVIRON["play_ps_hz"], btime, up[1], memory
}
function show(pid, command,  stat, name, f, v, rss, uid, file, line) {
  sub(/\037+$/, "", command)
  stat = whole("/proc/" pid "/stat")
  if (!match(stat, /\)[^)]*$/)) return
  name = substr(stat, index(stat, "(") + 1, RSTART - index(stat, "(") - 1)
  gsub(/[\t\037]/, " ", name)
  split(substr(stat, RSTART + 2), f, " ")
  rss = 0
  uid = ""
  file = "/proc/" pid "/status"
  while ((getline line < file) > 0) {
    if (line ~ /^Uid:/) { split(line, v, "\t"); uid = v[3] }
    if (line ~ /^VmRSS:/) { split(line, v, " "); rss = v[2] }
  }
  close(file)
  if (uid == "") return
  # The kernel keeps 15 bytes of a name.
  split(command, v, "\037")
  if (length(name) == 15 && index(base(v[1]), name) == 1) name = base(v[1])
  print pid, f[2], uid, f[1], f[17], f[18], rss, f[21], f[12] + f[13], f[20], name, command
}
!listed && $0 == "" { listed = 1; next }
!listed { split($0, path, "/"); pids[++count] = path[3]; next }
{
  split($0, path, "/")
  text = substr($0, index($0, ":") + 1)
  if (path[3] in commands) commands[path[3]] = commands[path[3]] " " text
  else commands[path[3]] = text
}
END { for (n = 1; n <= count; n++) show(pids[n], commands[pids[n]]) }'
else
{
date +%s
{ sysctl -n hw.memsize || sysctl -n hw.physmem || echo 0; } 2>/dev/null
ps -A -o pid= -o ucomm=
echo
ps -A -o pid= -o ppid= -o uid= -o state= -o nice= -o rss= -o vsz= -o time= -o etime= -o args=
} | LC_ALL=C awk '
function seconds(t,  days, n, a, i, s) {
  if (i = index(t, "-")) { days = substr(t, 1, i - 1); t = substr(t, i + 1) }
  n = split(t, a, ":")
  for (i = 1; i <= n; i++) s = s * 60 + a[i]
  return days * 86400 + s
}
BEGIN { OFS = "\t" }
NR == 1 { now = $1; next }
NR == 2 { print "host", 100, 0, now, int($1 / 1024); next }
!rows && $0 == "" { rows = 1; next }
!rows { pid = $1; sub(/^ *[0-9]+ /, ""); sub(/ +$/, ""); gsub(/[\t\037]/, " "); names[pid] = $0; next }
$1 ~ /^[0-9]+$/ && NF > 9 {
  gsub(/[\t\037]/, " ")
  pid = $1; ppid = $2; uid = $3; state = substr($4, 1, 1); nice = $5; rss = $6; vsize = $7 * 1024; cpu = $8; age = $9
  sub(/^ *([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)[^ ]+ /, "")
  printf "%d\t%d\t%d\t%s\t%d\t\t%d\t%.0f\t%.0f\t%.0f\t%s\t%s\n", pid, ppid, uid, state, nice, rss, vsize, seconds(cpu) * 100, (now - seconds(age)) * 100, (pid in names) ? names[pid] : "?", $0
}'
fi
}`);

/** Reads the rows, keeps those that are asked for, and prints them in the form that is. */
const selectAwk = String.raw`function words(name, into,  n, w, i) {
  n = split(ENVIRON[name], w, /[ \n]+/)
  for (i = 1; i <= n; i++) if (w[i] != "") into[w[i]] = 1
  return ENVIRON[name] != ""
}
function below(pid, set,  steps) {
  for (steps = 0; steps < 1000 && (pid in at); steps++) {
    if (pid in set) return 1
    if (parent[pid] == pid) return 0
    pid = parent[pid]
  }
  return 0
}
BEGIN {
  FS = "\t"
  byPid = words("play_ps_pids", pids)
  byParent = words("play_ps_ppids", ppids)
  words("play_ps_hits", hits)
  words("play_ps_self", self)
  short = ENVIRON["play_ps_form"] == "short"
}
NR == 1 { if (!short) print; next }
NF > 10 { at[$1] = NR; parent[$1] = $2; row[NR] = $0; last = NR }
END {
  for (pid = ENVIRON["play_ps_self"]; pid in at; pid = parent[pid]) { over[pid] = 1; if (parent[pid] == pid) break }
  for (n = 2; n <= last; n++) {
    if (!(n in row)) continue
    split(row[n], f, "\t")
    if (byPid && !(f[1] in pids)) continue
    if (byParent && !(f[2] in ppids)) continue
    if (ENVIRON["play_ps_name"] != "" && f[11] != ENVIRON["play_ps_name"]) continue
    if (ENVIRON["play_ps_uid"] != "" && f[3] != ENVIRON["play_ps_uid"]) continue
    if (ENVIRON["play_ps_matched"] != "" && !(n in hits)) continue
    chosen[f[1]] = 1
  }
  for (n = 2; n <= last; n++) {
    if (!(n in row)) continue
    split(row[n], f, "\t")
    if (!(f[1] in chosen) && !(ENVIRON["play_ps_children"] != "" && below(f[1], chosen))) continue
    if (below(f[1], self)) continue
    if (!short) { print row[n]; uids[f[3]] = 1; continue }
    if (f[4] == "Z" || (f[1] in over) && !(f[1] in pids)) continue
    command = f[12]
    gsub(/\037/, " ", command)
    print f[1] "\t" f[10] "\t" f[11] "\t" command
  }
  if (short) exit
  while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); if (f[3] in uids) { print "user\t" f[3] "\t" f[1]; delete uids[f[3]] } }
  for (uid in uids) {
    ask = "getent passwd " uid " 2>/dev/null || id -un " uid " 2>/dev/null"
    if ((ask | getline line) > 0) { split(line, f, ":"); print "user\t" uid "\t" f[1] }
    close(ask)
  }
}`;
