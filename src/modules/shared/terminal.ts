import { StringDecoder } from 'node:string_decoder';
import type { BothContext } from '../../model/module.ts';
import type { Action, Resource } from '../../model/resource.ts';
import { quote, sh } from '../../program/sh.ts';
import { type RunningParams, runAuthorCode } from './author-code.ts';

/** What a program on a terminal has printed since it was last asked, and its status once it has ended; null: that is not known. */
export interface Printed {
  text: string;
  ended?: { rc: number | null };
}

/** A program of the host that runs on a terminal of its own. */
export interface Terminal {
  /** Types this text, then waits for what the program prints, a second at most. Undefined: the run is being stopped. */
  exchange(text: string): Promise<Printed | undefined>;
  /** Ends the program where it has not, and takes away what was needed for it. */
  close(): Promise<void>;
}

/** A program to be started on a terminal. */
export interface TerminalProgram extends Pick<RunningParams, 'chdir' | 'creates' | 'removes'> {
  words: readonly string[];
  /** Whether the terminal shows what is typed. */
  echo: boolean;
}

/** Bytes that one look takes at most: what a pipe holds on Linux. */
const lookSize = 65_536;

/** A terminal, or why there is none: it failed; it was not needed (`creates`, `removes`); it is a check. */
export type Opened = { terminal: Terminal } | { failed: string } | { unneeded: boolean };

/** Starts the program, which then goes on between the visits. */
export async function openTerminal(module: string, program: TerminalProgram, context: BothContext): Promise<Opened> {
  const [started] = await context.visit([startOf(module, program, context)], { mayFail: true });
  if (started?.failure) return { failed: started.stderr.trim() || started.failure.message };
  const [, dir, clock] = /^terminal (\S+) (\d+)$/m.exec(started?.stdout.toString('utf8') ?? '') ?? [];
  if (dir === undefined || clock === undefined) return { unneeded: started?.status === 'ok' };
  return { terminal: terminalAt({ dir, clock, context }) };
}

function terminalAt({ dir, clock, context }: { dir: string; clock: string; context: BothContext }): Terminal {
  const decoder = new StringDecoder('utf8');
  return {
    async exchange(text) {
      const answers = await context.visit([...(text === '' ? [] : [typing(dir, text)]), looking(dir, clock)]);
      const look = answers.at(-1);
      if (look === undefined || look.status !== 'ok') return undefined;
      const printed = decoder.write(Buffer.from(look.stdout.filter((byte) => byte !== 0)));
      const [, rc] = /^ended (\d*)$/m.exec(look.stderr) ?? [];
      if (rc === undefined || look.stdout.length === lookSize) return { text: printed };
      return { text: printed + decoder.end(), ended: { rc: rc === '' ? null : Number(rc) } };
    },
    async close() {
      const run = sh`/bin/sh ${dir}/close >/dev/null 2>&1`;
      await context.visit([{ kind: 'action', reads: true, run }], { mayFail: true });
    },
  };
}

/** The text goes through the input of the session and a builtin of its shell: it is never in the arguments of a process. */
function typing(dir: string, text: string): Resource {
  return { kind: 'action', run: sh`play_out ${text} >${dir}/in` };
}

/** Waits for a byte, and takes all there is. A program that was over before has printed its last then. */
function looking(dir: string, clock: string): Resource {
  return {
    kind: 'action',
    reads: true,
    run: sh`play_tty_e=; if [ -e ${dir}/end ]; then play_tty_e=1; fi
if kill -0 ${clock} 2>/dev/null; then dd bs=${lookSize} count=1 <${dir}/out 2>/dev/null; else play_tty_e=1; fi
if [ -n "$play_tty_e" ]; then echo "ended $(cat ${dir}/rc 2>/dev/null)" >&2; fi`,
  };
}

function startOf(module: string, { words, echo, ...where }: TerminalProgram, context: BothContext): Action {
  const assign = { play_tty_run: onTerminal(words, echo), play_tty_close: closer };
  const { result: _, ...start } = runAuthorCode(module, { text: starter, assign }, where, context);
  return start;
}

/**
 * Runs on the terminal, around the program, and writes down its status: not every `script` gives it. What runs in the background
 * has SIGINT ignored (POSIX 2.11), and only `env` of newer GNU systems can take that back, so that ^C means something again.
 */
function onTerminal(words: readonly string[], echo: boolean): string {
  return `trap : INT QUIT
echo $$ >"\${0%/*}/group"
${echo ? '' : 'stty -echo\n'}stty rows 24 columns 80 2>/dev/null
if [ -n "$PLAY_SHELL" ]; then SHELL=$PLAY_SHELL; else unset SHELL; fi
unset PLAY_SHELL
play_env=
if env --default-signal=INT,QUIT true 2>/dev/null; then play_env='env --default-signal=INT,QUIT'; fi
umask 022
(exec $play_env ${words.map(quote).join(' ')})
echo $? >"\${0%/*}/rc"
`;
}

const missing =
  'a terminal needs the program script of util-linux or busybox on the host (Debian has it in bsdutils, Alpine in util-linux-misc)';

/**
 * Takes all of it away, and ends a program that has not ended: at first as a line that is hung up does. The guard becomes this when the
 * session is gone. Nothing of the user's is left to run, or the user could not be removed right after.
 */
const closer = `cd "\${0%/*}" || exit
trap '' TERM
read -r job clock guard holder <pids
if [ ! -e end ]; then
  group=$(cat group)
  kill -s HUP -- "-$group"
  kill -s TERM "$job"
  n=0
  while kill -0 "$job" && [ $n -lt 10 ]; do sleep 0.1 || sleep 1; n=$((n + 1)); done
  kill -s KILL -- "-$group"
  kill -s KILL "$job"
fi
if [ "$guard" = $$ ]; then guard=$holder; fi
kill "$clock" "$guard" "$holder"
# One that waits to write what nobody will read does not hear TERM.
sleep 0.1 || sleep 1
kill -s KILL "$clock" "$guard" "$holder"
rm -rf "$PWD"
`;

/**
 * `script` holds the terminal; what is typed comes from a FIFO, what is printed goes to another. A clock puts a NUL, which a terminal
 * passes over, into the second one each second, so that nobody waits there for ever. When the session is gone a guard ends the program.
 * Both can be ended in the middle of a second.
 */
const starter = `play_tty_owner=$PPID
umask 077
unset PLAY_STEP
if ! command -v script >/dev/null 2>&1; then echo '${missing}, which is not there' >&2; exit 1; fi
if ! SHELL=/bin/sh script -q -c : /dev/null </dev/null >/dev/null 2>&1; then echo '${missing}; the one that is there does not work' >&2; exit 1; fi
case \${TMPDIR-} in '' | [!/]* | *[!A-Za-z0-9/._-]*) play_tty_tmp=/tmp ;; *) play_tty_tmp=$TMPDIR ;; esac
play_tty_n=0
until play_tty_d=$play_tty_tmp/.play-terminal-$$-$play_tty_n && mkdir "$play_tty_d" 2>/dev/null; do
  play_tty_n=$((play_tty_n + 1))
  if [ $play_tty_n -gt 99 ]; then echo "no folder can be made in $play_tty_tmp" >&2; exit 1; fi
done
mkfifo "$play_tty_d/in" "$play_tty_d/out" && printf '%s' "$play_tty_run" >"$play_tty_d/run" && printf '%s' "$play_tty_close" >"$play_tty_d/close" || exit 1
(
  exec 3<>"$play_tty_d/in" 4<>"$play_tty_d/out"
  second() { sleep 1 & nap=$!; wait $nap; }
  PLAY_SHELL=\${SHELL-} SHELL=/bin/sh script -q -c "exec /bin/sh $play_tty_d/run" /dev/null <&3 >&4 2>&4 3<&- 4>&- &
  job=$!
  (trap 'kill $nap; exit' TERM; while second; do printf '\\0' >&4; done) 3<&- &
  clock=$!
  (trap 'kill $nap; exit' TERM; while kill -0 "$play_tty_owner"; do second; done; exec /bin/sh "$play_tty_d/close") 3<&- 4>&- &
  guard=$!
  holder=$(exec sh -c 'echo $PPID')
  echo "$job $clock $guard $holder" >"$play_tty_d/pids"
  echo "terminal $play_tty_d $clock" >"$play_tty_d/ready"
  wait "$job"
  : >"$play_tty_d/end"
  # Again and again: the look under way may have taken it with the last output.
  while printf '\\0' >&4; do sleep 0.1 || sleep 1; done
) </dev/null >/dev/null 2>&1 &
until [ -s "$play_tty_d/ready" ]; do sleep 0.05 2>/dev/null || sleep 1; done
cat "$play_tty_d/ready"
`;
