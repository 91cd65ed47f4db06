import type { Fields } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';

/** A socket that waits for connections or packets. */
export interface Port extends Fields {
  protocol: 'tcp' | 'udp';
  family: 'ipv4' | 'ipv6';
  address: string;
  port: number;
  pid: number | null;
  pids: number[];
  name: string;
  user: string;
}

/**
 * Prints what waits on ports. Linux: `order 1` where the low byte comes first, `socket TABLE ADDRESS:PORT UID INODE` from proc(5)'s tcp, tcp6,
 * udp and udp6, `user UID NAME`, and `holder PID INODE NAME` for what may be seen. Elsewhere the fields of lsof, or what netstat says.
 */
export const portList = raw(String.raw`if [ -r /proc/net/tcp ]; then
echo "order $(printf '\001\000' | od -A n -t u2 | tr -d ' \n')"
play_pt_q=
if ls -q /proc/self/fd >/dev/null 2>&1; then play_pt_q=-q; fi
ls -l $play_pt_q /proc/[0-9]*/fd 2>/dev/null | LC_ALL=C awk '
function table(kind, state,  file, line, f) {
  file = "/proc/net/" kind
  while ((getline line < file) > 0) {
    split(line, f, " ")
    if (f[4] != state) continue
    print "socket", kind, f[2], f[8], f[10]
    inodes["socket:[" f[10] "]"] = f[10]
    uids[f[8]] = 1
  }
  close(file)
}
BEGIN {
  table("tcp", "0A"); table("tcp6", "0A"); table("udp", "07"); table("udp6", "07")
  while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); if (f[3] in uids) { print "user", f[3], f[1]; delete uids[f[3]] } }
}
/^\/proc\/[0-9]+\/fd:$/ { split($0, path, "/"); pid = path[3]; next }
$NF in inodes && $(NF - 1) == "->" {
  name = ""
  file = "/proc/" pid "/comm"
  getline name < file
  close(file)
  print "holder", pid, inodes[$NF], name
}'
elif command -v lsof >/dev/null 2>&1; then
echo lsof
lsof -n -P -i TCP -s TCP:LISTEN -F pcLtPn 2>/dev/null
lsof -n -P -i UDP -F pcLtPn 2>/dev/null
else
echo netstat
netstat -a -n
fi
true`);

/** Reads what `portList` printed, in the order of protocols, ports and addresses. Never throws, whatever a host says. */
export function readPorts(text: string): Port[] {
  const [first = '', ...lines] = text.split('\n');
  const found =
    first === 'lsof' ? fromLsof(lines) : first === 'netstat' ? fromNetstat(lines) : fromTables(first, lines);
  return found.sort(
    (a, b) =>
      compare(a.protocol, b.protocol) ||
      a.port - b.port ||
      compare(a.family, b.family) ||
      compare(a.address, b.address),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fromTables(order: string, lines: string[]): Port[] {
  const users = new Map<string, string>();
  const holders = new Map<string, { pid: number; name: string }[]>();
  const sockets: string[][] = [];
  for (const line of lines) {
    const [kind, one = '', two = '', ...rest] = line.split(' ');
    if (kind === 'user') users.set(one, two);
    else if (kind === 'socket') sockets.push([one, two, ...rest]);
    else if (kind === 'holder')
      holders.set(two, [...(holders.get(two) ?? []), { pid: Number(one), name: rest.join(' ') }]);
  }
  return sockets.flatMap(([kind = '', local = '', uid = '', inode = '']) => {
    const [, hex = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    const protocol = /^(tcp|udp)6?$/.exec(kind)?.[1];
    if (hex === '' || (protocol !== 'tcp' && protocol !== 'udp')) return [];
    const held = (holders.get(inode) ?? []).sort((a, b) => a.pid - b.pid);
    const pids = [...new Set(held.map(({ pid }) => pid))];
    return [
      {
        protocol,
        family: hex.length === 8 ? 'ipv4' : 'ipv6',
        address: addressOf(hex, order !== 'order 256'),
        port: Number.parseInt(port, 16),
        pid: pids[0] ?? null,
        pids,
        name: held[0]?.name ?? '',
        user: users.get(uid) ?? uid,
      },
    ];
  });
}

/** The kernel prints words of 32 bits as this machine keeps them, while their bytes stand in the order of the network. */
function addressOf(hex: string, lowFirst: boolean): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const four = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return lowFirst ? four.reverse() : four;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return shortest(groups.join(':'));
}

/** An IPv6 address as RFC 5952 wants it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** `lsof -F`: a letter, then the field; one of p begins a process, one of f a file. */
function fromLsof(lines: string[]): Port[] {
  const found = new Map<string, Port>();
  let process = { pid: 0, name: '', user: '' };
  let file = { family: '', protocol: '' };
  for (const line of lines) {
    const value = line.slice(1);
    if (line[0] === 'p') process = { pid: Number(value) || 0, name: '', user: '' };
    else if (line[0] === 'c') process.name = value;
    else if (line[0] === 'L') process.user = value;
    else if (line[0] === 't') file = { family: value, protocol: '' };
    else if (line[0] === 'P') file.protocol = value.toLowerCase();
    else if (line[0] === 'n') keep(found, { process, file, name: value });
  }
  return [...found.values()];
}

function keep(
  found: Map<string, Port>,
  {
    process,
    file,
    name,
  }: { process: { pid: number; name: string; user: string }; file: { family: string; protocol: string }; name: string },
): void {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(name) ?? [];
  const { protocol } = file;
  if (port === '' || (protocol !== 'tcp' && protocol !== 'udp') || name.includes('->')) return;
  const family = file.family === 'IPv6' ? 'ipv6' : 'ipv4';
  const address = host === '*' ? (family === 'ipv6' ? '::' : '0.0.0.0') : host.replace(/^\[(.*)\]$/, '$1');
  const key = `${protocol} ${family} ${address} ${port}`;
  const known = found.get(key);
  if (known) {
    if (!known.pids.includes(process.pid)) known.pids.push(process.pid);
    return;
  }
  found.set(key, { protocol, family, address, port: Number(port), ...process, pids: [process.pid] });
}

/** The form of BSDs, where the port comes after a dot: it does not tell whose they are. */
function fromNetstat(lines: string[]): Port[] {
  return lines.flatMap((line): Port[] => {
    const [, protocol, six, address = '', port = ''] =
      /^(tcp|udp)(4|6|46)?\s+\d+\s+\d+\s+(\S+)\.(\d{1,5})\s+\*\.\*(?:\s+LISTEN)?\s*$/.exec(line) ?? [];
    if ((protocol !== 'tcp' && protocol !== 'udp') || (protocol === 'tcp' && !line.includes('LISTEN'))) return [];
    const family = six === '6' || six === '46' || address.includes(':') ? 'ipv6' : 'ipv4';
    const any = family === 'ipv6' ? '::' : '0.0.0.0';
    return [
      {
        protocol,
        family,
        address: address === '*' ? any : address,
        port: Number(port),
        pid: null,
        pids: [],
        name: '',
        user: '',
      },
    ];
  });
}
