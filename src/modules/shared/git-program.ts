import type { Sh } from '../../model/resource.ts';
import { joinSh, quote, raw, sh } from '../../program/sh.ts';

/** How git is started on the host. */
export interface GitProgram {
  executable?: string;
  /** Private key on the host for SSH. */
  keyFile?: string;
  /** Trust a host key that is seen for the first time. */
  acceptNewHostKey?: boolean;
}

/** Defines `play_git`: it never asks anything, and looking changes nothing (`git status` would refresh the index). */
export function gitProgram({ executable = 'git', keyFile, acceptNewHostKey = false }: GitProgram): Sh {
  // git gives this text to a shell, so the key is quoted for that one.
  const options = [
    '-o BatchMode=yes',
    ...(keyFile === undefined ? [] : [`-i ${quote(keyFile)} -o IdentitiesOnly=yes`]),
    ...(acceptNewHostKey ? ['-o StrictHostKeyChecking=accept-new'] : []),
  ].join(' ');
  return sh`play_git() { GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_SSH_COMMAND="\${GIT_SSH_COMMAND:-ssh} "${options} ${executable} "$@"; }`;
}

/** Runs this where there is a git, and cannot tell anything where there is none. */
export function whereGit(executable: string, body: Sh): Sh {
  return joinSh([
    sh`if command -v ${executable} >/dev/null 2>&1; then`,
    body,
    sh`else printf '%s\\n' ${`there is no ${executable} on the host; a package task can install git`} >&2; (exit 10)`,
    raw('fi'),
  ]);
}
