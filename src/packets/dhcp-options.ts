import type { Value } from '../model/value.ts';
import { ip4Text, ipBytes } from './addresses.ts';
import { hexBytes } from './fields.ts';
import { PacketError } from './packet-error.ts';

type Kind = 'ip' | 'ips' | 'text' | 'u8' | 'u16' | 'u32' | 'numbers' | 'message' | 'hex';

/** Options that have names, by number (RFC 2132). The names are those of scapy. */
const known: Record<string, [code: number, kind: Kind]> = {
  subnet_mask: [1, 'ip'],
  router: [3, 'ips'],
  name_server: [6, 'ips'],
  hostname: [12, 'text'],
  domain: [15, 'text'],
  'interface-mtu': [26, 'u16'],
  broadcast_address: [28, 'ip'],
  NTP_server: [42, 'ips'],
  requested_addr: [50, 'ip'],
  lease_time: [51, 'u32'],
  'message-type': [53, 'message'],
  server_id: [54, 'ip'],
  param_req_list: [55, 'numbers'],
  error_message: [56, 'text'],
  max_dhcp_size: [57, 'u16'],
  renewal_time: [58, 'u32'],
  rebinding_time: [59, 'u32'],
  vendor_class_id: [60, 'text'],
  client_id: [61, 'hex'],
  'boot-file-name': [67, 'text'],
};

const messages = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];
const sizes: Partial<Record<Kind, number>> = { u8: 1, u16: 2, u32: 4 };

/** Options as bytes: a list of `{NAME: VALUE}`, `{code: N, hex: …}`, `end` and `pad`. */
export function buildDhcpOptions(options: Value): Buffer {
  if (!Array.isArray(options)) throw new PacketError('dhcp.options is a list');
  return Buffer.concat(options.map(optionBytes));
}

function optionBytes(option: Value): Buffer {
  if (option === 'end') return Buffer.from([255]);
  if (option === 'pad') return Buffer.from([0]);
  if (option === null || typeof option !== 'object' || Array.isArray(option))
    throw new PacketError('dhcp.options: an option is {NAME: VALUE}, {code: N, hex: …}, end or pad');
  const { code, hex } = option;
  const [[name = '', value = null] = []] = Object.entries(option);
  const [number, body] = typeof code === 'number' ? [code, hexBytes(hex ?? '')] : [codeOf(name), bodyOf(name, value)];
  if (body.length > 255) throw new PacketError(`dhcp.options: ${name} is longer than 255 bytes`);
  return Buffer.concat([Buffer.from([number, body.length]), body]);
}

function codeOf(name: string): number {
  const option = known[name];
  if (!option) throw new PacketError(`dhcp.options: "${name}" is none of ${Object.keys(known).join(', ')}`);
  return option[0];
}

function bodyOf(name: string, value: Value): Buffer {
  const kind = known[name]![1];
  const list = [value].flat();
  if (kind === 'ip' || kind === 'ips') return Buffer.concat(list.map((one) => ipBytes(String(one), 4)));
  if (kind === 'numbers') return Buffer.from(list.map(Number));
  if (kind === 'text') return Buffer.from(String(value));
  if (kind === 'hex') return hexBytes(value);
  const number = kind === 'message' && typeof value === 'string' ? messages.indexOf(value) : Number(value);
  const size = sizes[kind] ?? 1;
  if (!Number.isInteger(number) || number < 0 || number >= 256 ** size)
    throw new PacketError(`dhcp.options: ${JSON.stringify(value)} cannot be the ${name}`);
  const out = Buffer.alloc(size);
  out.writeUIntBE(number, 0, size);
  return out;
}

/** The options of a message, as `buildDhcpOptions` takes them, and how many bytes they have. */
export function parseDhcpOptions(bytes: Buffer): { options: Value[]; length: number } {
  const options: Value[] = [];
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at]!;
    if (code === 255 || code === 0) {
      options.push(code === 0 ? 'pad' : 'end');
      at += 1;
      if (code === 255) break;
      continue;
    }
    const end = at + 2 + (bytes[at + 1] ?? 255);
    if (end > bytes.length) break;
    options.push(optionOf(code, bytes.subarray(at + 2, end)));
    at = end;
  }
  return { options, length: at };
}

function optionOf(code: number, body: Buffer): Value {
  const name = Object.keys(known).find((each) => known[each]![0] === code);
  const value = name === undefined ? undefined : readBody(known[name]![1], body);
  return name === undefined || value === undefined ? { code, hex: body.toString('hex') } : { [name]: value };
}

/** Undefined: the bytes do not have the form of the kind. */
function readBody(kind: Kind, body: Buffer): Value | undefined {
  if (kind === 'ip') return body.length === 4 ? ip4Text(body) : undefined;
  if (kind === 'ips') {
    const list = Array.from({ length: body.length / 4 }, (_, i) => ip4Text(body, i * 4));
    return body.length % 4 === 0 ? list : undefined;
  }
  if (kind === 'numbers') return [...body];
  if (kind === 'hex') return body.toString('hex');
  if (kind === 'text') return /^[\x20-\x7e]*$/.test(body.toString('latin1')) ? body.toString('latin1') : undefined;
  if (body.length !== (sizes[kind] ?? 1)) return undefined;
  const number = body.readUIntBE(0, body.length);
  return kind === 'message' ? messages[number] || number : number;
}
