import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountOptions } from '../rig/accounts.ts';
import { createDesk, type Desk, type Played, type Playing, type PlayOptions } from '../rig/cli.ts';
import { processesOf } from '../rig/processes.ts';
import { eventually } from '../rig/run.ts';
import { type Rig, type SshdOptions, startSshd } from '../rig/sshd.ts';

/** Connection settings of one host, by the name of the variable: `{ ansible_port: 22 }`. An empty key file means none. */
export type HostVars = Record<string, string | number>;

/** What a run told, as a person reads it: times, ports, fingerprints and folders replaced by words. */
export interface Told {
  exit: number;
  /** The failures of the summary, in full. */
  trouble: string;
  /** The last line without its time. */
  verdict: string;
  /** How the tasks of a host ended, in order, with what stands under them. */
  of(host: string): string;
  /** Everything, as it was printed. */
  raw: Played;
  ms: number;
}

/** A user at a desk with a server, an account on it and a playbook. */
export interface Scene {
  rig: Rig;
  desk: Desk;
  /** Login name of the account that all hosts use unless they say otherwise. */
  user: string;
  /** Its home on the server, where playbooks work. */
  home: string;
  /** Writes hosts.yml: these, and a host `good` that works; forgets what earlier runs did in the home. */
  hosts(bad: Record<string, HostVars>): void;
  /** Makes the keys of the server known under its addresses, and under these: `['[localhost]:22']`. */
  know(names?: readonly string[]): void;
  /** What a host needs to be reached by way of a proxy; its key is known there. */
  through(proxy: { host: string; port: number }): HostVars;
  /** Runs a playbook (the one that appends to `log` when not said) on all hosts of hosts.yml. */
  run(args?: readonly string[], options?: Partial<PlayOptions>): Promise<Told>;
  start(args?: readonly string[], options?: Partial<PlayOptions>): Promise<Playing>;
  tell(played: Played): Told;
  /** What `play show` prints of the last run. */
  show(): Promise<Told>;
  /** Text of a file in the account's home; empty when there is none. */
  read(path: string): string;
  /** What sessions left on the server: files of the account outside its home, temp files inside, processes. Waits for those on their way out. */
  leftovers(): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Three tasks that tell on the host that they ran, each once: two commands around a file. */
const threeTasks = `- hosts: all
  tasks:
    - name: first
      shell: echo first >> "log-{{host.name}}"
    - name: file
      copy:
        dest: "{{home}}/file-{{host.name}}"
        content: "all of it\\n"
    - name: last
      shell: echo last >> "log-{{host.name}}"
`;

/** Starts a server with an account `app` of its own, and more accounts when asked. */
export async function createScene(
  options: Omit<SshdOptions, 'hosts'> & { accounts?: Record<string, AccountOptions>; app?: AccountOptions } = {},
): Promise<Scene> {
  const { app = {}, accounts, ...rest } = options;
  const rig = await startSshd({ hosts: 4, ...rest, accounts: { app, ...accounts } });
  const account = rig.accounts['app'];
  if (!account) throw new Error('no account');
  const desk = await createDesk({ 'site.yml': threeTasks });
  const { name: user, home, uid } = account;

  const hosts = (bad: Record<string, HostVars>): void => {
    const all: Record<string, HostVars> = { ...bad, good: { ansible_host: rig.addresses[3] ?? '' } };
    const common = { ansible_user: user, ansible_port: rig.port, home };
    for (const [name, vars] of Object.entries(all)) {
      all[name] = { ansible_ssh_private_key_file: rig.key, ...vars };
      if (all[name].ansible_ssh_private_key_file === '') delete all[name].ansible_ssh_private_key_file;
    }
    desk.file('hosts.yml', JSON.stringify({ all: { vars: common, hosts: all } }));
    for (const name of readdirSync(home)) if (/^(log|file)-/.test(name)) rmSync(join(home, name));
  };
  hosts({});
  const known: string[] = [];
  const know = (names: readonly string[] = []): void => {
    known.push(...names);
    const more = known.flatMap((name) => rig.hostKeys.map((key) => `${name} ${key}\n`));
    desk.file('~/.ssh/known_hosts', rig.knownHosts() + more.join(''));
  };
  know();

  const named = (login: string): string =>
    Object.entries(rig.accounts).find(([, each]) => each.name === login)?.[0] ?? login;
  const normal = (text: string): string =>
    text
      .replaceAll(home, 'HOME')
      .replaceAll(desk.home, 'DESK')
      .replaceAll(rig.dir, 'RIG')
      .replace(
        new RegExp(
          Object.values(rig.accounts)
            .map((each) => each.name)
            .sort((a, b) => b.length - a.length)
            .join('|'),
          'g',
        ),
        named,
      )
      // Lines of a text that nobody sees.
      .replace(/^(\s+│ )(\S*sh: )\d+: /gm, '$1$2N: ')
      .replace(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:…')
      .replace(/(127\.\d+\.\d+\.\d+|localhost):\d+/g, '$1:PORT')
      .replace(/-p \d+/g, '-p PORT')
      .replace(/within [\d.]+ s /g, 'within N s ');

  const tell = (played: Played): Told => {
    const lines = normal(played.stdout).split('\n');
    const table = lines.findIndex((line) => /^ {6,}(ok|changed|failed|unknown|unreachable) /.test(`${line} `));
    const blocks = lines.findIndex((line) => /^[✖?] \S/.test(line));
    const isTrouble = blocks >= 0 && blocks < table;
    const trouble = isTrouble
      ? lines.slice(
          blocks,
          lines.findIndex((line, i) => i > blocks && isAfterTrouble(line)),
        )
      : [];
    return {
      exit: played.exit,
      // Hosts fail in any order.
      trouble: trouble.join('\n').trim().split('\n\n').sort().join('\n\n'),
      verdict: (lines.findLast((line) => line.trim() !== '') ?? '').replace(/ · [\d.]+m?s$/, ''),
      of: (host) => told(lines, host),
      raw: played,
      ms: played.ms,
    };
  };

  const start: Scene['start'] = (args = ['site.yml'], given = {}) =>
    // Wide, so that a text stands on one line here.
    desk.start([...args, '-i', 'hosts.yml'], { ...given, env: { COLUMNS: '2000', ...given.env } });
  return {
    rig,
    desk,
    user,
    home,
    hosts,
    know,
    through({ host, port }) {
      know([`[${host}]:${port}`]);
      return { ansible_host: host, ansible_port: port };
    },
    start,
    tell,
    run: async (args, given) => tell(await (await start(args, given)).done),
    show: async () => tell(await desk.play(['show'], { env: { COLUMNS: '2000' } })),
    read: (path) => (existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : ''),
    leftovers: async () => {
      const list = (): string[] => [
        ...own('/tmp', uid),
        ...temps(home),
        ...processesOf(uid).map(
          (pid) => `process ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`,
        ),
      ];
      const found = await eventually('the end of all sessions', 3_000, () =>
        list().length === 0 ? [] : undefined,
      ).catch(list);
      // One test's fault is not the next one's.
      for (const path of found) if (path.startsWith('/tmp/play-')) rmSync(path, { recursive: true });
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await desk[Symbol.asyncDispose]();
      await rig.stop();
    },
  };
}

/** In a run the counts follow the failures, in `play show` the play does. */
function isAfterTrouble(line: string): boolean {
  return /^ {6,}\S/.test(line) || / · \d+ hosts? · \d+ tasks?$/.test(line);
}

/** The lines about a host without time and duration. */
function told(lines: readonly string[], host: string): string {
  const found: string[] = [];
  let own = false;
  for (const line of lines) {
    const about = /^\d\d:\d\d:\d\d (\S+)\s+(.*)$/.exec(line);
    if (about) {
      own = about[1] === host;
      if (own) found.push((about[2] ?? '').replace(/ {2,}/g, ' ').replace(/ \(([\d.]+m?s)\)/, ''));
    } else if (own && line.startsWith('         ')) found.push(line.slice(7));
    else own = false;
  }
  return found.join('\n');
}

function own(dir: string, uid: number): string[] {
  return readdirSync(dir)
    .filter((name) => /^\.?play/.test(name))
    .map((name) => join(dir, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === uid);
}

function temps(home: string): string[] {
  return readdirSync(home).filter((name) => name.startsWith('.play'));
}

/** What the host `good` tells when nothing disturbs it. */
export const goodHost = 'changed first\nchanged file\nchanged last';
