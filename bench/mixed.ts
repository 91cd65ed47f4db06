import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Farm, seeds } from './farm.ts';

const seed = (name: string): string => seeds[name]?.text ?? '';

/** What every host's directory holds after the ten mixed tasks: path → text, and mode. */
function wanted(host: string): Record<string, { text: string; mode: number }> {
  return {
    'app/motd': {
      text: 'This machine is managed.\nChanges that are made by hand will be lost.\n\nAsk the people who run it: ops@example.org\n',
      mode: 0o644,
    },
    'app/app.conf': {
      text: `# configuration of ${host}\nserver_name ${host}\nlisten 8080\nworker red weight=3\nworker green weight=2\nworker blue weight=1\n`,
      mode: 0o640,
    },
    'app/done': { text: '', mode: 0o644 },
    'secret.key': { text: seed('secret.key'), mode: 0o600 },
    'sshd.conf': {
      text: seed('sshd.conf').replace('#PermitRootLogin prohibit-password', 'PermitRootLogin no'),
      mode: 0o644,
    },
    'limits.conf': { text: seed('limits.conf').replace('nofile 1024', 'nofile 65536'), mode: 0o644 },
    hosts: {
      text: `${seed('hosts')}# BEGIN bench\n192.0.2.10 db.example.org db\n192.0.2.11 cache.example.org cache\n192.0.2.12 queue.example.org queue\n# END bench\n`,
      mode: 0o644,
    },
  };
}

const octal = (mode: number): string => (mode & 0o7777).toString(8);

/** Compares every file, mode and link of the first hosts with what they have to be. Throws with the first difference. */
export function verifyMixed(farm: Farm, hosts: number): void {
  for (const host of farm.names(hosts)) {
    const dir = join(farm.base, host);
    const differs = (what: string): never => {
      throw new Error(`${host}: ${what}`);
    };
    for (const [file, { text, mode }] of Object.entries(wanted(host))) {
      const path = join(dir, file);
      const found = readFileSync(path, 'utf8');
      if (found !== text) differs(`${file} holds ${JSON.stringify(found)}, not ${JSON.stringify(text)}`);
      const has = lstatSync(path).mode;
      if (octal(has) !== octal(mode)) differs(`${file} has mode ${octal(has)}, not ${octal(mode)}`);
    }
    const app = lstatSync(join(dir, 'app'));
    if (!app.isDirectory() || octal(app.mode) !== '755') differs('app is not a directory of mode 755');
    if (readlinkSync(join(dir, 'current')) !== join(dir, 'app')) differs('current does not point to app');
  }
}
