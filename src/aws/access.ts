import { ProblemError, problem } from '../problems/problem.ts';

/** Whose account is meant and where; what is not said is looked for as the SDK does it: environment, profile, SSO, web identity, container, instance. */
export interface AwsAccess {
  region?: string;
  profile?: string;
}

/** The environment that AWS is reached in. */
export type AwsEnv = Readonly<Record<string, string | undefined>>;

/** Options for the constructor of any client. */
export interface ClientConfig {
  region?: string;
  profile?: string;
  maxAttempts: number;
  retryMode: 'standard' | 'adaptive';
  logger: typeof silent;
}

const nothing = (): void => undefined;

/**
 * What the SDK would say on the screen by itself is what the user has asked for, as that a profile wins over keys of the environment, or is said
 * by play when it is over, as of refusals that a waiter has seen.
 */
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How often a call is tried, the first time included. */
export const mostAttempts = 8;

/**
 * What a client is made with. The SDK knows AWS_REGION and the profile's region; AWS_DEFAULT_REGION, which the command line tool and boto3
 * honour, it does not, so it counts here, after AWS_REGION and before the profile.
 */
export function clientConfig({ region, profile }: AwsAccess, env: AwsEnv): ClientConfig {
  const place = region ?? env['AWS_REGION'] ?? (profile === undefined ? env['AWS_DEFAULT_REGION'] : undefined);
  return {
    ...(place !== undefined && place !== '' && { region: place }),
    ...(profile !== undefined && { profile }),
    maxAttempts: mostAttempts,
    retryMode: 'standard',
    logger: silent,
  };
}

/** What a package of the SDK cannot be loaded for. Throws ProblemError E_AWS_PACKAGE instead of what the loader says. */
export async function loaded<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ProblemError(problem('E_AWS_PACKAGE', { name, detail }));
  }
}
