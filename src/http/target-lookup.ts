import { isIP } from 'node:net';
import type { Visit } from '../model/module.ts';
import { sh } from '../program/sh.ts';
import { isLocalAddress } from './addresses.ts';
import { localFault } from './faults.ts';
import { HttpFault } from './message.ts';

/** Said, with this status, by a host that has no getent. */
const noGetent = 69;

/**
 * The addresses that a host finds for the name in a URL, none of them local; undefined: it has nothing that looks names up. Throws HttpFault for a name that leads to the host itself or its link, or to nothing.
 */
export async function lookUpThere(visit: Visit, { hostname }: URL): Promise<string[] | undefined> {
  const run = sh`command -v getent >/dev/null 2>&1 || exit ${noGetent}
getent ahosts ${hostname}`;
  const [answer] = await visit([{ kind: 'action', reads: true, run }], { mayFail: true });
  if (!answer) throw new Error('the host was not asked');
  if (answer.rc === noGetent) return undefined;
  const addresses = answer.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /^[0-9A-Fa-f:.%]\S*/.exec(line)?.[0] ?? [])
    .filter((address) => isIP(address.replace(/%.*$/, '')) !== 0);
  const bad = addresses.find(isLocalAddress);
  if (bad !== undefined) throw localFault(hostname, bad);
  if (addresses.length === 0)
    throw new HttpFault(`the name ${hostname} leads to no address there`, { mayPass: true, isUnsent: true });
  return [...new Set(addresses)];
}
