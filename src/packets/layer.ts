import type { Fields } from '../model/value.ts';
import type { Endpoints } from './checksum.ts';

/** The layers by their keys in a playbook. */
export type LayerName =
  | 'ether'
  | 'vlan'
  | 'sll'
  | 'sll2'
  | 'loopback'
  | 'arp'
  | 'ip'
  | 'ipv6'
  | 'ipv6_ext'
  | 'ipv6_fragment'
  | 'icmp'
  | 'icmpv6'
  | 'tcp'
  | 'udp'
  | 'dns'
  | 'dhcp'
  | 'raw'
  | 'padding';

/** One layer of a packet with its values. */
export interface Stacked {
  name: LayerName;
  fields: Fields;
}

/** What a layer is built into. */
export interface Surrounding {
  /** All layers above it, as bytes. */
  payload: Buffer;
  /** The layer that comes right after it. */
  next?: LayerName;
  /** The one right before it. */
  below?: LayerName;
  /** Addresses of the IP layer around it. */
  network?: Endpoints;
}

/** What the bytes of a layer hold. */
export interface Parsed {
  fields: Fields;
  /** What is left for the layers above. */
  payload: Buffer;
  /** Which layer they begin with; raw bytes when not known. */
  next?: LayerName | undefined;
  /** Bytes behind the packet, such as fill a short frame. */
  padding?: Buffer;
}

/** One protocol: how its values become bytes, and back. Names and defaults of fields are those of scapy. */
export interface Layer {
  name: LayerName;
  /** As it is written in summaries. */
  title: string;
  fields: readonly string[];
  /** The header and all that is above it. Throws PacketError. */
  build(values: Fields, around: Surrounding): Buffer;
  /** Undefined: the bytes are too few to be this layer. */
  parse(bytes: Buffer, below?: LayerName): Parsed | undefined;
  /** What a summary says of it, beside its title. */
  tell?(values: Fields, network?: Fields): string;
}
