import { type Problem, ProblemError } from '../../problems/problem.ts';
import type { AwsEnv } from '../access.ts';
import { homeRegion } from './home-region.ts';
import type { AwsAnswer, AwsInstance, AwsQuestion } from './question.ts';

/** Asks all regions at the same time. One that fails makes the whole answer one of faults: half an inventory is worse than none. */
export async function askRegions(question: AwsQuestion, env: AwsEnv): Promise<AwsAnswer> {
  let regions: readonly string[];
  try {
    regions = await regionsOf(question, env);
  } catch (error) {
    return { faults: [{ problem: onlyProblem(error), regions: [] }], asked: 0 };
  }
  const answers = await Promise.all(regions.map((region) => askRegion(question, region, env)));
  const failed = answers.filter((answer) => 'problem' in answer);
  if (failed.length > 0) return { faults: together(failed), asked: regions.length };
  const instances = answers.flatMap((answer) => ('instances' in answer ? answer.instances : []));
  return { instances: instances.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

async function regionsOf(question: AwsQuestion, env: AwsEnv): Promise<readonly string[]> {
  if (question.regions.length > 0) return question.regions;
  const home = await homeRegion(question, env);
  if (question.plugin === 'aws_ssm') return [home];
  const { enabledRegions } = await import('./ec2.ts');
  return enabledRegions(question, { region: home, env });
}

type RegionAnswer = { instances: AwsInstance[] } | { problem: Problem; region: string };

async function askRegion(question: AwsQuestion, region: string, env: AwsEnv): Promise<RegionAnswer> {
  const list =
    question.plugin === 'aws_ec2'
      ? (await import('./ec2.ts')).ec2Instances
      : (await import('./ssm.ts')).managedInstances;
  try {
    return { instances: await list(question, { region, env }) };
  } catch (error) {
    const problem = onlyProblem(error);
    return problem.code === 'E_AWS_DENIED' && question.passesDenied ? { instances: [] } : { problem, region };
  }
}

/** What all regions say alike, such as that there are no credentials, is told once. */
function together(failed: readonly { problem: Problem; region: string }[]): { problem: Problem; regions: string[] }[] {
  const found = new Map<string, { problem: Problem; regions: string[] }>();
  for (const { problem, region } of failed) {
    const { request: _, ...facts } = problem.facts as Record<string, unknown>;
    const key = JSON.stringify([problem.code, facts]);
    const same = found.get(key);
    if (same) same.regions.push(region);
    else found.set(key, { problem, regions: [region] });
  }
  return [...found.values()];
}

/** What a call was refused for. Anything else is a bug, and goes on. */
function onlyProblem(error: unknown): Problem {
  const [problem] = error instanceof ProblemError ? error.problems : [];
  if (!problem) throw error;
  return problem;
}
