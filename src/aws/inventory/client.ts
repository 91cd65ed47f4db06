import { type AwsEnv, type ClientConfig, clientConfig } from '../access.ts';
import type { AwsQuestion } from './question.ts';

/** The region that is asked, and the environment in which. */
export interface AskedPlace {
  region?: string;
  env: AwsEnv;
}

/** A listing that is asked for by a person does not wait for ever: milliseconds for connecting and for an answer. */
const manners = { requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 } };

/** Options for a client that answers a question. */
export function inventoryClient(
  { profile }: Pick<AwsQuestion, 'profile'>,
  { region, env }: AskedPlace,
): ClientConfig & typeof manners {
  const access = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
  return { ...clientConfig(access, env), ...manners };
}

/** Uses a client and closes its connections, which would keep a finished program waiting. */
export async function using<C extends { destroy(): void }, T>(client: C, use: (client: C) => Promise<T>): Promise<T> {
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
