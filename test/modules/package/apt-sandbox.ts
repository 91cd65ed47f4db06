import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../rig/run.ts';

/** A dpkg database and an apt repository of their own, so that packages can be installed without touching the machine. */
export interface AptSandbox {
  /** What makes apt-get and dpkg-query use it. */
  env: Record<string, string>;
  /** Puts a package into the repository; apt sees it after its next update. */
  publish(name: string, version: string, fields?: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a sandbox with an empty database. */
export async function aptSandbox(): Promise<AptSandbox> {
  const root = await mkdtemp(join(tmpdir(), 'play-apt-'));
  const folders = [
    'var/lib/dpkg/info',
    'var/lib/dpkg/updates',
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
  ];
  for (const folder of [...folders, 'etc/apt/preferences.d', 'var/log', 'repo', 'build'])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of ['var/lib/dpkg/status', 'var/lib/dpkg/available', 'repo/Packages'])
    await writeFile(join(root, file), '');
  await writeFile(join(root, 'etc/apt/sources.list'), `deb [trusted=yes] copy:${root}/repo ./\n`);
  const config = join(root, 'apt.conf');
  await writeFile(
    config,
    `Dir "${root}/";
Dir::State::status "${root}/var/lib/dpkg/status";
Dir::Etc::sourceparts "-";
Dir::Etc::parts "-";
Dir::Bin::methods "/usr/lib/apt/methods";
APT::Sandbox::User "root";
DPkg::Options { "--instdir=${root}"; "--admindir=${root}/var/lib/dpkg"; "--force-not-root"; "--force-bad-path"; };
`,
  );
  const packages: string[] = [];
  return {
    env: { APT_CONFIG: config, DPKG_ADMINDIR: join(root, 'var/lib/dpkg') },
    remove: () => rm(root, { recursive: true, force: true }),
    async publish(name, version, fields = '') {
      const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: play <play@example.com>\nDescription: a test\n${fields}`;
      const build = join(root, 'build', `${name}-${version}`);
      await mkdir(join(build, 'DEBIAN'), { recursive: true });
      await writeFile(join(build, 'DEBIAN/control'), control);
      const file = `${name}_${version}_all.deb`;
      await must('dpkg-deb', ['--root-owner-group', '-b', build, join(root, 'repo', file)]);
      const sum = createHash('sha256')
        .update(await readFile(join(root, 'repo', file)))
        .digest('hex');
      const { size } = await stat(join(root, 'repo', file));
      packages.push(`${control}Filename: ./${file}\nSize: ${size}\nSHA256: ${sum}\n`);
      await writeFile(join(root, 'repo/Packages'), packages.join('\n'));
    },
  };
}
