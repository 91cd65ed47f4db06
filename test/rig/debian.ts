import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { must, run } from './run.ts';

const release = 'bookworm';
/** An init, a bus for it, and the server that lets play in. */
const packages = ['systemd-sysv', 'dbus', 'openssh-server'];

/**
 * Kept from one test run to the next, since it takes minutes and never changes.
 * Makes `$1` with debootstrap from the mirror `$2`, and removes older ones; tests beside this one wait for it.
 */
const make = `
[ -d "$1" ] && exit
rm -rf "\${1%-*}"-*
trap 'rm -rf "$1.new"' EXIT
debootstrap --variant=minbase --include=${packages.join()} ${release} "$1.new" "$2"
rm -f "$1.new"/var/cache/apt/archives/*.deb
mv "$1.new" "$1"
`;

/** Copies the files of a fresh, bare Debian 12 to a folder; the first time they are fetched, by debootstrap. Needs root. */
export async function bareDebian(dir: string): Promise<void> {
  const key = createHash('sha256').update(make).digest('hex').slice(0, 12);
  const kept = `/var/tmp/play-test-debian-${key}`;
  if (!existsSync(kept))
    await must('flock', ['/var/tmp/.play-test-debian', 'sh', '-euc', make, 'sh', kept, await findMirror()]);
  await must('cp', ['-a', '--', kept, dir]);
  await writeFile(join(dir, 'etc/machine-id'), '');
}

/** Where this machine has its own packages from. */
async function findMirror(): Promise<string> {
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)', 'Created-By: Packages']);
  const mirror = stdout
    .split('\n')
    .map((line) => line.split(' '))
    .find(([site, suite]) => suite === release && site?.startsWith('http://'))?.[0];
  return mirror ?? 'http://deb.debian.org/debian';
}

/** A proxy for apt of machines that reach nothing but this one. */
export async function startAptProxy(host: string): Promise<{ url: string; stop(): void }> {
  const server: Server = createServer((asked, answer) => {
    const { hostname, port, pathname, search, host } = new URL(asked.url ?? '');
    const headers = { ...asked.headers, host };
    const onward = request({ hostname, port: port || 80, path: pathname + search, method: asked.method, headers });
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', (error) => {
      answer.writeHead(502).end(String(error));
    });
    asked.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://${host}:${port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
