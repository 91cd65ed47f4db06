import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareDebian, startAptProxy } from './debian.ts';
import { must, type Ran, run } from './run.ts';
import { rigPrefix, sweep } from './sweep.ts';

/** A machine of its own: a bare Debian that systemd has booted, on a network with this one alone. */
export interface Machine {
  dir: string;
  /** How it and this machine reach each other. */
  address: string;
  here: string;
  /** A private key that root takes there, its public half beside it in `.pub`, and the file that knows the machine's own key. */
  key: string;
  knownHosts: string;
  /** Runs a command there with the system's ssh. */
  ssh(user: string, command: string): Promise<Ran>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Boots a bare Debian with systemd-nspawn. Its only network leads here, where a proxy fetches packages for it. Needs root. */
export async function startMachine(): Promise<Machine> {
  await sweep();
  const dir = await mkdtemp(join(tmpdir(), rigPrefix(process.pid)));
  const ends: (() => unknown)[] = [() => rm(dir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const root = join(dir, 'root');
    const key = join(dir, 'id');
    const { here, address } = addresses(process.pid);
    await bareDebian(root);
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'play test rig', '-f', key]);
    await mkdir(join(root, 'root/.ssh'), { mode: 0o700, recursive: true });
    await writeFile(join(root, 'root/.ssh/authorized_keys'), readFileSync(`${key}.pub`));
    await giveAddress(root, address);
    const power = await boot({ dir, root, here });
    ends.push(() => power.off());
    const proxy = await startAptProxy(here);
    ends.push(() => proxy.stop());
    await writeFile(join(root, 'etc/apt/apt.conf.d/proxy'), `Acquire::http::Proxy "${proxy.url}";\n`);
    const knownHosts = join(dir, 'known_hosts');
    const ssh = (user: string, command: string) =>
      run('ssh', [
        ...['-F', 'none', '-i', key, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5'],
        ...['-o', `UserKnownHostsFile=${knownHosts}`, `${user}@${address}`, command],
      ]);
    await retry('its sshd', power, async () => {
      const { stdout } = await run('ssh-keyscan', ['-t', 'ed25519', address]);
      await writeFile(knownHosts, stdout);
      return ssh('root', 'systemctl is-system-running --wait');
    });
    return { dir, address, here, key, knownHosts, ssh, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    const said = readFileSync(join(dir, 'console.log'), { encoding: 'utf8', flag: 'a+' }).slice(-2000);
    await stop();
    throw new Error(`the machine did not come up: ${error instanceof Error ? error.message : error}\n${said}`);
  }
}

/** Two addresses of the range that is set aside for benchmarks (RFC 2544), other ones for each process. */
function addresses(pid: number): { here: string; address: string } {
  const net = `198.18.${(pid >> 6) & 255}`;
  const first = (pid & 63) * 4;
  return { here: `${net}.${first + 1}`, address: `${net}.${first + 2}` };
}

async function giveAddress(root: string, address: string): Promise<void> {
  const system = join(root, 'etc/systemd');
  await writeFile(
    join(system, 'network/10-host0.network'),
    `[Match]\nName=host0\n\n[Network]\nAddress=${address}/30\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n`,
  );
  await mkdir(join(system, 'system/multi-user.target.wants'), { recursive: true });
  const unit = 'systemd-networkd.service';
  await symlink(`/lib/systemd/system/${unit}`, join(system, 'system/multi-user.target.wants', unit));
}

/** A machine that is on. */
interface Power {
  /** How it ended by itself; undefined: it has not. */
  ended(): number | undefined;
  /** An orderly shutdown, as of a machine whose power button was pressed; by force when that takes long. */
  off(): Promise<void>;
}

/** What systemd-nspawn ends with when the machine inside has asked to be restarted (systemd-nspawn(1), "Exit status"). */
const restarts = 133;

/** Boots the machine, again after each time that it restarts itself, and gives this end of its network an address. */
async function boot({ dir, root, here }: { dir: string; root: string; here: string }): Promise<Power> {
  const name = `pt${process.pid}`;
  const console = openSync(join(dir, 'console.log'), 'a');
  const args = ['--boot', '--register=no', '--keep-unit', '--network-veth', '--timezone=off'];
  args.push(`--machine=${name}`, `--directory=${root}`);
  let nspawn: ChildProcess;
  let ended: number | undefined;
  let isOff = false;
  const power: Power = {
    ended: () => ended,
    async off() {
      isOff = true;
      if (nspawn.exitCode !== null || nspawn.signalCode !== null) return;
      const gone = once(nspawn, 'exit');
      nspawn.kill('SIGTERM');
      const force = setTimeout(() => nspawn.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(force);
    },
  };
  const start = async (): Promise<void> => {
    nspawn = spawn('systemd-nspawn', args, { stdio: ['ignore', console, console] });
    nspawn.once('exit', (code) => {
      if (code === restarts && !isOff) start().catch(() => {});
      else ended = code ?? -1;
    });
    writeFileSync(join(dir, 'server.json'), JSON.stringify({ pid: nspawn.pid }));
    const wire = `ve-${name}`;
    await retry('the network of the machine', power, () => run('ip', ['addr', 'add', `${here}/30`, 'dev', wire]));
    await must('ip', ['link', 'set', wire, 'up']);
  };
  await start();
  return power;
}

/** Until it succeeds, for a minute, as long as the machine is on. */
async function retry(what: string, power: Power, attempt: () => Promise<Ran>): Promise<void> {
  for (let left = 300; ; left -= 1) {
    const { rc, stderr } = await attempt();
    if (rc === 0) return;
    const ended = power.ended();
    if (ended !== undefined) throw new Error(`systemd-nspawn ended with ${ended}`);
    if (left === 0) throw new Error(`${what}: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
