import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createStyle } from '../reporters/style.ts';
import type { Surroundings } from './surroundings.ts';

/** Something that tasks about networks need of the machine that they run on, and whether this one has it. */
interface Finding {
  what: string;
  /** Why not, and what to do; undefined: all is there. */
  missing?: string;
}

interface Tier {
  title: string;
  tasks: string;
  findings: Finding[];
}

/**
 * `play doctor`: what this machine can do of the tasks about networks and packets, in three tiers, and why not the rest. Gives the exit code,
 * which is 0: not to have what nobody needs is no failure.
 */
export async function doctor(around: Surroundings): Promise<number> {
  const style = createStyle({ color: around.color, unicode: around.unicode });
  const [good, bad] = around.unicode ? ['✓', '✖'] : ['ok', '--'];
  const lines: string[] = [];
  for (const { title, tasks, findings } of await tiers(around)) {
    const isWhole = findings.every(({ missing }) => missing === undefined);
    lines.push(`${isWhole ? style.green(good) : style.yellow(bad)} ${style.bold(title)}  ${tasks}`);
    for (const { what, missing } of findings)
      lines.push(`    ${what}${missing === undefined ? '' : `: ${style.yellow(missing)}`}`);
  }
  lines.push(
    '',
    'This is about the machine that play runs on; the second and third tier use the programs of each host.',
  );
  around.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

async function tiers(around: Surroundings): Promise<Tier[]> {
  const path = [...(around.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), '/usr/sbin', '/sbin'];
  const program = async (names: string[], advice: string): Promise<Finding> => {
    const what = names.join(' or ');
    for (const name of names) {
      const found = await firstOf(path.map((folder) => join(folder, name)));
      if (found !== undefined) return { what: names.length > 1 ? `${what} (${found})` : `${name} (${found})` };
    }
    return { what, missing: `not found; ${advice}` };
  };
  const rights: Finding = {
    what: 'raw sockets',
    ...(!(await hasRawSockets(around)) && {
      missing:
        around.uid === 0
          ? 'this root has been denied them (CAP_NET_RAW); a container gets them with --cap-add NET_RAW'
          : 'only root has them; run those tasks with become: true',
    }),
  };
  return [
    {
      title: 'no rights needed',
      tasks: 'packet (built), pcap, port_check, port_scan, port_listen, socket, dns_query, get_certificate',
      findings: [{ what: 'nothing but Node' }],
    },
    {
      title: 'programs of the host',
      tasks: 'net_ping, capture; port_check, port_scan, socket, dns_query, get_certificate with from: target',
      findings: [
        await program(['ping'], 'net_ping needs it: install iputils-ping or iputils'),
        await program(['tcpdump'], 'capture needs it: install tcpdump'),
        { ...rights, what: 'the right to capture' },
        await program(['perl', 'bash', 'nc'], 'from: target needs one of them: install perl'),
        await program(['openssl'], 'get_certificate with from: target needs it: install openssl'),
      ],
    },
    {
      title: 'raw packets',
      tasks: 'packet (sent, answered), arp_scan, traceroute',
      findings: [await program(['perl'], 'they are sent by it: install perl'), rights],
    },
  ];
}

async function firstOf(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const may = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (may) return file;
  }
  return undefined;
}

/** CAP_NET_RAW, bit 13 of the effective capabilities (capabilities(7)); where there are none, root may. */
async function hasRawSockets({ uid }: Surroundings): Promise<boolean> {
  try {
    const [, mask = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
    return ((BigInt(`0x${mask}`) >> 13n) & 1n) === 1n;
  } catch {
    return uid === 0;
  }
}
