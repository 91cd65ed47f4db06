import type { AskAws, AwsInstance, AwsUnanswered } from '../aws/inventory/question.ts';
import type { Fields } from '../model/value.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { assign } from './assign.ts';
import { hostnameOf } from './aws-hostnames.ts';
import type { AwsSource } from './aws-source.ts';
import type { Constructed } from './constructed.ts';
import { type Draft, mentionGroup, mentionHost } from './draft.ts';
import { remoteNameFault } from './names.ts';

/**
 * Asks AWS, and adds a host for each machine, in a group with the name of the plugin. Gives back what is made of their variables, which
 * needs all other sources first; it is about these hosts only.
 */
export async function addAwsHosts(draft: Draft, source: AwsSource, ask: AskAws): Promise<Constructed> {
  const hosts = new Map<string, AwsInstance[]>();
  for (const instance of await instancesOf(draft, source, ask)) {
    const name = hostnameOf(instance.fields, source.hostnames);
    // As in Ansible: who has none of the names is not meant.
    if (name !== undefined) hosts.set(name, [...(hosts.get(name) ?? []), instance]);
  }
  const { plugin } = source.question;
  const at = source.root.locate(['plugin']);
  const group = mentionGroup(draft, plugin, at);
  for (const [name, [first, ...others]] of hosts) {
    const fault = remoteNameFault(name);
    if (!first || fault) {
      if (fault) draft.problems.push(problem('E_HOST_NAME', { name, fault, from: source.file }, at));
      continue;
    }
    if (others.length > 0) {
      const ids = [first, ...others].map(({ id }) => id);
      draft.problems.push(problem('E_AWS_INVENTORY_TWICE', { name, ids }, source.root.locate(['hostnames'])));
    }
    const host = mentionHost(draft, name, at);
    group?.hosts.add(name);
    const layer = `${plugin} of ${source.file}`;
    for (const [key, value] of Object.entries({ ...named(first.fields, source), ...reached(first, source) }))
      host.vars.push(...assign({ name: key, definition: { value, layer, data: true } }, draft.problems));
  }
  return { ...source.construction, only: new Set(hosts.keys()) };
}

async function instancesOf(draft: Draft, source: AwsSource, ask: AskAws): Promise<AwsInstance[]> {
  try {
    const answer = await ask(source.question, source.cacheSeconds);
    if ('instances' in answer) return answer.instances;
    draft.problems.push(...unanswered(source, answer));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    draft.problems.push(...error.problems);
  }
  return [];
}

/** What each region failed with, at its place in the file; and that therefore nothing is known. */
function unanswered({ file, root, question }: AwsSource, { faults, asked, keptFor }: AwsUnanswered): Problem[] {
  const failed = faults.flatMap(({ regions }) => regions);
  const told = faults.map(({ problem: fault, regions }): Problem => {
    const index = regions.length === 1 ? question.regions.indexOf(regions[0] ?? '') : -1;
    const part = question.regions.length > 0 && regions.length > 0 ? 'regions' : 'plugin';
    const at = root.locate(index < 0 ? [part] : ['regions', index]);
    if (regions.length === 0 || !('call' in fault.facts)) return { ...fault, at };
    return { ...fault, facts: { ...fault.facts, call: `${fault.facts.call} in ${listed(regions)}` }, at } as Problem;
  });
  const { profile } = question;
  const facts = {
    ...{ file, failed: failed.length, asked },
    ...(profile !== undefined && { profile }),
    ...(keptFor !== undefined && { keptFor }),
  };
  return [...told, problem('E_AWS_INVENTORY_UNANSWERED', facts)];
}

function listed(regions: readonly string[]): string {
  const most = 4;
  return regions.length <= most + 1
    ? regions.join(', ')
    : `${regions.slice(0, most).join(', ')} and ${regions.length - most} more`;
}

function named(fields: Fields, { around: { prefix, suffix } }: AwsSource): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name + suffix, value]));
}

/** How Systems Manager reaches the machine: for hosts of aws_ec2 it is there for whoever sets `ansible_connection`. */
function reached({ id, region }: AwsInstance, { question: { plugin, profile } }: AwsSource): Fields {
  return {
    ...(plugin === 'aws_ssm' && { ansible_connection: 'ssm' }),
    ansible_aws_ssm_instance_id: id,
    ansible_aws_ssm_region: region,
    ...(profile !== undefined && { ansible_aws_ssm_profile: profile }),
  };
}
