import { createHash } from 'node:crypto';
import convergeText from './runtime/converge.sh';
import coreText from './runtime/core.sh';
import killText from './runtime/kill.sh';
import probesText from './runtime/probes.sh';
import usersText from './runtime/users.sh';
import { quote } from './sh.ts';

/**
 * The secrets of one session. `marker` frames results and is never seen by anything else on the host; `become` may show in `ps` while
 * sudo runs; `kill` is in the environment of every step, to find its processes, and in the names of temp files.
 */
export interface Nonces {
  marker: string;
  become: string;
  kill: string;
}

/** What a session's shells need to know. */
export interface SessionSettings {
  nonces: Nonces;
  diff: boolean;
  /** The shell that runs the program, /bin/sh unless the inventory says otherwise. */
  shell: string;
}

/** The runtime without its comments and indentation: what travels first. */
const runtime = compact(`${usersText}\n${coreText}`);

/** The functions that end processes: sent when a step has a time limit, and over the second channel of an interrupt. */
export const killFunctions = compact(killText);

/** The functions that look at files and write them: sent with the first step that brings about a state. Commands do without. */
export const stateFunctions = compact(`${probesText}\n${convergeText}`);

/**
 * The command for the login shell, whichever that is: no quote inside, no backslash, no `!`, no newline, so that sh, fish and csh read it alike.
 * It only loads the runtime: a line with a byte count, then that many bytes by dd (GNU, busybox and newer BSD count exactly).
 */
export function bootCommand(shell: string): string {
  return `exec ${quote(shell)} -c '${bootScript}'`;
}

const bootScript =
  'exec 3<&0 </dev/null; IFS= read -r n <&3; if [ "$n" -gt 0 ] 2>/dev/null; then ' +
  'play_r=$(dd bs=$n count=1 iflag=fullblock <&3 2>/dev/null); ' +
  '[ -n "$play_r" ] || echo "play: dd on this host cannot read an exact count" >&2; eval "$play_r"; ' +
  'else echo "play: a startup file of the login shell has read from standard input" >&2; exit 1; fi';

/** A text as the boot command takes it. */
export function loadable(lines: readonly string[]): Buffer {
  const text = [...lines, ''].join('\n');
  return Buffer.from(`${Buffer.byteLength(text)}\n${text}`);
}

/** Where a session keeps its ledger, stop file and FIFOs, on the host. Anyone can see that it is there, so nothing follows from its name. */
export function runDirectory(nonces: Nonces): string {
  return `/tmp/play-${derived(nonces, 'directory').slice(0, 20)}`;
}

/** The beginning of names in the run directory that other users' shells write to: it cannot be listed, so they are secret. */
function secretPrefix(nonces: Nonces): string {
  return `${runDirectory(nonces)}/${derived(nonces, 'names')}`;
}

/** The file that says which steps without a probe have begun and ended: `start ID`, `end ID STATUS`. */
export function ledgerPath(nonces: Nonces): string {
  return `${secretPrefix(nonces)}.ledger`;
}

function derived(nonces: Nonces, use: string): string {
  return createHash('sha256').update(`${use} ${nonces.marker}`).digest('hex').slice(0, 32);
}

/** Everything that is sent first: the settings, the runtime, and the call of its loop. */
export function bootProgram(settings: SessionSettings): Buffer {
  const { nonces, shell, diff } = settings;
  return loadable([
    `play_M='\x1e${nonces.marker}' play_T='\x1e${nonces.become}' play_K=${nonces.kill}`,
    `play_R=${runDirectory(nonces)} play_L=${secretPrefix(nonces)}`,
    `play_D=${diff ? 1 : 0} play_S=${quote(shell)} play_B=${quote(bootScript)}`,
    runtime,
    'play_loop',
  ]);
}

/** A program of its own for a second channel: makes the session pass over what it was sent, unless its shell has ended. */
export function stopProgram(nonces: Nonces, pid: number | undefined): Buffer {
  const dir = runDirectory(nonces);
  return loadable([
    pid === undefined ? ':' : `kill -0 ${pid} 2>/dev/null || exit 0`,
    `mkdir -m 711 ${dir} 2>/dev/null; echo stop >${dir}/stop`,
  ]);
}

/** A program of its own, when the session has ended: the word to stop may have come after that. */
export function tidyProgram(nonces: Nonces): Buffer {
  return loadable([`rm -rf ${runDirectory(nonces)}`]);
}

/** A program of its own for a second channel, as the user of the step: ends the step's processes and prints which of them live on. */
export function killProgram(nonces: Nonces, step: number): Buffer {
  return loadable([
    killFunctions,
    // Between the word that a step begins and its first process lies a moment.
    `play_i=0; while play_pids ${nonces.kill}:${step}:; [ "$play_h" = " " ] && [ $play_i -lt 10 ]; do play_i=$((play_i + 1)); sleep 0.1; done`,
    `play_kill ${nonces.kill}:${step}:`,
    'echo "left:$play_h"',
  ]);
}

function compact(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}
