import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { must, run } from './run.ts';

const release = 'bookworm';
/** An init, a bus for it, and the server that lets play in. */
const packages = ['systemd-sysv', 'dbus', 'openssh-server'];

/** Kept from one test run to the next: it takes two minutes to make and never changes. */
const shelf = '/var/tmp';
const prefix = 'play-test-debian-';

/** Copies the files of a fresh, bare Debian 12 to a folder; the first time they are fetched, by debootstrap. Needs root. */
export async function bareDebian(dir: string): Promise<void> {
  const mirror = await findMirror();
  const key = createHash('sha256')
    .update([release, ...packages].join())
    .digest('hex')
    .slice(0, 12);
  const kept = join(shelf, `${prefix}${key}`);
  if (!existsSync(kept)) {
    await removeOthers();
    const draft = await mkdtemp(join(shelf, `.${prefix}`));
    try {
      const root = join(draft, 'root');
      await must('debootstrap', ['--variant=minbase', `--include=${packages.join()}`, release, root, mirror]);
      await rm(join(root, 'var/cache/apt/archives'), { recursive: true, force: true });
      await mkdir(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
      // Another run may have been quicker.
      await rename(root, kept).catch((error: unknown) => {
        if (!existsSync(kept)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  await must('cp', ['-a', '--', kept, dir]);
  await writeFile(join(dir, 'etc/machine-id'), '');
}

async function removeOthers(): Promise<void> {
  for (const name of readdirSync(shelf))
    if (name.startsWith(prefix)) await rm(join(shelf, name), { recursive: true, force: true });
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
