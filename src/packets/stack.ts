import type { Fields, Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';
import { ipBytes } from './addresses.ts';
import type { Endpoints } from './checksum.ts';
import { checkNames } from './fields.ts';
import type { Layer, LayerName, Stacked } from './layer.ts';
import { arp } from './layers/arp.ts';
import { dhcp } from './layers/dhcp.ts';
import { dns } from './layers/dns.ts';
import { ether, loopback, sll, sll2, vlan } from './layers/ether.ts';
import { icmp } from './layers/icmp.ts';
import { icmpv6 } from './layers/icmpv6.ts';
import { ip, ipv6, ipv6Ext, ipv6Fragment } from './layers/ip.ts';
import { padding, raw } from './layers/raw.ts';
import { tcp } from './layers/tcp.ts';
import { udp } from './layers/udp.ts';
import { PacketError } from './packet-error.ts';

/** Every layer by its key. */
export const layers: Record<LayerName, Layer> = {
  ether,
  vlan,
  sll,
  sll2,
  loopback,
  arp,
  ip,
  ipv6,
  ipv6_ext: ipv6Ext,
  ipv6_fragment: ipv6Fragment,
  icmp,
  icmpv6,
  tcp,
  udp,
  dns,
  dhcp,
  raw,
  padding,
};

/** Link types of captures by their number, and the layer that a packet begins with. */
const linkTypes = new Map<number, LayerName>([
  [0, 'loopback'],
  [1, 'ether'],
  [113, 'sll'],
  [276, 'sll2'],
]);

/** Layers as a playbook has them: a list of names, or of `{NAME: {FIELD: VALUE}}`; `raw: text` is short for its text. Throws PacketError. */
export function readLayers(list: readonly Value[]): Stacked[] {
  return list.map((item) => {
    const [[name = '', given = null] = []] =
      typeof item === 'string'
        ? [[item, null] as const]
        : item !== null && typeof item === 'object' && !Array.isArray(item) && Object.keys(item).length === 1
          ? (Object.entries(item) as [string, Value][])
          : [];
    if (!Object.hasOwn(layers, name)) throw new PacketError(unknownLayer(name, item));
    const key = name as LayerName;
    const fields = fieldsOf(key, given);
    checkNames(name, layers[key].fields, fields);
    return { name: key, fields };
  });
}

function unknownLayer(name: string, item: Value): string {
  if (name === '') return `${JSON.stringify(item)} is no layer: each has one name, as in - tcp: {dport: 80}`;
  const near = similar(name, Object.keys(layers));
  return `there is no layer "${name}"; ${near === undefined ? `they are ${Object.keys(layers).join(', ')}` : `did you mean ${near}?`}`;
}

function fieldsOf(name: LayerName, given: Value): Fields {
  if (given === null) return {};
  if (typeof given === 'object' && !Array.isArray(given)) return given;
  if (name === 'raw' || name === 'padding') return { text: String(given) };
  throw new PacketError(`${name} has fields, as in - ${name}: {${layers[name].fields[0]}: …}`);
}

/** The bytes of a packet: lengths, types and sums that are not said are worked out. Throws PacketError. */
export function buildPacket(stack: readonly Stacked[]): Buffer {
  const inner = stack.filter(({ name }) => name !== 'padding');
  const after = stack.filter(({ name }) => name === 'padding');
  let payload: Buffer = Buffer.alloc(0);
  for (let at = inner.length - 1; at >= 0; at -= 1) {
    const { name, fields } = inner[at]!;
    const network = endpointsOf(inner.slice(0, at));
    const [below, next] = [inner[at - 1]?.name, inner[at + 1]?.name];
    payload = layers[name].build(fields, {
      payload,
      ...(next && { next }),
      ...(below && { below }),
      ...(network && { network }),
    });
  }
  return Buffer.concat([payload, ...after.map(({ fields }) => raw.build(fields, { payload: Buffer.alloc(0) }))]);
}

function endpointsOf(below: readonly Stacked[]): Endpoints | undefined {
  const network = below.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  if (!network) return undefined;
  const version = network.name === 'ip' ? 4 : 6;
  const own = version === 4 ? '127.0.0.1' : '::1';
  const address = (field: string): Buffer => ipBytes(String(network.fields[field] ?? own), version);
  return { src: address('src'), dst: address('dst') };
}

/** The layer that packets of a link type begin with (numbers of tcpdump.org); undefined: it is not known. */
export function firstLayer(linkType: number, bytes: Uint8Array): LayerName | undefined {
  if (![12, 14, 101, 228, 229].includes(linkType)) return linkTypes.get(linkType);
  const version = (bytes[0] ?? 0) >> 4;
  return version === 4 ? 'ip' : version === 6 ? 'ipv6' : undefined;
}

/** The layers of a packet, as far as they are known; what is left is `raw`. `buildPacket` gives the same bytes again. */
export function parsePacket(bytes: Buffer, first: LayerName | undefined): Stacked[] {
  const stack: Stacked[] = [];
  let padded: Buffer = Buffer.alloc(0);
  let payload = bytes;
  let next = first;
  while (next !== undefined && payload.length > 0) {
    const parsed = layers[next].parse(payload, stack.at(-1)?.name);
    if (!parsed) break;
    stack.push({ name: next, fields: parsed.fields });
    if (parsed.padding) padded = Buffer.concat([parsed.padding, padded]);
    ({ payload, next } = parsed);
  }
  if (payload.length > 0) stack.push({ name: 'raw', fields: raw.parse(payload)!.fields });
  if (padded.length > 0) stack.push({ name: 'padding', fields: raw.parse(padded)!.fields });
  return stack;
}
