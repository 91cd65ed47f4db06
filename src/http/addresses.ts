import { BlockList, isIP } from 'node:net';

/**
 * Addresses that a server must not be able to lead us to: this machine itself, and the link, where clouds keep the credentials of a machine
 * (RFC 1122, 3927, 4291; AWS has its service at fd00:ec2::254, too). Private networks are where servers of a company are, so they are free.
 */
const local = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const)
  local.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
] as const)
  local.addSubnet(net, prefix, 'ipv6');
// The same addresses as IPv6 writes those of IPv4, by NAT64 too.
for (const around of ['::ffff:', '64:ff9b::'])
  for (const [net, prefix] of [
    ['0.0.0.0', 104],
    ['127.0.0.0', 104],
    ['169.254.0.0', 112],
  ] as const)
    local.addSubnet(`${around}${net}`, prefix, 'ipv6');

/** Whether an address is of this machine or of the link. */
export function isLocalAddress(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const family = isIP(bare);
  return family !== 0 && local.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether the host of a URL says by itself that it is local; names are for whoever looks them up. */
export function isLocalHost(url: URL): boolean {
  return /^(.+\.)?localhost\.?$/.test(url.hostname) || isLocalAddress(url.hostname);
}
