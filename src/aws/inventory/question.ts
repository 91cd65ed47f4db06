import type { Fields } from '../../model/value.ts';
import type { Problem } from '../../problems/problem.ts';

/** The services that know of machines, by the names of the inventory sources. */
export type AwsPlugin = 'aws_ec2' | 'aws_ssm';

/** Filters as AWS calls them, and values of which one must be met; all filters must. None: every machine. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** What is asked of AWS. Plain data, because an answer is kept under it. */
export interface AwsQuestion {
  plugin: AwsPlugin;
  /** Undefined: whoever the environment says. */
  profile?: string;
  /** None: of aws_ec2 all regions that the account has enabled, of aws_ssm that of the environment or the profile. */
  regions: readonly string[];
  /** Machines that one of these fits; at least one. */
  include: readonly Filters[];
  /** Less those that one of these fits. */
  exclude: readonly Filters[];
  /** Whether a region where the question is denied counts as one without machines. */
  passesDenied: boolean;
  /** Whether the tags of managed instances are wanted, which Systems Manager does not tell with them; instances of EC2 always have them. */
  tags: boolean;
}

/** A machine: what AWS says of it, in Ansible's names (`private_ip_address`, `tags`). */
export interface AwsInstance {
  id: string;
  region: string;
  fields: Fields;
}

/** All machines, by their ids; or why they are not known, each fault once with the regions it is about. */
export type AwsAnswer = { instances: AwsInstance[] } | AwsUnanswered;

/** Why machines are not known. */
export interface AwsUnanswered {
  faults: { problem: Problem; regions: string[] }[];
  /** How many regions were asked. */
  asked: number;
  /** Seconds since an answer was kept that is too old to be used. */
  keptFor?: number;
}

/** Asks AWS, or gives what was kept of an answer that is less than `cacheSeconds` old; undefined: nothing is looked up or kept. */
export type AskAws = (question: AwsQuestion, cacheSeconds?: number) => Promise<AwsAnswer>;
