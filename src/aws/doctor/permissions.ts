import { type AwsAccess, type AwsEnv, clientConfig, loaded } from '../access.ts';
import { awsProblem, errorName } from '../faults.ts';
import { type AwsFinding, findingOf } from './finding.ts';

/** A call that changes nothing, and what AWS answers to those who may make it. */
interface Trial {
  /** The IAM action. */
  action: string;
  /** What play needs it for, as it follows "for". */
  use: string;
  call(): Promise<unknown>;
  /** Errors that come only after the permission was looked at. */
  allowed: readonly string[];
  /** Denied here does not mean that it is denied for the names that a playbook reads. */
  isNarrow?: true;
}

/** An instance, a command and names that nobody has: who may ask is told that they are not there, who may not is told that. */
const NO_INSTANCE = 'i-00000000000000000';
const NO_COMMAND = '00000000-0000-0000-0000-000000000000';
const NO_NAME = 'play/doctor/there-is-no-such-name';

/** Tries the permissions that play uses, one after the other. */
export async function findPermissions(
  access: AwsAccess,
  { env, buckets, isTarget }: { env: AwsEnv; buckets: readonly string[]; isTarget: boolean },
): Promise<AwsFinding[]> {
  const config = clientConfig(access, env);
  const trials = [
    ...(await commandTrials(config)),
    ...(await inventoryTrials(config)),
    ...(await valueTrials(config)),
    ...(await bucketTrials(config, { env, buckets })),
  ];
  const findings: AwsFinding[] = [];
  for (const trial of trials) findings.push(await tryOne(trial, isTarget));
  return findings;
}

type Config = ReturnType<typeof clientConfig>;

async function commandTrials(config: Config): Promise<Trial[]> {
  const sdk = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  const ssm = new sdk.SSMClient(config);
  const use = 'running tasks through Systems Manager';
  return [
    {
      action: 'ssm:SendCommand',
      use,
      call: () =>
        ssm.send(
          new sdk.SendCommandCommand({
            DocumentName: 'AWS-RunShellScript',
            InstanceIds: [NO_INSTANCE],
            Parameters: { commands: ['true'] },
          }),
        ),
      allowed: ['InvalidInstanceId'],
      isNarrow: true,
    },
    {
      action: 'ssm:ListCommandInvocations',
      use,
      call: () => ssm.send(new sdk.ListCommandInvocationsCommand({ CommandId: NO_COMMAND })),
      allowed: ['InvalidCommandId'],
    },
    {
      action: 'ssm:GetCommandInvocation',
      use,
      call: () => ssm.send(new sdk.GetCommandInvocationCommand({ CommandId: NO_COMMAND, InstanceId: NO_INSTANCE })),
      allowed: ['InvocationDoesNotExist', 'InvalidCommandId'],
    },
    {
      action: 'ssm:ListCommands',
      use: 'finding commands again whose sending was not answered',
      call: () => ssm.send(new sdk.ListCommandsCommand({ CommandId: NO_COMMAND })),
      allowed: ['InvalidCommandId'],
    },
    {
      action: 'ssm:CancelCommand',
      use: 'stopping a run',
      call: () => ssm.send(new sdk.CancelCommandCommand({ CommandId: NO_COMMAND })),
      allowed: ['InvalidCommandId'],
    },
  ];
}

async function inventoryTrials(config: Config): Promise<Trial[]> {
  const sdk = await loaded('@aws-sdk/client-ec2', () => import('@aws-sdk/client-ec2'));
  const ec2 = new sdk.EC2Client(config);
  return [
    {
      action: 'ec2:DescribeInstances',
      use: 'inventories of EC2 (aws_ec2)',
      call: () => ec2.send(new sdk.DescribeInstancesCommand({ DryRun: true })),
      allowed: ['DryRunOperation'],
    },
  ];
}

async function valueTrials(config: Config): Promise<Trial[]> {
  const sdk = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  const secrets = await loaded('@aws-sdk/client-secrets-manager', () => import('@aws-sdk/client-secrets-manager'));
  const ssm = new sdk.SSMClient(config);
  const manager = new secrets.SecretsManagerClient(config);
  return [
    {
      action: 'ssm:GetParameters',
      use: 'values by ssm()',
      call: () => ssm.send(new sdk.GetParametersCommand({ Names: [`/${NO_NAME}`], WithDecryption: true })),
      allowed: [],
      isNarrow: true,
    },
    {
      action: 'secretsmanager:GetSecretValue',
      use: 'values by secret()',
      call: () => manager.send(new secrets.GetSecretValueCommand({ SecretId: NO_NAME })),
      allowed: ['ResourceNotFoundException'],
      isNarrow: true,
    },
  ];
}

/** Writing is not tried, because it would leave an object. */
async function bucketTrials(
  config: Config,
  { env, buckets }: { env: AwsEnv; buckets: readonly string[] },
): Promise<Trial[]> {
  if (buckets.length === 0) return [];
  const sdk = await loaded('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const forcePathStyle = Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']);
  const s3 = new sdk.S3Client({ ...config, followRegionRedirects: true, forcePathStyle });
  return buckets.map((bucket) => ({
    action: 's3:ListBucket',
    use: `the bucket ${bucket}, which is there (s3:PutObject, s3:GetObject and s3:DeleteObject on play/* are not tried)`,
    call: () => s3.send(new sdk.HeadBucketCommand({ Bucket: bucket })),
    allowed: [],
  }));
}

async function tryOne({ action, use, call, allowed, isNarrow }: Trial, isTarget: boolean): Promise<AwsFinding> {
  const ok: AwsFinding = { what: action, state: 'ok', said: `allowed, for ${use}` };
  try {
    await call();
    return ok;
  } catch (error) {
    if (allowed.includes(errorName(error))) return ok;
    const found = awsProblem(error, action);
    if (found.code !== 'E_AWS_DENIED') {
      if (errorName(error) !== 'NotFound') return findingOf(action, found);
      const said = `there is no such bucket: ${use.split(',')[0]}`;
      return { what: action, state: 'problem', said, todo: 'check ansible_aws_ssm_bucket_name' };
    }
    const todo = isNarrow
      ? `a policy that names single resources denies this one, too; where ${action} is not allowed at all, docs/aws.md has the policy`
      : `docs/aws.md has the policy that allows ${action}`;
    const state = isNarrow || (!isTarget && !action.startsWith('s3:')) ? 'unsure' : 'problem';
    return { what: action, state, said: `denied, so perhaps no ${use}`, todo };
  }
}
