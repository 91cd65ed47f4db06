import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portList, readPorts } from '../../../src/modules/shared/port-list.ts';
import { runIn } from '../live.ts';

const one = { protocol: 'tcp', family: 'ipv4', pid: null, pids: [], name: '', user: '' };

describe('ports', () => {
  it('are read from the tables of Linux, on machines of both kinds', () => {
    const low = `order 1
socket tcp 0100007F:1F90 33 71
socket tcp6 00000000000000000000000000000000:0016 0 72
socket tcp6 B80D0120000000000000000001000000:01BB 1000 73
socket udp 00000000:0044 0 0
user 33 www-data
user 0 root
holder 12 71 my server
holder 9 71 my server
holder 9 71 my server`;
    const high = `order 256
socket tcp 7F000001:1F90 33 71`;
    expect(readPorts(low)).toEqual([
      { ...one, family: 'ipv6', address: '::', port: 22, user: 'root' },
      { ...one, family: 'ipv6', address: '2001:db8::1', port: 443, user: '1000' },
      { ...one, address: '127.0.0.1', port: 8080, pid: 9, pids: [9, 12], name: 'my server', user: 'www-data' },
      { ...one, protocol: 'udp', address: '0.0.0.0', port: 68, user: 'root' },
    ]);
    expect(readPorts(high)).toEqual([{ ...one, address: '127.0.0.1', port: 8080, user: '33' }]);
  });

  it('are read from lsof of macOS', () => {
    const text = `lsof
p1
claunchd
Lroot
f8
tIPv6
PTCP
n*:22
f10
tIPv4
PTCP
n*:22
p501
cnode
Lshop
f20
tIPv6
PTCP
n[::1]:3000
p502
cnode
Lshop
f20
tIPv6
PTCP
n[::1]:3000
p77
cmDNSResponder
L_mdns
f6
tIPv4
PUDP
n*:5353
f7
tIPv4
PUDP
n10.0.0.5:50000->1.1.1.1:53
f8
tIPv4
PUDP
n*:*`;
    expect(readPorts(text)).toEqual([
      { ...one, address: '0.0.0.0', port: 22, pid: 1, pids: [1], name: 'launchd', user: 'root' },
      { ...one, family: 'ipv6', address: '::', port: 22, pid: 1, pids: [1], name: 'launchd', user: 'root' },
      { ...one, family: 'ipv6', address: '::1', port: 3000, pid: 501, pids: [501, 502], name: 'node', user: 'shop' },
      {
        ...one,
        protocol: 'udp',
        address: '0.0.0.0',
        port: 5353,
        pid: 77,
        pids: [77],
        name: 'mDNSResponder',
        user: '_mdns',
      },
    ]);
  });

  it('are read from netstat of FreeBSD', () => {
    const text = `netstat
Active Internet connections (including servers)
Proto Recv-Q Send-Q Local Address          Foreign Address        (state)
tcp4       0      0 127.0.0.1.25           *.*                    LISTEN
tcp4       0      0 10.0.0.5.22            10.0.0.9.51000         ESTABLISHED
tcp6       0      0 *.22                   *.*                    LISTEN
tcp6       0      0 fe80::1%lo0.80         *.*                    LISTEN
udp4       0      0 *.514                  *.*
udp46      0      0 *.1194                 *.*                    `;
    expect(readPorts(text)).toEqual([
      { ...one, family: 'ipv6', address: '::', port: 22 },
      { ...one, address: '127.0.0.1', port: 25 },
      { ...one, family: 'ipv6', address: 'fe80::1%lo0', port: 80 },
      { ...one, protocol: 'udp', address: '0.0.0.0', port: 514 },
      { ...one, protocol: 'udp', family: 'ipv6', address: '::', port: 1194 },
    ]);
  });

  it('fall back to what there is', async () => {
    const without = portList.sh.replace('[ -r /proc/net/tcp ]', 'false').replace('command -v lsof', 'false');
    const { stdout, rc } = await runIn(['dash'], `netstat() { echo "tcp4 0 0 *.80 *.* LISTEN"; }\n${without}`);
    expect({ rc, ports: readPorts(stdout) }).toEqual({ rc: 0, ports: [{ ...one, address: '0.0.0.0', port: 80 }] });
  });

  it('may be anything', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'socket tcp 0100007F:1F90 0 1',
        'socket tcp6 ZZ:1 0 1',
        'holder x 1',
        'holder 1 1 a',
        'p1',
        'tIPv6',
        'PTCP',
      ),
      fc.constantFrom('n[zz]:1', 'n*:99999', 'tcp46 0 0 *.1 *.* LISTEN', 'udp 0 0 .1 *.*', 'user __proto__ x'),
    );
    const first = fc.constantFrom('order 1', 'order 256', 'lsof', 'netstat', '');
    fc.assert(
      fc.property(first, fc.array(line), (head, lines) => {
        expect(() => JSON.stringify(readPorts([head, ...lines].join('\n')))).not.toThrow();
      }),
    );
  });
});
