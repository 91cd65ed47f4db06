import { readFileSync } from 'node:fs';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../src/model/event.ts';
import { createDesk, type Desk, type Played, type Playing, type PlayOptions } from '../rig/cli.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

/** How a run went, for stories: what was seen, and what each host did. */
export interface Story extends Played {
  events: Event[];
  /** `changed first`, `failed second (ignored)`, `ok loop [b]`, `changed restart (handler)`: the steps of a host in their order. */
  did(host: string): string[];
  /** The line about a step of a host, and what stands below it, without time and colours. */
  told(host: string, task: string): string;
}

/** A desk with an inventory of hosts `web1`, `web2` … that work in folders of their own, `{{place}}`. */
export interface Stage {
  desk: Desk;
  rig: Rig | undefined;
  /** Runs `site.yml` (written first when its text is given) against all hosts. */
  run(playbook?: string, args?: readonly string[], options?: Partial<PlayOptions>): Promise<Story>;
  start(playbook: string, args?: readonly string[], options?: Partial<PlayOptions>): Promise<Playing>;
  /** Reads the end of a run that was started. */
  story(played: Played): Story;
  /** Text of a file in the folder of a host; empty when there is none. */
  read(host: string, file: string): string;
  /** Takes away what runs have left in the folders. */
  clean(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a stage: hosts that are this machine without a connection, or behind a real sshd with a user that may use sudo. */
export async function openStage(where: 'local' | 'ssh', hosts = 3): Promise<Stage> {
  const names = Array.from({ length: hosts }, (_, i) => `web${i + 1}`);
  const rig = where === 'ssh' ? await startSshd({ hosts, accounts: { app: { sudo: 'nopasswd' } } }) : undefined;
  const desk = await createDesk();
  const account = rig?.accounts['app'];
  const place = (host: string): string => join(account?.home ?? desk.dir, 'places', host);
  const clean = async (): Promise<void> => {
    await rm(join(place(''), '.'), { recursive: true, force: true });
    for (const path of [place(''), ...names.map(place)]) {
      await mkdir(path);
      if (account) await chown(path, account.uid, account.gid);
    }
  };
  await clean();
  const settings =
    rig && account
      ? { ansible_user: account.name, ansible_port: rig.port, ansible_ssh_private_key_file: rig.key }
      : { ansible_connection: 'local' };
  const entries = names.map((name, i) => [
    name,
    { place: place(name), ...(rig && { ansible_host: rig.addresses[i] }) },
  ]);
  desk.file('hosts.yml', JSON.stringify({ all: { vars: settings, hosts: Object.fromEntries(entries) } }));
  if (rig) desk.file('~/.ssh/known_hosts', rig.knownHosts());

  const start: Stage['start'] = (playbook, args = [], options = {}) => {
    desk.file('site.yml', playbook);
    desk.file('events.jsonl', '');
    return desk.start(['site.yml', '-i', 'hosts.yml', '-o', 'lines', '-o', 'json=events.jsonl', ...args], options);
  };
  const story = (played: Played): Story => ({ ...played, ...retold(played.stdout, join(desk.dir, 'events.jsonl')) });
  return {
    desk,
    rig,
    start,
    story,
    run: async (playbook = readFileSync(join(desk.dir, 'site.yml'), 'utf8'), args, options) =>
      story(await (await start(playbook, args, options)).done),
    read(host, file) {
      try {
        return readFileSync(join(place(host), file), 'utf8');
      } catch {
        return '';
      }
    },
    clean,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      await rig?.stop();
    },
  };
}

function retold(screen: string, events: string): Pick<Story, 'events' | 'did' | 'told'> {
  const read = readFileSync(events, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Event => JSON.parse(line));
  const ends = read.flatMap((event) => (event.type === 'step-end' ? [event] : []));
  return {
    events: read,
    did: (host) =>
      ends
        .filter((end) => end.host === host)
        .map(({ status, task, label, ignored, rescued, handler }) =>
          [status, task, label && `[${label}]`, ignored && '(ignored)', rescued && '(rescued)', handler && '(handler)']
            .filter(Boolean)
            .join(' '),
        ),
    told: (host, task) => block(screen, host, task),
  };
}

function block(screen: string, host: string, task: string): string {
  const found: string[] = [];
  for (const line of screen.split('\n')) {
    const [, about, rest = ''] = /^\d\d:\d\d:\d\d (\S+) +(.*)$/.exec(line) ?? [];
    if (about !== undefined) {
      if (found.length > 0) break;
      if (about === host && rest.includes(task)) found.push(rest.replace(/ +/g, ' ').replace(/ \([\d.]+m?s\)/, ''));
    } else if (found.length > 0 && line.startsWith('         ')) found.push(line.trim());
    else if (found.length > 0) break;
  }
  return found.join('\n');
}
