import { type Problem, ProblemError, problem } from '../../problems/problem.ts';
import { awsProblem } from '../faults.ts';
import { permissionFor, type StoredPlace, storeName } from './stored-places.ts';
import type { Reading } from './stored-values.ts';

/** A client as far as this asks it: where it calls. */
interface Client {
  config: { region(): Promise<string> };
  destroy(): void;
}

/** How places are read in one region. */
interface Reader<C extends Client> {
  call: string;
  /** `region` undefined: that of the environment. */
  make(region: string | undefined): C;
  read(client: C, places: readonly StoredPlace[], region: string): Promise<Reading[]>;
}

/** Reads places, those of each region with a client of its own. A region that cannot be told is a problem of all that need it. */
export async function byRegion<C extends Client>(
  places: readonly StoredPlace[],
  reader: Reader<C>,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const wanted of new Set(places.map(({ region }) => region))) {
    const some = places.filter(({ region }) => region === wanted);
    const client = reader.make(wanted);
    try {
      const region = await client.config.region();
      readings.push(...(await reader.read(client, some, region)));
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problems[0] : awsProblem(error, reader.call);
      if (!problem) throw error;
      readings.push(...some.map((place): Reading => ({ place, region: wanted ?? '', problem })));
    } finally {
      client.destroy();
    }
  }
  return readings;
}

/** Reads a list in pieces, one after the other. What is wrong with the credentials is not asked about again. */
export async function inPieces(
  places: readonly StoredPlace[],
  size: number,
  read: (piece: readonly StoredPlace[]) => Promise<Reading[]>,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let at = 0; at < places.length; at += size) {
    const some = await read(places.slice(at, at + size));
    readings.push(...some);
    if (some.some((one) => 'problem' in one && one.problem.code === 'E_AWS_CREDENTIALS')) break;
  }
  return readings;
}

/** A denial in the words of the one value that it is about; anything else as it is. */
export function deniedOne(found: Problem, { service, id: name }: StoredPlace): Problem {
  if (found.code !== 'E_AWS_DENIED') return found;
  const { detail } = found.facts as { detail: string };
  const isKey = /\bkms\b|decrypt/i.test(detail);
  const { action, resource } = permissionFor({ service, name });
  const needs = isKey ? 'kms:Decrypt on the key that it is encrypted with' : `${action} on ${resource}`;
  return problem('E_STORED_DENIED', { store: storeName(service), name, detail, needs });
}
