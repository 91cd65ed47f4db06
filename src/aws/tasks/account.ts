import { type AwsAccess, type AwsEnv, type ClientConfig, clientConfig } from '../access.ts';
import { asked } from '../faults.ts';
import { clientClass, findOperation, loadSdk, type Sdk, type SdkClient } from './sdk.ts';

/** Keys of an account, as the SDK wants them. */
interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Who asks, and where: what is not said is looked for as the SDK does it. */
export interface Account extends AwsAccess {
  credentials?: Credentials;
  /** A role that is taken on by whoever the rest describes, for an hour at a time. */
  role?: { arn: string; session: string };
  /** Another address of the service: a private one, or something that speaks the same protocol. */
  endpoint?: string;
}

/** What an account is looked for with. */
export interface AccountEnv {
  /** The environment of play; the SDK sees this one by itself. */
  process: AwsEnv;
  /** What the task adds to it. */
  task: AwsEnv;
}

/** The account that the variables of a task's own environment mean, where its parameters do not say. */
function withEnv(account: Account, { task }: AccountEnv): Account {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = task;
  const profile = account.profile ?? task['AWS_PROFILE'];
  const endpoint = account.endpoint ?? task['AWS_ENDPOINT_URL'];
  const keys = id !== undefined && secret !== undefined && account.profile === undefined;
  return {
    ...account,
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(keys &&
      account.credentials === undefined && {
        credentials: { accessKeyId: id, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) },
      }),
  };
}

/** A client of a service for an account. `near` is a file beside the playbook, where packages are looked for first. */
export function openClient(sdk: Sdk, given: Account, { env, near }: { env: AccountEnv; near: string }): SdkClient {
  const account = withEnv(given, env);
  const config: ClientConfig & { credentials?: unknown; endpoint?: string; forcePathStyle?: boolean } = {
    ...clientConfig(account, { ...env.process, ...env.task }),
    ...(account.credentials && { credentials: account.credentials }),
    ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
  };
  // Only Amazon has a name for every bucket: elsewhere it is part of the path, as botocore has it.
  const isElsewhere = account.endpoint ?? env.process['AWS_ENDPOINT_URL_S3'] ?? env.process['AWS_ENDPOINT_URL'];
  if (isElsewhere !== undefined) config.forcePathStyle = true;
  const { role } = account;
  if (role) {
    const { role: _, ...base } = account;
    config.credentials = () => takenOn(role, base, { env, near });
  }
  return new (clientClass(sdk))(config);
}

/** Keys of a role. Throws ProblemError. */
async function takenOn(
  { arn, session }: { arn: string; session: string },
  account: Account,
  around: { env: AccountEnv; near: string },
): Promise<Credentials> {
  const sdk = loadSdk('sts', around.near);
  const client = openClient(sdk, account, around);
  try {
    const { command } = findOperation(sdk, 'AssumeRole');
    const answer = (await asked('sts:AssumeRole', () =>
      client.send(new command({ RoleArn: arn, RoleSessionName: session })),
    )) as { Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: Date } };
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials;
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  } finally {
    client.destroy();
  }
}
