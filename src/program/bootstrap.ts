import killText from './kill.sh';
import runtimeText from './runtime.sh';
import { quote } from './sh.ts';

/**
 * The secrets of one session. `marker` frames results and is never seen by author code; `become` may show in `ps` while sudo runs;
 * `kill` names the run directory and finds the processes of a step.
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

/** The runtime without its comments and indentation: what travels. */
const runtime = compact(runtimeText);

/** The functions that end processes: sent when a step has a time limit, and over the second channel of an interrupt. */
export const killFunctions = compact(killText);

/**
 * The command for the login shell, whichever that is: no quote inside, no backslash, no `!`, no newline, so that sh, fish and csh read it alike.
 * It only loads the runtime: a line with a byte count, then that many bytes by dd (GNU, busybox and newer BSD count exactly).
 */
export function bootCommand(shell: string): string {
  return `exec ${quote(shell)} -c '${bootScript}'`;
}

const bootScript =
  'exec 3<&0 </dev/null; IFS= read -r n <&3; play_r=$(dd bs=$n count=1 iflag=fullblock <&3 2>/dev/null); ' +
  '[ -n "$play_r" ] || echo "play: dd on this host cannot read an exact count" >&2; eval "$play_r"';

/** Where a session keeps its ledger, stop file and FIFOs, on the host. */
export function runDirectory(nonces: Nonces): string {
  return `/tmp/play-${nonces.kill}`;
}

/** Everything that is sent first: the settings, the runtime, and the call of its loop. */
export function bootProgram(settings: SessionSettings): Buffer {
  const { nonces } = settings;
  const text = [
    `play_M='\x1e${nonces.marker}' play_T='\x1e${nonces.become}' play_K=${nonces.kill} play_R=${runDirectory(nonces)}`,
    `play_C=0 play_D=${settings.diff ? 1 : 0} play_S=${quote(settings.shell)} play_B=${quote(bootScript)}`,
    runtime,
    'play_loop',
    '',
  ].join('\n');
  return Buffer.from(`${Buffer.byteLength(text)}\n${text}`);
}

/** A program of its own for a second channel: sets the stop file and ends the processes of one step; prints what is left. */
export function stopProgram(nonces: Nonces, options: { step?: number; shell: string }): Buffer {
  const dir = runDirectory(nonces);
  const text = [
    killFunctions,
    `mkdir -m 711 ${dir} 2>/dev/null; echo stop >${dir}/stop`,
    options.step === undefined ? ':' : `play_kill ${nonces.kill}:${options.step}:\necho "left:$play_h"`,
    '',
  ].join('\n');
  return Buffer.from(`${Buffer.byteLength(text)}\n${text}`);
}

function compact(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}
