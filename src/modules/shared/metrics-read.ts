import type { Fields, Value } from '../../model/value.ts';
import { linesOf, unescapeOctal, wholeNumber } from './fact-text.ts';
import { type MetricGroup, metricGroups } from './metrics-program.ts';
import { readCpu, readDiskIo, readNetwork } from './metrics-samples.ts';

/** Reads what metricsProgram printed; a group that the host does not tell is null, one that hung is named in `late`. Never throws. */
export function readMetrics(text: string, groups: readonly MetricGroup[]): Fields {
  const parts = new Map<string, string[]>();
  const sizes: string[] = [];
  let lines: string[] = [];
  for (const line of linesOf(text)) {
    const title = /^== (.*)$/.exec(line)?.[1];
    if (title === undefined && !line.startsWith('df ')) lines.push(line);
    else if (title === undefined) sizes.push(line);
    else {
      lines = [];
      parts.set(title, lines);
    }
  }
  const interval = [...parts.keys()].map((title) => /^interval ([\d.]+) ([\d.]+)$/.exec(title)).find((found) => found);
  const between = interval ? Number(interval[2]) - Number(interval[1]) : 0;
  const late = groups.filter((group) => parts.has(`${group} late`));
  const read = (group: MetricGroup): Value => {
    const before = parts.get(`${group} before`);
    const after = parts.get(`${group} after`);
    if (before && after) return sampledReaders[group]?.({ before, after, seconds: between }) ?? null;
    const said = parts.get(group) ?? (group === 'disks' ? parts.get('disks late') : undefined);
    if (said === undefined) return null;
    return group === 'disks' ? readDisks([...said, ...sizes]) : (readers[group]?.(said) ?? null);
  };
  const all = Object.fromEntries(metricGroups.map((group) => [group, groups.includes(group) ? read(group) : null]));
  return { ...all, late };
}

type Samples = { before: string[]; after: string[]; seconds: number };

const sampledReaders: Partial<Record<MetricGroup, (samples: Samples) => Value>> = {
  cpu: readCpu,
  disk_io: readDiskIo,
  network: readNetwork,
};

const readers: Partial<Record<MetricGroup, (lines: string[]) => Value>> = {
  memory: readMemory,
  swap: readSwap,
  load: readLoad,
  sensors: readSensors,
  users: readUsers,
  uptime: readUptime,
};

function kilobytes(lines: string[]): (name: string) => number | undefined {
  const found = new Map<string, number>();
  for (const line of lines) {
    const [, name = '', size] = /^([A-Za-z()_]+):\s+(\d+) kB$/.exec(line) ?? [];
    if (size !== undefined) found.set(name, wholeNumber(size) * 1024);
  }
  return (name) => found.get(name);
}

function readMemory(lines: string[]): Value {
  const size = kilobytes(lines);
  const total = size('MemTotal') ?? 0;
  const free = size('MemFree') ?? 0;
  const [buffers, cached] = [size('Buffers') ?? 0, size('Cached') ?? 0];
  // Kernels before 3.14 do not say what is available.
  const available = size('MemAvailable') ?? free + buffers + cached;
  const used = Math.max(0, total - available);
  return { total, available, used, free, buffers, cached, percent: share(used, total) };
}

function readSwap(lines: string[]): Value {
  const size = kilobytes(lines);
  const [total, free] = [size('SwapTotal') ?? 0, size('SwapFree') ?? 0];
  const used = Math.max(0, total - free);
  return { total, used, free, percent: share(used, total) };
}

/** The kernel's `0.10 0.20 0.30 1/99 1234`, or what uptime says: `load averages: 1,10 2,20 3,30`. */
function readLoad([line = '']: string[]): Value {
  const said = /load averages?:\s*(.*)$/.exec(line)?.[1] ?? line;
  const [one, five, fifteen] = (said.match(/\d+[.,]\d+/g) ?? []).map((number) => Number(number.replace(',', '.')));
  return one === undefined || five === undefined || fifteen === undefined ? null : { one, five, fifteen };
}

/** /proc/uptime and the btime of /proc/stat, or sysctl's `{ sec = 1700000000, usec = 0 } Tue …` and the time now. */
function readUptime([first = '', second = '']: string[]): Value {
  const boot = /\bsec = (\d+)/.exec(first)?.[1];
  if (boot !== undefined)
    return { seconds: Math.max(0, wholeNumber(second) - wholeNumber(boot)), boot_time: wholeNumber(boot) };
  const seconds = /^(\d{1,15})(\.\d+)? /.exec(first)?.[1];
  return seconds === undefined
    ? null
    : { seconds: Number(seconds), boot_time: wholeNumber(/^btime (\d+)$/.exec(second)?.[1]) };
}

/** A device that is mounted in several places is listed once, where it was mounted first; one that hung is without sizes. */
function readDisks(lines: string[]): Value {
  const sizes = new Map<string, RegExpExecArray>();
  const mounts: { id: string; device: string; mount: string; fstype: string }[] = [];
  for (const line of lines) {
    const [, id = '', device = '', at = '', fstype = ''] = /^mount (\d+) (\S+) (\S+) (\S+)$/.exec(line) ?? [];
    if (id !== '') mounts.push({ id, device: unescapeOctal(device), mount: unescapeOctal(at), fstype });
    const row = /^df (\d+) (\S.*?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line);
    if (row?.[1] === '0') mounts.push({ id: `0 ${row[6]}`, device: row[2] ?? '', mount: row[6] ?? '', fstype: '' });
    if (row) sizes.set(row[1] === '0' ? `0 ${row[6]}` : (row[1] ?? ''), row);
  }
  const seen = new Set<string>();
  return mounts.flatMap(({ id, ...mount }): Fields[] => {
    if (seen.has(mount.device)) return [];
    seen.add(mount.device);
    const row = sizes.get(id);
    if (!row) return [{ ...mount, size: null, used: null, available: null, percent: null }];
    const [size, used, available] = [row[3], row[4], row[5]].map((text) => wholeNumber(text) * 1024) as [
      number,
      number,
      number,
    ];
    // As df counts: what is kept for root is neither used nor available.
    return [{ ...mount, size, used, available, percent: share(used, used + available) }];
  });
}

function readSensors(lines: string[]): Value {
  return lines.flatMap((line) => {
    const [, value, name = ''] = /^(-?\d{1,9}) (.+)$/.exec(line) ?? [];
    return value === undefined ? [] : [{ name, celsius: Number(value) / 1000 }];
  });
}

/** `who` of GNU and BSDs puts the other machine in parentheses, that of busybox puts it last, behind a time with seconds. */
function readUsers(lines: string[]): Value {
  return lines.flatMap((line) => {
    const [, name = '', terminal = ''] = /^(\S+)\s+(\S+)\s/.exec(line) ?? [];
    const host = /\(([^()]*)\)\s*$/.exec(line)?.[1] ?? /\d\d:\d\d:\d\d\s+(\S+)\s*$/.exec(line)?.[1] ?? '';
    return name === '' || (name === 'USER' && terminal === 'TTY') ? [] : [{ name, terminal, host }];
  });
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 100 : 0;
}
