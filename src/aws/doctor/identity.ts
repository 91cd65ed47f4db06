import { problem } from '../../problems/problem.ts';
import { type AwsAccess, type AwsEnv, clientConfig, loaded } from '../access.ts';
import { type AwsFinding, findingOf, thrown } from './finding.ts';

/** Who calls, and where; `isKnown`: whether it makes sense to ask for more. */
export async function findIdentity(
  access: AwsAccess,
  env: AwsEnv,
): Promise<{ findings: AwsFinding[]; isKnown: boolean; region?: string }> {
  const { STSClient, GetCallerIdentityCommand } = await loaded(
    '@aws-sdk/client-sts',
    () => import('@aws-sdk/client-sts'),
  );
  const client = new STSClient(clientConfig(access, env));
  try {
    const region = await client.config.region().catch(() => undefined);
    if (region === undefined)
      return { findings: [findingOf('region', problem('E_AWS_REGION', { call: 'play doctor aws' }))], isKnown: false };
    const place: AwsFinding = { what: 'region', state: 'ok', said: `${region}, from ${regionSource(access, env)}` };
    try {
      const credentials = await client.config.credentials();
      const { Arn = '', Account = '' } = await client.send(new GetCallerIdentityCommand({}));
      const { expiration, $source = {} } = credentials as typeof credentials & { $source?: object };
      const until = expiration === undefined ? '' : `, valid until ${expiration.toISOString()}`;
      const from = credentialSource(Object.keys($source), access, env);
      const who: AwsFinding = {
        what: 'identity',
        state: 'ok',
        said: `${Arn} of account ${Account}; credentials from ${from}${until}`,
      };
      return { findings: [who, place], isKnown: true, region };
    } catch (error) {
      const profile = access.profile ?? env['AWS_PROFILE'];
      const fault = { call: 'sts:GetCallerIdentity', ...(profile !== undefined && { profile }) };
      return { findings: [thrown('identity', error, fault), place], isKnown: false };
    }
  } finally {
    client.destroy();
  }
}

function regionSource({ region, profile }: AwsAccess, env: AwsEnv): string {
  if (region !== undefined) return 'the inventory';
  if (env['AWS_REGION']) return 'AWS_REGION';
  if (profile === undefined && env['AWS_DEFAULT_REGION']) return 'AWS_DEFAULT_REGION';
  return `the profile ${profile ?? env['AWS_PROFILE'] ?? 'default'}, or the machine`;
}

/** What providers of the SDK write into `$source` of the credentials they give (feature-ids.d.ts of @aws-sdk/types), the most telling first. */
const SOURCES: readonly (readonly [feature: RegExp, words: (profile: string) => string])[] = [
  [/SSO/, (profile) => `IAM Identity Center (SSO), by the profile ${profile}`],
  [/LOGIN/, (profile) => `aws login, by the profile ${profile}`],
  [/WEB_ID/, () => 'a web identity'],
  [/PROCESS/, (profile) => `a program, by the profile ${profile}`],
  [/STS_ASSUME_ROLE/, (profile) => `a role, by the profile ${profile}`],
  [/PROFILE/, (profile) => `the profile ${profile}`],
  [/ENV_VARS/, () => 'the environment (AWS_ACCESS_KEY_ID)'],
  [/HTTP/, () => 'the container'],
  [/IMDS/, () => 'the instance that this runs on'],
];

function credentialSource(features: readonly string[], { profile }: AwsAccess, env: AwsEnv): string {
  const found = SOURCES.find(([feature]) => features.some((one) => feature.test(one)));
  return found?.[1](profile ?? env['AWS_PROFILE'] ?? 'default') ?? 'the SDK';
}
