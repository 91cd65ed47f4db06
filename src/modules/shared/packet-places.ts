import type { BothContext } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import type { Allowed } from '../../network/allow.ts';
import { onHost, ownPlaces } from './raw-send.ts';

const networks = ['ip', 'ipv6', 'arp'];

/**
 * Layers that are about to be sent, with the addresses that are still missing: of a name its address, of the sender those of the host. Throws
 * NetworkError when the destination may not be asked.
 */
export async function addressed(
  { layers, interface: device }: { layers: readonly unknown[]; interface?: string },
  allowed: Allowed,
  context: BothContext,
): Promise<{ layers: Value[]; address: string }> {
  const { readLayers } = await import('../../packets/stack.ts');
  const { destinationOf } = await import('../../packets/answer-rules.ts');
  const { addressesOf, isAllowedFrame } = await import('../../network/allow.ts');
  const stack = readLayers(layers as Value[]).map(({ name, fields }) => ({ name, fields: { ...fields } }));
  const { address: wanted, mac } = destinationOf(stack);
  const at = stack.findIndex(({ name }) => networks.includes(name));
  const network = stack[at];
  let address = '';
  if (network && wanted !== undefined) {
    const version = network.name === 'ipv6' ? 6 : 4;
    const found = await addressesOf(wanted, allowed);
    address = found.find((each) => each.includes(':') === (version === 6)) ?? found[0] ?? wanted;
    network.fields[network.name === 'arp' ? 'pdst' : 'dst'] = address;
  } else isAllowedFrame(mac ?? '', allowed);
  const frame = stack.find(({ name }) => name === 'ether')?.fields;
  const source = network?.name === 'arp' ? 'psrc' : 'src';
  const needsAddress = network !== undefined && network.fields[source] === undefined;
  const needsMac =
    device !== undefined &&
    ((frame && frame['src'] === undefined) || (network?.name === 'arp' && network.fields['hwsrc'] === undefined));
  if (needsAddress || needsMac) {
    const run = ownPlaces({ addresses: needsAddress ? [address] : [], interfaces: needsMac ? [device] : [] });
    const printed = await onHost(run, context, { reads: true });
    const lines = printed.trim().split('\n');
    if (needsAddress) network.fields[source] = lines.shift() ?? '';
    const own = needsMac ? (lines.shift() ?? '') : undefined;
    if (own !== undefined && frame) frame['src'] ??= own;
    if (own !== undefined && network?.name === 'arp') network.fields['hwsrc'] ??= own;
  }
  return { layers: stack.map(({ name, fields }): Fields => ({ [name]: fields })), address };
}
