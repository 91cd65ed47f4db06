import type { StoredUse } from '../../model/stored.ts';

/** A place of a store of AWS, as its API is asked for it. */
export interface StoredPlace {
  service: StoredUse['service'];
  /** Name or ARN, with `:VERSION` or `:LABEL` of a parameter. */
  id: string;
  /** That of its ARN; undefined: that of the environment. */
  region?: string;
}

/** Where a use is read from. What is written in front of ARNs of other partitions (`aws-cn`, `aws-us-gov`) is taken as it is. */
export function placeOf({ service, name }: StoredUse): StoredPlace {
  const region = /^arn:[^:]+:(?:ssm|secretsmanager):([^:]+):/.exec(name)?.[1];
  return { service, id: name, ...(region !== undefined && { region }) };
}

/** The store, as people call it. */
export function storeName(service: StoredUse['service']): string {
  return service === 'ssm' ? 'Parameter Store' : 'Secrets Manager';
}

/**
 * The IAM action that reading one needs, and on what: the ARN formats of the service authorization reference, "Actions, resources, and
 * condition keys" for Systems Manager and for Secrets Manager, where six random characters follow the name of a secret.
 */
export function permissionFor({ service, name }: Pick<StoredUse, 'service' | 'name'>): {
  action: string;
  resource: string;
} {
  const action = service === 'ssm' ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue';
  if (name.startsWith('arn:')) return { action, resource: service === 'ssm' ? withoutSelector(name) : name };
  if (service === 'secretsmanager') return { action, resource: `arn:aws:secretsmanager:*:*:secret:${name}-??????` };
  return { action, resource: `arn:aws:ssm:*:*:parameter/${withoutSelector(name).replace(/^\//, '')}` };
}

/** The name of a parameter without its version or label. */
function withoutSelector(name: string): string {
  const [last = ''] = name.split('/').slice(-1);
  // In an ARN without a path the name itself stands behind a slash, too.
  const cut = last.indexOf(':');
  return cut < 0 ? name : name.slice(0, name.length - last.length + cut);
}

/** Whether a parameter or a secret of an answer is the one that was asked for. */
export function isAnswerTo(
  { service, id }: StoredPlace,
  answer: { Name?: string | undefined; ARN?: string | undefined; Selector?: string | undefined },
): boolean {
  const { Name = '', ARN = '', Selector = '' } = answer;
  if (service === 'ssm') return id === Name + Selector || id === ARN + Selector;
  // An ARN may be given without the six characters at its end.
  return id === Name || id === ARN || ARN.slice(0, -7) === id;
}
