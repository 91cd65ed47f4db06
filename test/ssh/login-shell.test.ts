import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountOptions } from '../rig/accounts.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { talk } from '../transports/talk.ts';
import { reach } from './reachable.ts';

/** The command that starts every session (docs/architecture.md): it has to reach /bin/sh whatever the login shell makes of it. */
const bootstrap =
  `exec /bin/sh -c 'exec 3<&0 </dev/null; n=$(printf "\\nx"); n=\${n%x}; b=; ` +
  `while IFS= read -r l <&3; do case $l in "#go") eval "$b"; b=;; *) b=$b$l$n;; esac; done'`;

const shells = ['/bin/sh', '/bin/bash', '/usr/bin/fish', '/usr/bin/zsh', '/usr/bin/mksh', '/usr/bin/tcsh'].filter(
  existsSync,
);
const nickname = (shell: string): string => shell.split('/').at(-1) ?? '';

let rig: Rig;
beforeAll(async () => {
  const accounts: Record<string, AccountOptions> = Object.fromEntries(
    shells.map((shell) => [nickname(shell), { shell }]),
  );
  rig = await startSshd({ accounts });
});
afterAll(() => rig?.stop());

describe('a session starts', () => {
  test.each(shells)('under the login shell %s', async (shell) => {
    const connection = await reach(rig, { target: { user: rig.accounts[nickname(shell)]?.name ?? '' } });
    const program = `printf '%s\\n' "two  spaces" 'back\\slash' "$0" "$((1+1))"\n#go\nexit 7\n#go\n`;
    const { stdout, stderr, end } = await talk(connection, bootstrap, program);
    expect(stdout.toString()).toBe('two  spaces\nback\\slash\n/bin/sh\n2\n');
    expect(stderr.toString()).toBe('');
    expect(end).toEqual({ kind: 'exit', code: 7 });
    await connection.close();
  });
});
