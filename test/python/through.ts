import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Event } from '../../src/model/event.ts';
import type { Value } from '../../src/model/value.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';
import { isPlaybook, type Row } from './rows.ts';

/** What came of a row: its answer, or why there is none. */
export type Came = { answer: Value } | { failed: string };

const late = 240_000;

/** Runs the programs of rows in one process of Debian's Python, each in a folder and a namespace of its own. */
export async function throughPython(rows: readonly Row[], server: string | undefined): Promise<Came[]> {
  await using desk = await createDesk();
  const given = rows.map((row, i) => {
    const dir = join(desk.dir, String(i));
    place(dir, row.files);
    return { dir, python: row.python, args: row.args ?? [], stdin: row.stdin ?? '', env: row.env ?? {} };
  });
  // Not the first python3 on the path: the libraries are packages of Debian.
  const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'through.py')], {
    env: { PATH: process.env['PATH'], HOME: desk.home, LANG: 'C.UTF-8', TZ: 'UTC' },
    timeout: late,
  });
  child.stdin.end(JSON.stringify({ server: server ?? null, rows: given }));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`python3 ended with ${code}; it said:\n${err}`);
  return JSON.parse(out);
}

/**
 * Runs the tasks of rows: all that can run together are the plays of one playbook, each against a host of its own in a folder that is cleared before.
 * A file of one that has the same name and another text puts it into the next playbook.
 */
export async function throughPlay(rows: readonly Row[], server: string | undefined): Promise<Came[]> {
  const came = new Map<Row, Came>();
  const alone = rows.filter((row) => row.refused !== undefined || isPlaybook(row));
  for (const batch of batches(rows.filter((row) => !alone.includes(row)))) {
    const together = await runTogether(batch, server);
    // One that is refused would take the others with it, so then each is tried by itself.
    if (together) for (const [row, one] of together) came.set(row, one);
    else alone.push(...batch);
  }
  for (const row of alone) came.set(row, await runAlone(row, server));
  return rows.map((row) => came.get(row) ?? { failed: 'it was not run' });
}

function batches(rows: readonly Row[]): Row[][] {
  const made: { rows: Row[]; files: Record<string, string> }[] = [];
  for (const row of rows) {
    const files = Object.entries(row.files ?? {});
    const fits = made.find((batch) => files.every(([path, text]) => (batch.files[path] ?? text) === text));
    if (fits) {
      fits.rows.push(row);
      Object.assign(fits.files, row.files);
    } else made.push({ rows: [row], files: { ...row.files } });
  }
  return made.map((batch) => batch.rows);
}

/** Undefined: play refused to run them. */
async function runTogether(rows: readonly Row[], server: string | undefined): Promise<Map<Row, Came> | undefined> {
  const hosts = rows.map((_, i) => `row${i}`);
  await using desk = await createDesk({
    'rows.yml': rows
      .map((row, i) =>
        [begin(`../files/${i}`), row.play].map((tasks) => `- hosts: row${i}\n  tasks:\n${indented(tasks)}`).join('\n'),
      )
      .join('\n'),
    '../hosts.yml': inventory(hosts, server),
  });
  rows.forEach((row, i) => {
    place(join(desk.dir, '../files', String(i)), row.files);
    // What is read before the run has to be there.
    place(desk.dir, row.files);
  });
  const played = await run(desk, 'rows.yml', {});
  if (played.exit === 2) return undefined;
  const events = eventsOf(played);
  return new Map(rows.map((row, i) => [row, cameOf(events, `row${i}`, played)]));
}

async function runAlone(row: Row, server: string | undefined): Promise<Came> {
  const own = isPlaybook(row);
  await using desk = await createDesk({
    'site.yml': own ? row.play : `- hosts: localhost\n  tasks:\n${indented(row.play)}`,
    '../hosts.yml': inventory(['localhost'], server),
  });
  place(desk.dir, row.files);
  const played = await run(desk, 'site.yml', row);
  if (played.exit === 2) return { failed: played.stderr };
  return cameOf(eventsOf(played), 'localhost', played);
}

function run(desk: Desk, book: string, { args = [], stdin, env }: Partial<Row>): Promise<Played> {
  return desk.play([book, '-i', '../hosts.yml', '-o', 'json', ...args], {
    timeout: late,
    env: { TZ: 'UTC', ...env },
    ...(stdin === undefined ? {} : { stdin }),
  });
}

/** A folder that holds what the row has and nothing else, but for the playbook. A play of its own: what a task reads of this machine may be read when its play begins. */
function begin(files: string): string {
  const clear = 'find . -mindepth 1 -maxdepth 1 ! -name rows.yml -exec rm -rf {} +';
  return `- name: begin\n  shell: '${clear} && cp -R ${files}/. .'`;
}

function inventory(hosts: readonly string[], server: string | undefined): string {
  const vars = { ansible_connection: 'local', ...(server === undefined ? {} : { server }) };
  return JSON.stringify({ all: { vars, hosts: Object.fromEntries(hosts.map((host) => [host, {}])) } });
}

function place(dir: string, files: Record<string, string> = {}): void {
  mkdirSync(dir, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

function eventsOf({ stdout }: Played): Event[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function cameOf(events: readonly Event[], host: string, { exit, stderr }: Played): Came {
  const answers = events.flatMap((event) =>
    event.type === 'register' && event.host === host && event.name === 'answer' ? [event] : [],
  );
  const faults = events.flatMap((event) =>
    'host' in event &&
    event.host === host &&
    'failure' in event &&
    event.failure &&
    !('ignored' in event || 'rescued' in event)
      ? [`${'task' in event ? `${event.task}: ` : ''}${event.failure.message}`]
      : [],
  );
  const last = answers.at(-1);
  if (faults.length > 0) return { failed: faults.join('\n') };
  if (!last) return { failed: `nothing is registered or set as "answer" (exit ${exit}) ${stderr}` };
  if (last.masked) return { failed: 'a secret is in the answer, so it is not shown' };
  return { answer: last.value };
}
