// Runs what was built once, on everyday tasks here and over SSH, so that V8 compiles what most runs need.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const here = import.meta.dirname;

/** Writes what V8 made of the files in a bundle's folder beside each of them. Without it play works all the same, and starts more slowly. */
export async function warmUp(bundle) {
  const home = mkdtempSync(join(tmpdir(), 'play-build-'));
  const host = spawn(process.execPath, [join(here, 'host.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await Promise.race([once(host.stdout, 'data'), once(host, 'exit')]);
    const { port, hostKey, key } = JSON.parse(line);
    const file = (name, content, mode = 0o644) => {
      writeFileSync(join(home, name), content, { mode });
      return join(home, name);
    };
    cpSync(here, home, { recursive: true });
    for (const name of ['here', 'there']) mkdirSync(join(home, name));
    file('large', 'x'.repeat(100_000));
    const there = {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_ssh_private_key_file: file('key', key, 0o600),
    };
    const hosts = { here: { ansible_connection: 'local' }, there };
    const inventory = file('hosts.yml', JSON.stringify({ all: { vars: { place: home }, hosts } }));
    const known = file('known_hosts', `[127.0.0.1]:${port} ${hostKey}\n`);
    const book = [join(home, 'book.yml'), '-i', inventory];
    // Each starts with what the one before has left, and adds to it.
    await record([bundle, ...book, '--known-hosts', known, '-o', 'lines'], home);
    await record([bundle, 'lint', ...book], home);
  } catch (error) {
    console.warn(`play will start more slowly, its code could not be compiled ahead: ${error.message}`);
  } finally {
    host.stdin.end();
    rmSync(home, { recursive: true, force: true });
  }
}

async function record(args, home) {
  const play = spawn(process.execPath, [join(here, 'record.cjs'), ...args], {
    env: { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [status]] = await Promise.all([text(play.stdout), text(play.stderr), once(play, 'exit')]);
  if (status !== 0) throw new Error(out + err);
}
