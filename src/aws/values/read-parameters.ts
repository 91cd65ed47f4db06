import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { type Problem, problem } from '../../problems/problem.ts';
import { type AwsEnv, clientConfig, loaded } from '../access.ts';
import { awsProblem, errorName } from '../faults.ts';
import { byRegion, deniedOne, inPieces } from './read-pieces.ts';
import { isAnswerTo, type StoredPlace, storeName } from './stored-places.ts';
import type { Reading } from './stored-values.ts';

/** Names in one call of GetParameters (API reference, GetParameters, Names: at most 10). */
const MOST_NAMES = 10;

const CALL = 'ssm:GetParameters';

/** Reads parameters, decrypted, ten in a call. Never throws: what cannot be read is a problem of its own. */
export async function readParameters(places: readonly StoredPlace[], env: AwsEnv): Promise<Reading[]> {
  if (places.length === 0) return [];
  const { SSMClient } = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  return byRegion(places, {
    call: CALL,
    make: (region) => new SSMClient(clientConfig(region === undefined ? {} : { region }, env)),
    read: (client: SSMClient, some, region) => inPieces(some, MOST_NAMES, (piece) => readPiece(client, piece, region)),
  });
}

async function readPiece(client: SSMClient, piece: readonly StoredPlace[], region: string): Promise<Reading[]> {
  const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
  try {
    const names = piece.map(({ id }) => id);
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: names, WithDecryption: true }));
    return piece.map((place): Reading => ({ place, region, ...textOrNone(place, Parameters, region) }));
  } catch (error) {
    // A call is denied whole when one of its names is, and is not valid when one of them is not.
    const problem = awsProblem(error, CALL);
    const isOfOne = problem.code === 'E_AWS_DENIED' || errorName(error) === 'ValidationException';
    if (!isOfOne || piece.length === 1)
      return piece.map((place): Reading => ({ place, region, problem: deniedOne(problem, place) }));
    const each: Reading[] = [];
    for (const place of piece) each.push(...(await readPiece(client, [place], region)));
    return each;
  }
}

function textOrNone(
  place: StoredPlace,
  found: readonly Parameter[],
  region: string,
): { text: string } | { problem: Problem } {
  const text = found.find((one) => isAnswerTo(place, one))?.Value;
  if (text !== undefined) return { text };
  const { service, id: name } = place;
  return { problem: problem('E_STORED_MISSING', { store: storeName(service), service, name, region }) };
}
