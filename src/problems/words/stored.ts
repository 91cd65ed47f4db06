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
} as const;
