import type { Value } from '../../model/value.ts';
import { wholeNumber } from './fact-text.ts';

interface Samples {
  before: string[];
  after: string[];
  /** Between the two. */
  seconds: number;
}

const kinds = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** The lines `cpu`, `cpu0` … of /proc/stat: ticks by kind, since the start. Time of guests is part of user and nice already. */
export function readCpu({ before, after }: Samples): Value {
  const [old, now] = [ticks(before), ticks(after)];
  const total = differences(old.get('cpu'), now.get('cpu'));
  const each = [...now.keys()].filter((name) => name !== 'cpu');
  const parts = Object.fromEntries(kinds.map((kind, i) => [kind, percent(total[i] ?? 0, sum(total))]));
  return {
    count: each.length,
    percent: busy(total),
    per_cpu: each.map((name) => busy(differences(old.get(name), now.get(name)))),
    ...parts,
  };
}

function ticks(lines: string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const line of lines) {
    const [name = '', ...numbers] = line.trim().split(/\s+/);
    if (/^cpu\d*$/.test(name))
      found.set(
        name,
        kinds.map((_, i) => wholeNumber(numbers[i])),
      );
  }
  return found;
}

/** Counters of some kernels go back a little; what has gone back is no time. */
function differences(old: number[] = [], now: number[] = []): number[] {
  return now.map((value, i) => Math.max(0, value - (old[i] ?? 0)));
}

/** Waiting for a disk is idle, too. */
function busy(parts: number[]): number {
  const all = sum(parts);
  return all === 0 ? 0 : percent(all - (parts[3] ?? 0) - (parts[4] ?? 0), all);
}

/** /proc/diskstats (Documentation/admin-guide/iostats.rst of Linux): sectors are of 512 bytes whatever the device has. Loops and RAM disks are left out. */
export function readDiskIo({ before, after, seconds }: Samples): Value {
  const old = new Map(before.map((line) => [nameOf(line), line.trim().split(/\s+/)]));
  return after.flatMap((line) => {
    const f = line.trim().split(/\s+/);
    const name = nameOf(line);
    if (f.length < 14 || /^(loop|ram|zram)\d/.test(name)) return [];
    const number = (i: number) => wholeNumber(f[i]);
    const gain = (i: number) => Math.max(0, number(i) - wholeNumber(old.get(name)?.[i] ?? f[i]));
    return [
      {
        name,
        reads: number(3),
        writes: number(7),
        read_bytes: number(5) * 512,
        write_bytes: number(9) * 512,
        read_rate: rate(gain(5) * 512, seconds),
        write_rate: rate(gain(9) * 512, seconds),
        busy_percent: Math.min(100, percent(gain(12) / 1000, seconds)),
      },
    ];
  });
}

function nameOf(line: string): string {
  return line.trim().split(/\s+/)[2] ?? '';
}

/** /proc/net/dev: eight columns of what was received, eight of what was sent. */
export function readNetwork({ before, after, seconds }: Samples): Value {
  const old = new Map(before.flatMap(interfaceOf));
  return after.flatMap(interfaceOf).map(([name, now]) => {
    const number = (i: number) => now[i] ?? 0;
    const gain = (i: number) => Math.max(0, number(i) - (old.get(name)?.[i] ?? number(i)));
    return {
      name,
      received_bytes: number(0),
      sent_bytes: number(8),
      received_packets: number(1),
      sent_packets: number(9),
      errors: number(2) + number(10),
      dropped: number(3) + number(11),
      receive_rate: rate(gain(0), seconds),
      send_rate: rate(gain(8), seconds),
    };
  });
}

function interfaceOf(line: string): [string, number[]][] {
  const [, name, counters = ''] = /^\s*(\S+?):\s*(\d.*)$/.exec(line) ?? [];
  return name === undefined ? [] : [[name, counters.split(/\s+/).map((text) => wholeNumber(text))]];
}

function sum(parts: number[]): number {
  return parts.reduce((all, part) => all + part, 0);
}

function rate(bytes: number, seconds: number): number {
  return seconds > 0 ? Math.round(bytes / seconds) : 0;
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 100 : 0;
}
