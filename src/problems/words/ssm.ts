import { words } from './entry.ts';

const bucketAdvice =
  'set ansible_aws_ssm_bucket_name to a bucket that this machine may write to and the instance can reach';

type SecretFault =
  | { fault: 'nowhere' }
  | { fault: 'encoded' }
  | { fault: 'unread'; store: string; detail: string }
  | { fault: 'changed'; store: string };

function secretText(f: SecretFault): string {
  switch (f.fault) {
    case 'nowhere':
      return 'this holds a secret that the instance cannot read by itself, and AWS keeps commands for 30 days, so it is not sent';
    case 'encoded':
      return 'this holds a secret in an encoded form (base64, JSON …) that the instance cannot put in by itself, and AWS keeps commands for 30 days, so it is not sent';
    case 'unread':
      return `the instance cannot read ${f.store}: ${f.detail}`;
    case 'changed':
      return `${f.store} is another on the instance than it was here when the run began`;
  }
}

function secretAdvice(f: SecretFault): string {
  if (f.fault === 'unread')
    return 'its role needs ssm:GetParameter or secretsmanager:GetSecretValue for that name, and kms:Decrypt for its key; docs/aws.md has the policy';
  if (f.fault === 'changed') return 'run again; if that does not help, the region or a version differs';
  return `${bucketAdvice}, which then carries it encrypted for five minutes, or keep the value in Parameter Store or Secrets Manager and use ssm("/name") or secret("name")`;
}

const toolAdvice: Record<string, string> = {
  base64: 'install coreutils, busybox or openssl on the instance',
  curl: 'install curl there (wget of GNU will do), or leave ansible_aws_ssm_bucket_name out',
  aws: `install the AWS command line tool there, or ${bucketAdvice}`,
  openssl: `what the task prints may hold the secret, so it is encrypted on the instance: install openssl there, or ${bucketAdvice}`,
};

/** What AWS Systems Manager says of a command, or the instance before it runs one. In all of them it is certain that nothing ran. */
export const ssmWords = {
  E_SSM_UNDELIVERABLE: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: Systems Manager cannot deliver to ${f.instance} (Undeliverable)`,
    hint: () =>
      'the agent does not run there, has no way to AWS, or the instance is gone; without an instance profile it never registers. Try: play doctor aws',
  }),
  E_SSM_DELIVERY: words<{ host: string; instance: string; seconds: number }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.instance} did not take the command within ${f.seconds} s (Delivery Timed Out)`,
    hint: () =>
      'it is stopped, or its agent is busy or cannot reach AWS. Wait longer with ansible_aws_ssm_delivery_timeout, or see: play doctor aws',
  }),
  E_SSM_INSTANCE: words<{ host: string; instance: string; region: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: Systems Manager does not know ${f.instance} in ${f.region}: ${f.detail}`,
    hint: () =>
      'check the id and the region; a new instance registers once its agent runs with an instance profile that holds AmazonSSMManagedInstanceCore. Try: play doctor aws',
  }),
  E_SSM_PLATFORM: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: ${f.instance} does not run Linux or macOS (InvalidPlatform)`,
    hint: () => 'play needs /bin/sh on a host',
  }),
  E_SSM_ACCESS: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: the caller may not run commands on ${f.instance} (AccessDenied)`,
    hint: () => 'the policy of the caller needs ssm:SendCommand for this instance; docs/aws.md has it',
  }),
  E_SSM_PENDING_LIMIT: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: the account has too many commands waiting, so none went to ${f.instance} (Rate Exceeded)`,
    hint: () => 'wait until they are through, run with fewer hosts at once (serial), or ask AWS for a higher quota',
  }),
  E_SSM_NO_INSTANCES: words<{ host: string; tag: string }>({
    exit: 4,
    say: (f) => `${f.host}: no managed instance carries ${f.tag} (NoInstancesInTag)`,
    hint: () =>
      'check ansible_aws_ssm_tag_target and the region, or leave it out: then the instances are named one by one',
  }),
  E_SSM_STOPPED: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: too many other hosts had failed, so the command did not go to ${f.instance} (Terminated)`,
    hint: () => 'mend the hosts that failed first; max_fail_percentage says how many may',
  }),
  E_SSM_CANCELLED: words<{ host: string; instance: string }>({
    exit: 4,
    say: (f) => `${f.host}: the command was cancelled before it reached ${f.instance}`,
    hint: () => 'someone did that in the console or by the API; CloudTrail says who',
  }),
  E_SSM_TARGET: words<{ host: string; tool: string }>({
    exit: 4,
    say: (f) => `${f.host}: there is no ${f.tool} on the instance, and this needs it`,
    hint: (f) => toolAdvice[f.tool],
  }),
  E_SSM_ARRIVAL: words<{ host: string; detail: string }>({
    exit: 4,
    say: (f) => `${f.host}: what was to be run did not arrive whole: ${f.detail}`,
    hint: () =>
      'check that the instance has space in /tmp and, with a bucket, can reach S3 by https (an endpoint, a gateway, a proxy)',
  }),
  E_SSM_TOO_LONG: words<{ host: string; bytes: number; most: number }>({
    exit: 3,
    say: (f) => `${f.host}: what is to be sent has ${f.bytes} bytes, compressed, and commands carry ${f.most} at most`,
    hint: () => bucketAdvice,
  }),
  E_SSM_BUCKET: words<{ host: string; bucket: string; detail: string }>({
    exit: 3,
    say: (f) => `${f.host}: the bucket ${f.bucket} cannot be used: ${f.detail}`,
    hint: () =>
      'check ansible_aws_ssm_bucket_name, and that the caller may s3:PutObject, s3:GetObject and s3:DeleteObject on play/* in it',
  }),
  E_SSM_SECRET: words<{ host: string } & SecretFault>({
    exit: 3,
    say: (f) => `${f.host}: ${secretText(f)}`,
    hint: secretAdvice,
  }),
};
