import { Type } from 'typebox';
import type { ControllerContext, ControllerResult } from '../../model/module.ts';
import type { Allowed } from '../../network/allow.ts';
import { choice, text } from './params.ts';

/** Who may be asked beside the hosts of the inventory. */
export const allow = Type.Optional(
  Type.Array(text('A name, an address or a network.'), {
    description:
      'Machines that may be asked beside the hosts of the inventory: names, addresses, networks (`10.0.0.0/24`). Any other is refused.',
  }),
);

/** Who connects. */
export const from = (withWhat: string) =>
  Type.Optional(choice(['controller', 'target'], `Who asks: this machine, or the host, ${withWhat}.`, 'controller'));

/** A TCP or UDP port. */
export const portNumber = (description: string) => Type.Integer({ description, minimum: 1, maximum: 65_535 });

/** Seconds, also parts of them. */
export const secondsOf = (description: string) => Type.Number({ description, minimum: 0.001, maximum: 86_400 });

/** The hosts of the inventory and what the task allows. */
export async function allowedIn(context: ControllerContext, allow: readonly string[] = []): Promise<Allowed> {
  const { allowedOf } = await import('../../network/allow.ts');
  return allowedOf({ hosts: context.lookup('hosts') ?? null, host: context.lookup('host') ?? null, allow });
}

/** The address of the task's host as the inventory has it; `localhost` where it is this machine, its name where there is no address. */
export function ownAddress(context: ControllerContext): string {
  const host = context.lookup('host');
  if (host === null || typeof host !== 'object' || Array.isArray(host)) return context.host;
  const { address, vars } = host;
  const isHere =
    vars !== null && typeof vars === 'object' && !Array.isArray(vars) && vars['ansible_connection'] === 'local';
  if (isHere) return 'localhost';
  return typeof address === 'string' && address !== '' ? address : context.host;
}

/** Does what may fail for reasons of the network or of a packet, which are the task's failure then. */
export async function answered(work: () => Promise<ControllerResult>): Promise<ControllerResult> {
  const { NetworkError } = await import('../../network/network-error.ts');
  const { PacketError } = await import('../../packets/packet-error.ts');
  try {
    return await work();
  } catch (error) {
    if (error instanceof NetworkError || error instanceof PacketError)
      return { changed: false, failed: error.message, fields: {} };
    throw error;
  }
}
