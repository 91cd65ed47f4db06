import type { SecretsManagerClient, SecretValueEntry } from '@aws-sdk/client-secrets-manager';
import { type Problem, problem } from '../../problems/problem.ts';
import { type AwsEnv, clientConfig, loaded } from '../access.ts';
import { awsProblem, errorName } from '../faults.ts';
import { byRegion, deniedOne, inPieces } from './read-pieces.ts';
import { isAnswerTo, type StoredPlace, storeName } from './stored-places.ts';
import type { Reading } from './stored-values.ts';

/** Names in one call of BatchGetSecretValue (API reference, BatchGetSecretValue, SecretIdList: at most 20). */
const MOST_NAMES = 20;

const BATCH = 'secretsmanager:BatchGetSecretValue';
const CALL = 'secretsmanager:GetSecretValue';

/** Reads secrets, twenty in a call. Never throws: what cannot be read is a problem of its own. */
export async function readSecrets(places: readonly StoredPlace[], env: AwsEnv): Promise<Reading[]> {
  if (places.length === 0) return [];
  const { SecretsManagerClient } = await loaded(
    '@aws-sdk/client-secrets-manager',
    () => import('@aws-sdk/client-secrets-manager'),
  );
  return byRegion(places, {
    call: CALL,
    make: (region) => new SecretsManagerClient(clientConfig(region === undefined ? {} : { region }, env)),
    read: (client: SecretsManagerClient, some, region) =>
      inPieces(some, MOST_NAMES, (piece) => (piece.length > 1 ? readPiece : readOne)(client, piece, region)),
  });
}

async function readPiece(
  client: SecretsManagerClient,
  piece: readonly StoredPlace[],
  region: string,
): Promise<Reading[]> {
  const { BatchGetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const found: SecretValueEntry[] = [];
  try {
    let token: string | undefined;
    do {
      const names = piece.map(({ id }) => id);
      const command = new BatchGetSecretValueCommand({ SecretIdList: names, ...(token && { NextToken: token }) });
      const { SecretValues = [], NextToken } = await client.send(command);
      found.push(...SecretValues);
      token = NextToken;
    } while (token !== undefined);
  } catch (error) {
    const problem = awsProblem(error, BATCH, CALL);
    // Many identities may read their secrets, and not in one call: that is a permission of its own. One wrong name spoils a call, too.
    const isOfOne = problem.code === 'E_AWS_DENIED' || errorName(error) === 'InvalidParameterException';
    if (!isOfOne) return piece.map((place): Reading => ({ place, region, problem }));
  }
  const readings: Reading[] = [];
  for (const place of piece) {
    const entry = found.find((one) => isAnswerTo(place, one));
    // The errors of a batch name no secret by what was asked for; asked for alone, each says what it is.
    if (entry) readings.push({ place, region, ...textOf(place, entry) });
    else readings.push(...(await readOne(client, [place], region)));
  }
  return readings;
}

async function readOne(
  client: SecretsManagerClient,
  [place]: readonly StoredPlace[],
  region: string,
): Promise<Reading[]> {
  if (!place) return [];
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  try {
    const entry = await client.send(new GetSecretValueCommand({ SecretId: place.id }));
    return [{ place, region, ...textOf(place, entry) }];
  } catch (error) {
    const { service, id: name } = place;
    const store = storeName(service);
    if (errorName(error) === 'ResourceNotFoundException')
      return [{ place, region, problem: problem('E_STORED_MISSING', { store, service, name, region }) }];
    return [{ place, region, problem: deniedOne(awsProblem(error, CALL), place) }];
  }
}

function textOf({ id }: StoredPlace, { SecretString }: SecretValueEntry): { text: string } | { problem: Problem } {
  if (SecretString !== undefined) return { text: SecretString };
  return { problem: problem('E_STORED_BINARY', { name: id }) };
}
