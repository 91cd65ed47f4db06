import type { LayerName } from './layer.ts';

/** EtherTypes (IEEE 802 numbers of IANA). */
export const etherTypes = { ip: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, qinq: 0x88a8 } as const;

/** Protocol numbers of IP (IANA). */
export const ipProtocols = {
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'no-next': 59,
  'ipv6-opts': 60,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
} as const;

const byEtherType = new Map<number, LayerName>([
  [etherTypes.ip, 'ip'],
  [etherTypes.arp, 'arp'],
  [etherTypes.vlan, 'vlan'],
  [etherTypes.qinq, 'vlan'],
  [etherTypes.ipv6, 'ipv6'],
]);

const byProtocol = new Map<number, LayerName>([
  [0, 'ipv6_ext'],
  [1, 'icmp'],
  [4, 'ip'],
  [6, 'tcp'],
  [17, 'udp'],
  [41, 'ipv6'],
  [43, 'ipv6_ext'],
  [44, 'ipv6_fragment'],
  [58, 'icmpv6'],
  [60, 'ipv6_ext'],
]);

/** The layer of an EtherType. */
export const layerOfEtherType = (type: number): LayerName | undefined => byEtherType.get(type);

/** The EtherType of a layer. */
export function etherTypeOf(layer: LayerName | undefined): number | undefined {
  return layer !== undefined && layer in etherTypes ? etherTypes[layer as keyof typeof etherTypes] : undefined;
}

/** The layer of a protocol number. The extensions of IPv6 are none in IPv4. */
export function layerOfProtocol(protocol: number, version: 4 | 6): LayerName | undefined {
  const layer = byProtocol.get(protocol);
  return version === 4 && layer?.startsWith('ipv6_') ? undefined : layer;
}

/** The protocol number of a layer; what kind of extension a header is cannot be told from its name. */
export function protocolOf(layer: LayerName | undefined): number | undefined {
  if (layer === 'ipv6_fragment') return ipProtocols['ipv6-frag'];
  if (layer === 'ipv6_ext') return ipProtocols['ipv6-opts'];
  return layer !== undefined && layer in ipProtocols ? ipProtocols[layer as keyof typeof ipProtocols] : undefined;
}
