import { randomUUID } from 'node:crypto';
import type {
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  DeleteSecretRequest,
  GetSecretValueRequest,
  PutSecretValueRequest,
} from '@aws-sdk/client-secrets-manager';
import type { Cloud } from '../cloud.ts';
import { AwsError, atMost } from '../errors.ts';
import type { Call, Service } from '../types.ts';

interface Version {
  id: string;
  stages: string[];
  /** Binary values are base64 on the wire, and stay it. */
  value: { SecretString?: string; SecretBinary?: string };
  at: number;
}

interface Secret {
  name: string;
  arn: string;
  region: string;
  versions: Version[];
  deletedAt?: number;
}

type Value = { SecretString?: string | undefined; SecretBinary?: unknown };

/** Secrets Manager. Source: its API reference, page of each operation. */
export function secretsManager(cloud: Cloud, given: Record<string, string> = {}): Service {
  const secrets: Secret[] = [];

  const put = (secret: Secret, { SecretString, SecretBinary }: Value): Version => {
    const value = SecretString === undefined ? { SecretBinary: String(SecretBinary) } : { SecretString };
    const version = { id: randomUUID(), stages: ['AWSCURRENT'], value, at: Date.now() };
    // The last one stays, as AWSPREVIOUS.
    secret.versions = secret.versions.map((old) => ({
      ...old,
      stages: old.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : [],
    }));
    secret.versions.push(version);
    return version;
  };
  const create = (name: string, region: string): Secret => {
    // "Secrets Manager adds six random characters at the end of the ARN."
    const arn = `arn:aws:secretsmanager:${region}:${cloud.account}:secret:${name}-${randomUUID().slice(0, 6)}`;
    const secret = { name, arn, region, versions: [] };
    secrets.push(secret);
    return secret;
  };
  for (const [name, value] of Object.entries(given)) put(create(name, cloud.region), { SecretString: value });

  /** By name, or by its ARN with or without the random characters. */
  const find = (id: string | undefined, region: string): Secret => {
    const secret = secrets.find(
      ({ name, arn, region: where }) => where === region && (name === id || arn === id || arn.slice(0, -7) === id),
    );
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  };
  const live = (id: string | undefined, region: string): Secret => {
    const secret = find(id, region);
    if (secret.deletedAt === undefined) return secret;
    const text = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new AwsError('InvalidRequestException', text);
  };
  const valueIn = (
    secret: Secret,
    { VersionId, VersionStage }: Partial<GetSecretValueRequest>,
  ): Record<string, unknown> => {
    const stage = VersionStage ?? 'AWSCURRENT';
    const version = secret.versions.find(({ id, stages }) =>
      VersionId === undefined ? stages.includes(stage) : id === VersionId,
    );
    if (!version) {
      const text = `Secrets Manager can't find the specified secret value for staging label: ${stage}`;
      throw new AwsError('ResourceNotFoundException', text);
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: version.stages,
      CreatedDate: version.at / 1000,
      ...version.value,
    };
  };

  return {
    GetSecretValue: ({ params, region }: Call<GetSecretValueRequest>) => valueIn(live(params.SecretId, region), params),
    BatchGetSecretValue({ params, region }: Call<BatchGetSecretValueRequest>) {
      atMost(params.SecretIdList, 'secretIdList', 20);
      // "If there are errors with individual secrets, they are in Errors", and the rest comes.
      const Errors: unknown[] = [];
      const SecretValues = (params.SecretIdList ?? []).flatMap((id) => {
        try {
          return [valueIn(live(id, region), {})];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
          return [];
        }
      });
      return { SecretValues, Errors };
    },
    CreateSecret({ params, region }: Call<CreateSecretRequest>) {
      const { Name = '' } = params;
      if (secrets.some(({ name, region: where }) => name === Name && where === region)) {
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${Name} already exists.`,
        );
      }
      const secret = create(Name, region);
      const isEmpty = params.SecretString === undefined && params.SecretBinary === undefined;
      return { ARN: secret.arn, Name, ...(isEmpty ? {} : { VersionId: put(secret, params).id }) };
    },
    PutSecretValue({ params, region }: Call<PutSecretValueRequest>) {
      const secret = live(params.SecretId, region);
      const { id, stages } = put(secret, params);
      return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
    },
    DescribeSecret({ params, region }: Call<GetSecretValueRequest>) {
      const { arn, name, versions, deletedAt } = find(params.SecretId, region);
      const used = versions.filter(({ stages }) => stages.length > 0);
      const VersionIdsToStages = Object.fromEntries(used.map(({ id, stages }) => [id, stages]));
      return {
        ARN: arn,
        Name: name,
        VersionIdsToStages,
        ...(deletedAt === undefined ? {} : { DeletedDate: deletedAt / 1000 }),
      };
    },
    DeleteSecret({ params, region }: Call<DeleteSecretRequest>) {
      const secret = live(params.SecretId, region);
      // "RecoveryWindowInDays: the default is 30"; without recovery it is gone at once.
      const days = params.ForceDeleteWithoutRecovery ? 0 : (params.RecoveryWindowInDays ?? 30);
      secret.deletedAt = Date.now() + days * 86_400_000;
      if (params.ForceDeleteWithoutRecovery) secrets.splice(secrets.indexOf(secret), 1);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletedAt / 1000 };
    },
    RestoreSecret({ params, region }: Call<GetSecretValueRequest>) {
      const secret = find(params.SecretId, region);
      delete secret.deletedAt;
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}
