import { decodeFields, encodeFields, type Field, lengthOf, uint } from '../fields.ts';
import type { Layer, LayerName } from '../layer.ts';
import { etherTypeOf, etherTypes, layerOfEtherType } from '../numbers.ts';

const type = uint('type', 16, { names: etherTypes });
const loopbackTypes = { ip: 2, ipv6: 30 };

/** A link layer whose last field is the type of what it carries. */
function linkLayer(name: LayerName, title: string, options: { head: Field[]; type?: Field; none: number }): Layer {
  const last = options.type ?? type;
  const spec = [...options.head, last];
  const own = new Set<LayerName>(['ether', 'sll', 'sll2']);
  return {
    name,
    title,
    fields: spec.map((field) => field.name),
    build(values, { payload, next }) {
      const known = etherTypeOf(next) ?? options.none;
      return Buffer.concat([encodeFields(name, spec, { [last.name]: known, ...values }), payload]);
    },
    parse(bytes) {
      const fields = decodeFields(spec, bytes);
      if (!fields) return undefined;
      const length = lengthOf(spec);
      const at = length - 2;
      const number = name === 'sll2' ? bytes.readUInt16BE(0) : bytes.readUInt16BE(at);
      // Below 1536 it is a length (IEEE 802.3), and what follows is not told by it.
      const next = own.has(name) && number < 1536 ? undefined : layerOfEtherType(number);
      return { fields, payload: bytes.subarray(length), next };
    },
  };
}

/** Ethernet II. */
export const ether = linkLayer('ether', 'Ether', {
  head: [
    { name: 'dst', size: 48, kind: 'mac', default: 'ff:ff:ff:ff:ff:ff' },
    { name: 'src', size: 48, kind: 'mac' },
  ],
  none: 0x9000,
});

/** A VLAN tag (IEEE 802.1Q). */
export const vlan: Layer = {
  ...linkLayer('vlan', '802.1Q', {
    head: [uint('prio', 3), uint('dei', 1), uint('vlan', 12, { default: 1 })],
    none: 0,
  }),
  tell: (values) => `vlan ${values['vlan'] ?? 1}`,
};

/** What Linux puts before packets of `any` interface (LINKTYPE_LINUX_SLL). */
export const sll = linkLayer('sll', 'cooked linux', {
  head: [
    uint('pkttype', 16),
    uint('lladdrtype', 16, { default: 512 }),
    uint('lladdrlen', 16),
    { name: 'src', size: 64, kind: 'hex' },
  ],
  type: uint('proto', 16, { names: etherTypes }),
  none: 0x0800,
});

/** The second form of it, which names the interface (LINKTYPE_LINUX_SLL2). */
export const sll2: Layer = (() => {
  const spec: Field[] = [
    uint('proto', 16, { names: etherTypes }),
    uint('reserved', 16),
    uint('ifindex', 32),
    uint('lladdrtype', 16, { default: 1 }),
    uint('pkttype', 8),
    uint('lladdrlen', 8),
    { name: 'src', size: 64, kind: 'hex' },
  ];
  return {
    name: 'sll2',
    title: 'cooked linux v2',
    fields: spec.map((field) => field.name),
    build: (values, { payload, next }) =>
      Buffer.concat([encodeFields('sll2', spec, { proto: etherTypeOf(next) ?? 0x0800, ...values }), payload]),
    parse(bytes) {
      const fields = decodeFields(spec, bytes);
      return fields && { fields, payload: bytes.subarray(20), next: layerOfEtherType(bytes.readUInt16BE(0)) };
    },
  };
})();

/** BSD's loopback: the address family in the byte order of the machine that wrote it (LINKTYPE_NULL); little-endian here. */
export const loopback: Layer = {
  name: 'loopback',
  title: 'Loopback',
  fields: ['type'],
  build(values, { payload, next }) {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(Number(values['type'] ?? (next === 'ipv6' ? loopbackTypes.ipv6 : loopbackTypes.ip)));
    return Buffer.concat([head, payload]);
  },
  parse(bytes) {
    if (bytes.length < 4) return undefined;
    const family = bytes.readUInt32LE(0);
    const next = family === 2 ? 'ip' : [10, 24, 28, 30].includes(family) ? 'ipv6' : undefined;
    return { fields: { type: family }, payload: bytes.subarray(4), next };
  },
};
