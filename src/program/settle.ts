import { killFunctions, ledgerPath, loadable, type Nonces, runDirectory } from './bootstrap.ts';
import { quote } from './sh.ts';

/**
 * What became of a step whose report never came. `gone`: it had begun, nothing of it runs any more, and how it ended is not written down.
 * `restarted`: so is the host since, and with that what it had written down may be lost.
 */
export type Settled = 'not-started' | 'running' | 'gone' | 'restarted' | { rc: number };

/** What is asked about a session that was lost. */
export interface SettleRequest {
  nonces: Nonces;
  /** Its shell, where that was told. */
  pid: number | undefined;
  /** Steps without a report, in the order in which they were sent. */
  steps: readonly number[];
  /** Those of them that were seen to begin. */
  began: readonly number[];
  /** Seconds since the session was opened: a host that is up for less has been restarted. */
  openFor: number;
  /** Files that were to be written: temp files of the session beside them are removed. */
  writing: readonly string[];
  /** Other users' shells may still need the run directory, to see that they are to stop. */
  children: boolean;
}

/** Tenths of a second that a step which still runs is waited for. */
const patience = 50;

/**
 * A program for a channel of its own: has the lost shell pass over what it was sent, waits a moment for what runs,
 * ends the shell (never the author's command) and prints what it wrote down.
 */
export function settleProgram({ nonces, pid, steps, writing, children }: SettleRequest): Buffer {
  const dir = runDirectory(nonces);
  const ledger = ledgerPath(nonces);
  const token = `${nonces.kill}:\\(${steps.join('\\|')}\\):`;
  const folders = [...new Set(writing.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))];
  // The pid may belong to something else by now; only our shells have the boot command in their arguments.
  const alive = pid === undefined ? 'false' : `grep -qs play_r /proc/${pid}/cmdline`;
  return loadable([
    killFunctions,
    `mkdir -m 711 ${dir} 2>/dev/null; echo stop >${dir}/stop`,
    'play_i=0 play_h=" "',
    ...(steps.length > 0
      ? [
          `while play_pids '${token}'; [ $play_i -lt ${patience} ]; do`,
          // Between the end of a command and the line in the ledger lies a moment.
          `if [ "$play_h" = " " ]; then case $(tail -n 1 ${ledger} 2>/dev/null) in start*) ${alive} || break ;; *) break ;; esac; fi`,
          'play_i=$((play_i + 1)); sleep 0.1 2>/dev/null || { sleep 1; play_i=$((play_i + 9)); }',
          'done',
        ]
      : []),
    ...(pid === undefined ? [] : [`if ${alive}; then kill -s KILL ${pid}; fi`]),
    ...folders.map((folder) => `rm -f -- ${quote(folder)}.play-*-${nonces.kill} 2>/dev/null`),
    `printf '%s\\n' '${nonces.marker}'; cat ${ledger} 2>/dev/null`,
    'if [ "$play_h" != " " ]; then echo busy; fi',
    'if read -r play_x play_y </proc/uptime; then echo "up $play_x"; fi 2>/dev/null',
    `printf '%s\\n' '${nonces.marker}'`,
    // A shell that could not be ended is still to see that it is to stop.
    children || pid === undefined ? `if [ "$play_h" = " " ]; then rm -rf ${dir}; fi` : `rm -rf ${dir}`,
  ]);
}

/** Seconds by which two clocks may differ that count the same time. */
const clockError = 1;

/** Reads what the program printed, whatever startup files printed before. undefined: it did not get to its end. */
export function readSettled(
  said: string,
  { nonces, steps, began, openFor }: SettleRequest,
): Map<number, Settled> | undefined {
  const ledger = said.split(`${nonces.marker}\n`)[1];
  if (ledger === undefined || said.split(`${nonces.marker}\n`).length < 3) return undefined;
  const started = new Set<number>();
  const ended = new Map<number, number>();
  let busy = false;
  let restarted = false;
  for (const line of ledger.split('\n')) {
    const [word, id, rc] = line.split(' ');
    if (word === 'start') started.add(Number(id));
    if (word === 'end') ended.set(Number(id), Number(rc));
    if (word === 'busy') busy = true;
    if (word === 'up') restarted = Number(id) + clockError < openFor;
  }
  // Only author code is written down; what brings about a state is known by its processes alone.
  const running = busy
    ? (steps.find((id) => started.has(id) && !ended.has(id)) ?? steps.find((id) => !ended.has(id)))
    : undefined;
  return new Map(
    steps.map((id): [number, Settled] => {
      const rc = ended.get(id);
      if (rc !== undefined) return [id, { rc }];
      if (restarted) return [id, 'restarted'];
      if (id === running) return [id, 'running'];
      return [id, started.has(id) || began.includes(id) ? 'gone' : 'not-started'];
    }),
  );
}
