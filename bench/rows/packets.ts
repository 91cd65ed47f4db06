import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ether } from '../../src/packets/layers/ether.ts';
import { ip } from '../../src/packets/layers/ip.ts';
import { tcp } from '../../src/packets/layers/tcp.ts';
import { udp } from '../../src/packets/layers/udp.ts';
import { captureHeader, captureRecord } from '../../src/packets/write-capture.ts';
import { median, timed } from '../measure.ts';
import { type Bench, environment } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row, ratio } from '../row.ts';

const form = { format: 'pcap', linkType: 1, snaplen: 262_144, isNano: false } as const;
const lengths = [0, 6, 120, 512, 1200, 1448];

/** A capture of so many bytes: packets of TCP and UDP of all lengths, between some thousand pairs of addresses. */
function writeLarge(path: string, bytes: number): number {
  const base = lengths.map((length, i) => {
    const payload = Buffer.alloc(length, 'x');
    const isUdp = i % 3 === 2;
    const segment = isUdp
      ? udp.build({ sport: 40_000 }, { payload })
      : tcp.build({ sport: 40_000, dport: 443, flags: 'A' }, { payload });
    const packet = ip.build({ src: '10.0.0.1', dst: '10.1.0.1' }, { payload: segment, next: isUdp ? 'udp' : 'tcp' });
    return ether.build({}, { payload: packet, next: 'ip' });
  });
  const file = openSync(path, 'w');
  let written = writeSync(file, captureHeader(form));
  let packets = 0;
  while (written < bytes) {
    const records: Buffer[] = [];
    for (let i = 0; i < 2000; i += 1) {
      const data = Buffer.from(base[(packets * 7) % base.length]!);
      // Addresses and a port that repeat after a while, as those of real clients do; nobody looks at the sums.
      const pair = (packets * 7919) % 4000;
      data.writeUInt16BE(pair % 200, 28);
      data.writeUInt16BE(Math.floor(pair / 200), 32);
      data.writeUInt16BE(40_000 + (pair % 5), 34);
      const micros = packets * 17;
      const nanos = (micros % 1_000_000) * 1000;
      const frame = {
        seconds: 1_700_000_000 + Math.floor(micros / 1e6),
        nanos,
        data,
        length: data.length,
        linkType: 1,
      };
      records.push(captureRecord(frame, form));
      packets += 1;
    }
    written += writeSync(file, Buffer.concat(records));
  }
  closeSync(file);
  return packets;
}

async function largeCapture(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  if (!peers.has('play')) return [];
  const capture = join(bench.temp, 'large.pcap');
  const packets = writeLarge(capture, 100 * 1024 * 1024);
  const book = join(bench.temp, 'large.play.yml');
  writeFileSync(book, `- hosts: localhost\n  tasks:\n    - pcap: { src: ${capture}, tables: [conversations] }\n`);
  const run = (argv: string[]): Promise<number> =>
    timed({ argv, env: environment(bench.temp), cwd: bench.temp, output: join(bench.temp, 'packets.out') });
  const times = { play: [] as number[], tshark: [] as number[] };
  for (let round = 0; round < (quick ? 1 : 5); round += 1) {
    times.play.push(await run([process.execPath, bench.play, book]));
    times.tshark.push(await run(['tshark', '-q', '-z', 'conv,ip', '-r', capture]));
  }
  const [mine, theirs] = [median(times.play), median(times.tshark)];
  note(`${packets} packets: play ${duration(mine)}, tshark ${duration(theirs)}`);
  return [
    {
      work: '100 MiB of packets summed up',
      cells: { play: duration(mine) },
      checks: [atMost('of tshark -q -z conv,ip', 1, 'x', ratio(mine, theirs))],
      notes: [`100 MiB of packets (${packets}): tshark took ${duration(theirs)}`],
    },
  ];
}

/** The rows that are about packets. */
export const packetRows: Row[] = [{ id: 'p', title: 'packets summed up', hosts: 1, run: largeCapture }];
