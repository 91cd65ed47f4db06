import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { killAll, processesOf } from './processes.ts';
import { must, run } from './run.ts';

/** What a test user should be like. */
export interface AccountOptions {
  /** Login shell, an absolute path; `/bin/sh` when not said. It need not be in /etc/shells. */
  shell?: string;
  /** Can be used for sudo, and for sshd when `PasswordAuthentication yes` is set. Without one the account has no password. */
  password?: string;
  /** Files of the home directory: path in it → text (`.profile`, `.bashrc`, `.config/fish/config.fish`). There are none by default. */
  files?: Record<string, string>;
  /** `nopasswd` or `password`: may run everything as everyone. Or lines of sudoers in which `%s` is the user name. */
  sudo?: 'nopasswd' | 'password' | string;
}

/** A user of this machine that lives as long as the rig. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
  password?: string;
}

/** The comment field by which a later rig recognises users whose owner died without a clean-up. */
export const accountComment = (pid: number): string => `play test rig ${pid}`;

// useradd, userdel and usermod give up at once when another one holds the lock of /etc/passwd, and test files run in parallel.
async function locked(file: string, args: string[], input?: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { rc, stderr } = await run(file, args, input);
    if (rc === 0) return;
    if (attempt === 100 || !/lock|try again|currently used/.test(stderr)) {
      throw new Error(`test rig: ${file} ${args.join(' ')} ended with ${rc}: ${stderr.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
  }
}

async function hash(password: string): Promise<string> {
  const salt = randomBytes(8).toString('hex');
  return must('perl', ['-e', `local $/; print crypt(<STDIN>, '$6$${salt}$')`], password);
}

const sudoersFile = (name: string): string => `/etc/sudoers.d/${name}`;

async function allowSudo(name: string, sudo: string): Promise<void> {
  const short: Record<string, string> = {
    nopasswd: '%s ALL=(ALL:ALL) NOPASSWD: ALL',
    password: '%s ALL=(ALL:ALL) PASSWD: ALL',
  };
  const lines = (short[sudo] ?? sudo).replaceAll('%s', name);
  // Made beside and renamed, so that no sudo of another test reads half a file (names with a dot are not read).
  const draft = `${sudoersFile(name)}.new`;
  await writeFile(draft, `${lines}\n`, { mode: 0o440 });
  await must('visudo', ['-cqf', draft]);
  await must('mv', [draft, sudoersFile(name)]);
}

/** Makes a user whose home is below `homes`. Needs root. */
export async function addAccount(name: string, homes: string, options: AccountOptions): Promise<Account> {
  if (process.getuid?.() !== 0) throw new Error('test rig: only root can make test users; run these tests as root');
  const home = join(homes, name);
  const shell = options.shell ?? '/bin/sh';
  // `*` and not `!`: without PAM sshd refuses a locked account even with the right key.
  const password = options.password === undefined ? '*' : await hash(options.password);
  await locked('useradd', [
    ...['--no-log-init', '--no-create-home', '--user-group', '--home-dir', home, '--shell', shell],
    ...['--comment', accountComment(process.pid), '--password', password, name],
  ]);
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number(await must('id', [flag, name]))));
  if (uid === undefined || gid === undefined) throw new Error(`test rig: ${name} has no ids`);
  await mkdir(home, { mode: 0o755 });
  await chown(home, uid, gid);
  for (const [path, text] of Object.entries(options.files ?? {})) {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o644);
  }
  await must('chown', ['-R', `${uid}:${gid}`, home]);
  if (options.sudo !== undefined) await allowSudo(name, options.sudo);
  const account: Account = { name, uid, gid, home, shell };
  if (options.password !== undefined) account.password = options.password;
  return account;
}

/** Ends the user's processes and removes the user and its sudo rights; the home directory is the caller's. */
export async function removeAccount(name: string, uid: number): Promise<void> {
  rmSync(sudoersFile(name), { force: true });
  rmSync(`${sudoersFile(name)}.new`, { force: true });
  // sudo's remembered passwords.
  rmSync(`/run/sudo/ts/${name}`, { force: true });
  rmSync(`/run/sudo/ts/${uid}`, { force: true });
  // Never by the id of a system account, whatever a damaged passwd file says.
  if (uid >= 1000) {
    await killAll(() => processesOf(uid));
    // What sessions that were cut off left: the next user may get the same id.
    for (const name of readdirSync('/tmp')) {
      const path = join('/tmp', name);
      const isTheirs = name.startsWith('play-') && lstatSync(path, { throwIfNoEntry: false })?.uid === uid;
      if (isTheirs) rmSync(path, { recursive: true, force: true });
    }
  }
  await locked('userdel', [name]);
}
