import type { Converge, Outcome } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { sh } from '../../program/sh.ts';
import { type ProcessFilter, processSelect } from './process-list.ts';

/** How processes are asked to end. */
export interface Ending {
  signal?: string;
  /** Seconds that they have for it. */
  timeout?: number;
  /** Whether they are killed when that is over. */
  force?: boolean;
}

/**
 * No process is left that fits. A process is known by its number and the time of its start, so that one that has got the number
 * of another meanwhile is not taken for it. Where ps tells the time it may be out by a second.
 */
export function endProcesses(filter: ProcessFilter, { signal = 'TERM', timeout = 10, force = true }: Ending): Converge {
  const select = processSelect(filter, 'short');
  const late = force
    ? sh`play_ps_signal KILL
play_ps_wait 5
if [ -n "$play_ps_live" ]; then echo "still there after SIGKILL: $(play_ps_names)" >&2; false; fi`
    : sh`echo ${`still running ${timeout} s after SIG${signal}:`} "$(play_ps_names)" >&2
echo 'a longer timeout gives them more time; force: true kills them' >&2
false`;
  return {
    kind: 'converge',
    probe: [{ sh: sh`${select}\nplay_ps_select` }],
    expect: '',
    // What a probe defines is gone with its subshell.
    apply: sh`${select}
${functions}
play_ps_live=$(play_ps_select) && if play_ps_own; then false; else
play_ps_signal ${signal} && {
play_ps_wait ${timeout}
if [ -n "$play_ps_live" ]; then
${late}
fi
}
fi`,
    result: ended,
  };
}

/**
 * play_ps_live holds the rows of those that are still to end. `play_ps_signal SIG` signals them, and fails when that is not allowed;
 * `play_ps_wait SECONDS` waits for their end. What the session runs under would take the session with it.
 */
const functions = sh`play_ps_names() { play_out "$play_ps_live" | awk -F '\\t' '{ printf "%s%s (%s)", (NR > 1 ? ", " : ""), $1, $3 }'; }
play_ps_own() {
play_ps_up=$(play_ps_read | play_ps_self=$$ LC_ALL=C awk -F '\\t' '{ up[$1] = $2 } END { for (p = ENVIRON["play_ps_self"]; p in up; p = up[p]) { printf " %s", p; if (up[p] == p) break } }')
for play_ps_p in $(play_out "$play_ps_live" | cut -f 1); do
case "$play_ps_up " in *" $play_ps_p "*) echo "process $play_ps_p is one that this session runs under; it is left alone" >&2; return 0 ;; esac
done
return 1
}
play_ps_signal() {
for play_ps_p in $(play_out "$play_ps_live" | cut -f 1); do
play_ps_said=$(kill -s "$1" "$play_ps_p" 2>&1) && { if [ "$1" = KILL ]; then echo "killed $play_ps_p"; fi; continue; }
if [ -d "/proc/$play_ps_p" ] || ps -p "$play_ps_p" >/dev/null 2>&1; then
echo "process $play_ps_p cannot be signalled: $play_ps_said; become: true may help" >&2
return 1
fi
done
}
play_ps_wait() {
play_ps_until=$(($(date +%s) + $1))
while play_ps_look && [ -n "$play_ps_live" ] && [ "$(date +%s)" -lt "$play_ps_until" ]; do sleep 0.2 2>/dev/null || sleep 1; done
}
play_ps_look() {
set --
if [ -r /proc/self/stat ]; then
for play_ps_p in $(play_out "$play_ps_live" | cut -f 1); do set -- "$@" "/proc/$play_ps_p/cmdline"; done
fi
play_ps_live=$({ play_ps_read "$@"; echo; play_out "$play_ps_live"; } | LC_ALL=C awk -F '\\t' '
!then && $0 == "" { then = 1; next }
!then { if ($4 != "Z") there[$1] = $10; next }
$1 in there && there[$1] - $2 < 200 && $2 - there[$1] < 200')
}`;

function ended({ stdout, observed = '' }: Outcome): Fields {
  const processes = observed.split('\n').flatMap((line) => {
    const [pid = '', , name = '', ...command] = line.split('\t');
    return /^\d+$/.test(pid) ? [{ pid: Number(pid), name, command: command.join(' ') }] : [];
  });
  return {
    processes,
    pids: processes.map(({ pid }) => pid),
    count: processes.length,
    killed: [...stdout.matchAll(/^killed (\d+)$/gm)].map(([, pid]) => Number(pid)),
  };
}
