import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { processSelect } from './process-list.ts';

/** Something to wait for. */
export interface Look {
  /** What has to be defined first; opens an `if` that ends the whole. */
  tools: Sh[];
  /** A command that succeeds when the waiting is over. */
  check: Sh;
  failure: string;
}

/**
 * No connection to a TCP port of the host is left, on any of its addresses: states 1 to 6 of the kernel's tcp_states.h, from ESTABLISHED to
 * TIME_WAIT. Where there is no /proc, netstat tells.
 */
export function drained(port: number): Look {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const states = 'ESTABLISHED|SYN_SENT|SYN_RECV|SYN_RCVD|SYN_RECEIVED|FIN_WAIT_?[12]|TIME_WAIT';
  return {
    tools: [
      sh`play_wf_busy() {
if [ -r /proc/net/tcp ]; then cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk ${`$2 ~ /:${hex}$/ && $4 ~ /^0[1-6]$/ { n++ } END { exit n == 0 }`}
else netstat -a -n | awk ${`$1 ~ /^tcp/ && $4 ~ /[.:]${port}$/ && $6 ~ /^(${states})$/ { n++ } END { exit n == 0 }`}; fi
}
if [ ! -r /proc/net/tcp ] && ! command -v netstat >/dev/null 2>&1; then echo 'looking at connections needs /proc or netstat on the host, and it has none' >&2; false; else`,
    ],
    check: raw('! play_wf_busy'),
    failure: `port ${port} still has connections`,
  };
}

/** A unit of systemd is active, or is not any more. */
export function unit(name: string, gone: boolean): Look {
  return {
    tools: [
      sh`if ! command -v systemctl >/dev/null 2>&1; then echo 'looking at a unit needs systemd on the host, and it has none' >&2; false; else`,
    ],
    check: gone
      ? sh`case $(systemctl is-active -- ${name} 2>/dev/null) in inactive | failed | unknown) true ;; *) false ;; esac`
      : sh`systemctl is-active --quiet -- ${name}`,
    failure: gone ? `unit ${name} is still active` : `unit ${name} is not active`,
  };
}

/** The process whose number a file holds runs, or does not any more. A zombie does not. */
export function pidFile(path: string, gone: boolean): Look {
  return {
    tools: [
      sh`play_wf_runs() {
play_wf_p=
{ read -r play_wf_p <${path}; } 2>/dev/null
case $play_wf_p in '' | *[!0-9]*) return 1 ;; esac
if [ ! -r /proc/self/stat ]; then ps -p "$play_wf_p" >/dev/null 2>&1; return; fi
{ read -r play_wf_p <"/proc/$play_wf_p/stat"; } 2>/dev/null || return 1
case $play_wf_p in *') Z '*) return 1 ;; esac
}
if false; then :; else`,
    ],
    check: gone ? raw('! play_wf_runs') : raw('play_wf_runs'),
    failure: gone ? `the process of ${path} still runs` : `the process of ${path} does not run`,
  };
}

/** A process whose command line fits runs, or none does any more. */
export function running(pattern: string, gone: boolean): Look {
  return {
    tools: [joinSh([processSelect({ pattern }, 'short'), raw('if false; then :; else')])],
    check: gone
      ? raw('play_wf_p=$(play_ps_select) && [ -z "$play_wf_p" ]')
      : raw('play_wf_p=$(play_ps_select) && [ -n "$play_wf_p" ]'),
    failure: gone ? `a process that fits "${pattern}" still runs` : `no process fits "${pattern}"`,
  };
}
