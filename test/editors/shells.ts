import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';
import { descendants, signal } from '../rig/processes.ts';
import { eventually } from '../rig/run.ts';

/** The shells that play completes in. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof shellNames)[number];

/** What a person sees who types a line and then TAB: the line as it is then, and everything on the screen. */
export interface Tabbed {
  line: string;
  screen: string;
}

/** A desk on whose PATH `play` is, as after an installation. */
export async function createShellDesk(files: Record<string, string>): Promise<Desk> {
  const desk = await createDesk(files);
  const program = await builtPlay();
  chmodSync(desk.file('~/bin/play', `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`), 0o755);
  return desk;
}

/** How each starts: as the documentation says, on a wide screen, with all candidates shown at once, and ^G telling what the line is. */
const starts: Record<ShellName, { args: string[]; startup: string }> = {
  bash: {
    args: ['--norc', '--noprofile', '-i'],
    startup: `stty cols 200 rows 200; bind 'set bell-style none'
bind 'set show-all-if-ambiguous on'; bind 'set completion-query-items 0'; bind 'set page-completions off'; bind 'set enable-bracketed-paste off'
bind -x '"\\C-g": printf "\\n<<%s>>\\n" "$READLINE_LINE"'
source <(play completion bash)
PS1='REA''DY> '`,
  },
  zsh: {
    args: ['-f', '-i'],
    startup: `stty cols 200 rows 200; LISTMAX=0; unset zle_bracketed_paste; unsetopt prompt_cr prompt_sp beep
autoload -Uz compinit && compinit -D -u
source <(play completion zsh)
told() { print -r -- $'\\n'"<<$BUFFER>>" }; zle -N told; bindkey '^G' told
PS1='REA''DY> '`,
  },
  fish: { args: ['--no-config'], startup: 'play completion fish | source' },
};

/** Types a line and TAB into a shell of its own. */
export async function tab(shell: ShellName, desk: Desk, line: string): Promise<Tabbed> {
  return shell === 'fish' ? tabInFish(desk, line) : tabOnTerminal(shell, desk, line);
}

const environment = (desk: Desk): Record<string, string> => ({
  PATH: `${desk.home}/bin:${process.env['PATH']}`,
  HOME: desk.home,
  XDG_STATE_HOME: `${desk.home}/state`,
  LANG: 'C.UTF-8',
  TERM: 'dumb',
});

/** fish tells itself what it would offer. */
async function tabInFish(desk: Desk, line: string): Promise<Tabbed> {
  const { args, startup } = starts.fish;
  const program = `${startup}; complete -C '${line.replaceAll("'", "\\'")}'`;
  const child = spawn('fish', [...args, '-c', program], {
    cwd: desk.dir,
    env: environment(desk),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { line, screen: await text(child.stdout) };
}

async function tabOnTerminal(shell: 'bash' | 'zsh', desk: Desk, line: string): Promise<Tabbed> {
  const { args, startup } = starts[shell];
  const rc = desk.file(`~/startup.${shell}`, `${startup}\n`);
  const child = spawn('script', ['-qefc', `${shell} ${args.join(' ')}`, '/dev/null'], {
    cwd: desk.dir,
    env: { ...environment(desk), PS1: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const seen = (pattern: RegExp): Promise<RegExpExecArray> =>
    eventually(`${pattern} from ${shell}, which said:\n${said}\nThat`, 20_000, () => pattern.exec(said) ?? undefined);
  try {
    child.stdin.write(`source ${rc}\n`);
    await seen(/READY> /);
    child.stdin.write(`${line}\t\u0007`);
    const [, typed = ''] = await seen(/<<(.*)>>/);
    return { line: typed, screen: said.slice(said.indexOf('READY> ')) };
  } finally {
    const family = child.pid === undefined ? [] : descendants(child.pid);
    child.kill('SIGKILL');
    signal(family, 'SIGKILL');
  }
}
