import { quoted } from '../../util/quoted.ts';
import { words } from './entry.ts';

/** Values of Parameter Store and Secrets Manager that texts ask for with `ssm()` and `secret()`. */
export const storedWords = {
  E_STORED_MISSING: words<{ store: string; service: 'ssm' | 'secretsmanager'; name: string; region: string }>({
    exit: 3,
    say: (f) => `${f.store} has no ${quoted(f.name)} in ${f.region}`,
    hint: (f) =>
      f.service === 'ssm'
        ? 'look at the name (upper and lower case count) and the region: aws ssm describe-parameters; one of another region or account is named by its ARN'
        : 'look at the name and the region: aws secretsmanager list-secrets; one of another region or account is named by its ARN',
  }),
  E_STORED_DENIED: words<{ store: string; name: string; detail: string; needs: string }>({
    exit: 3,
    say: (f) => `${f.store} does not give ${quoted(f.name)}: ${f.detail}`,
    hint: (f) => `the identity needs ${f.needs}; docs/aws.md has the policies`,
  }),
  E_STORED_FIELD: words<{ name: string; key: string; fields?: string[] }>({
    exit: 2,
    say: (f) =>
      f.fields === undefined
        ? `the secret ${quoted(f.name)} is no JSON object, so it has no field ${quoted(f.key)}`
        : `the secret ${quoted(f.name)} has no field ${quoted(f.key)}`,
    hint: (f) =>
      f.fields === undefined
        ? `write secret(${JSON.stringify(f.name)}) for all of its text`
        : `it has: ${f.fields.join(', ')}`,
  }),
  E_STORED_BINARY: words<{ name: string }>({
    exit: 2,
    say: (f) => `the secret ${quoted(f.name)} holds bytes and no text`,
    hint: () => 'store it as text, base64 for example, and decode it where it is used: b64decode(secret("…"))',
  }),
  E_STORED_NAME: words<{ call: string }>({
    exit: 2,
    say: (f) => `${f.call}: what it reads was not known before the run, when all values of AWS are read together`,
    hint: () =>
      'make the name of text, parameters and variables; for one that a fact or the result of a task gives, register a task that reads it',
  }),
  E_SSM_SECRET_TASK: words<SentSecret>({
    exit: 2,
    say: (f) => `this would send a secret (${f.what}) to ${hosts(f)} in a command, and AWS keeps commands for 30 days`,
    hint: () => sentAdvice,
  }),
  W_SSM_SECRET_TASK: words<SentSecret>({
    exit: 0,
    say: (f) =>
      `if this runs, it sends a secret (${f.what}) to ${hosts(f)} in a command, and AWS keeps commands for 30 days, so it will be refused`,
    hint: () => sentAdvice,
  }),
  W_SSM_BECOME_PASSWORD: words<{ host: string }>({
    exit: 0,
    say: (f) => `${f.host}: a password for becoming another user is not needed: Systems Manager runs commands as root`,
    hint: () => 'leave it out for hosts with connection ssm',
  }),
} as const;

interface SentSecret {
  what: string;
  host: string;
  others: number;
}

const sentAdvice =
  'set ansible_aws_ssm_bucket_name, through which it goes encrypted, or keep it in AWS and write ssm("/name") or secret("name"), which the instance then reads by itself';

function hosts({ host, others }: SentSecret): string {
  return others === 0 ? host : `${host} and ${others} other host${others === 1 ? '' : 's'}`;
}
