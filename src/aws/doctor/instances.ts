import type { InstanceInformation } from '@aws-sdk/client-ssm';
import { type AwsAccess, type AwsEnv, clientConfig, loaded } from '../access.ts';
import { type AwsFinding, thrown } from './finding.ts';

/** A host of the inventory that is reached through Systems Manager. */
export interface SsmHost {
  name: string;
  instance: string;
}

/** Names in a line before the rest is counted. */
const MOST_NAMES = 5;

/** What Systems Manager knows of the instances of a region, and of those hosts of an inventory that are there. */
export async function findInstances(access: AwsAccess, env: AwsEnv, hosts: readonly SsmHost[]): Promise<AwsFinding[]> {
  const { SSMClient, paginateDescribeInstanceInformation } = await loaded(
    '@aws-sdk/client-ssm',
    () => import('@aws-sdk/client-ssm'),
  );
  const client = new SSMClient(clientConfig(access, env));
  const known = new Map<string, InstanceInformation>();
  try {
    for await (const page of paginateDescribeInstanceInformation({ client, pageSize: 50 }, {}))
      for (const one of page.InstanceInformationList ?? []) known.set(one.InstanceId ?? '', one);
  } catch (error) {
    return [thrown('instances', error, { call: 'ssm:DescribeInstanceInformation' })];
  } finally {
    client.destroy();
  }
  const all = [...known.values()];
  return [summary(all), ...agents(all), ...ofInventory(hosts, known)];
}

function summary(all: readonly InstanceInformation[]): AwsFinding {
  const what = 'instances';
  if (all.length === 0)
    return {
      what,
      state: 'unsure',
      said: 'Systems Manager knows none here',
      todo: 'an instance registers when its agent runs, its role holds AmazonSSMManagedInstanceCore, and it reaches the endpoints ssm and ssmmessages of the region by https',
    };
  const count = (ping: string): number => all.filter(({ PingStatus }) => PingStatus === ping).length;
  const lost = count('ConnectionLost') + count('Inactive');
  return {
    what,
    state: lost === all.length ? 'problem' : 'ok',
    said: `${all.length} known: ${count('Online')} Online, ${count('ConnectionLost')} ConnectionLost, ${count('Inactive')} Inactive`,
    ...(lost > 0 && {
      todo: 'those that are not Online are stopped, or their agent does not run or reach AWS: systemctl status amazon-ssm-agent',
    }),
  };
}

/** Agents before version 3, and those that are not the latest. */
function agents(all: readonly InstanceInformation[]): AwsFinding[] {
  const old = all.filter(({ AgentVersion = '3' }) => Number(AgentVersion.split('.')[0]) < 3);
  const behind = all.filter((one) => one.IsLatestVersion === false && !old.includes(one));
  const ids = (some: readonly InstanceInformation[]): string => names(some.map(({ InstanceId = '' }) => InstanceId));
  const todo = 'update it: aws ssm send-command --document-name AWS-UpdateSSMAgent';
  return [
    ...(old.length > 0
      ? [{ what: 'agents', state: 'problem' as const, said: `before version 3 on ${ids(old)}`, todo }]
      : []),
    ...(behind.length > 0
      ? [{ what: 'agents', state: 'ok' as const, said: `not the latest version on ${ids(behind)}` }]
      : []),
  ];
}

function ofInventory(hosts: readonly SsmHost[], known: ReadonlyMap<string, InstanceInformation>): AwsFinding[] {
  if (hosts.length === 0) return [];
  const what = 'inventory';
  const missing = hosts.filter(({ instance }) => !known.has(instance));
  const offline = hosts.filter(({ instance }) => {
    const one = known.get(instance);
    return one !== undefined && one.PingStatus !== 'Online';
  });
  const windows = hosts.filter(({ instance }) => known.get(instance)?.PlatformType === 'Windows');
  const list = (some: readonly SsmHost[]): string => names(some.map(({ name, instance }) => `${name} (${instance})`));
  const findings: AwsFinding[] = [];
  if (missing.length > 0)
    findings.push({
      what,
      state: 'problem',
      said: `not registered with Systems Manager in this region: ${list(missing)}`,
      todo: 'check the id and ansible_aws_ssm_region; otherwise the agent does not run there, the instance has no role with AmazonSSMManagedInstanceCore, or no way to the endpoints ssm and ssmmessages',
    });
  if (offline.length > 0)
    findings.push({
      what,
      state: 'problem',
      said: `registered and not Online: ${list(offline)}`,
      todo: 'start them, or see there: systemctl status amazon-ssm-agent',
    });
  if (windows.length > 0)
    findings.push({
      what,
      state: 'problem',
      said: `run Windows: ${list(windows)}`,
      todo: 'play needs /bin/sh; leave them out: --limit, or a filter of the inventory',
    });
  if (findings.length > 0) return findings;
  const said =
    hosts.length === 1
      ? 'the one host with connection ssm is Online'
      : `all ${hosts.length} hosts with connection ssm are Online`;
  return [{ what, state: 'ok', said }];
}

function names(all: readonly string[]): string {
  const rest = all.length - MOST_NAMES;
  return `${all.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
