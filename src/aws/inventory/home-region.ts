import { ProblemError, problem } from '../../problems/problem.ts';
import { type AwsEnv, loaded } from '../access.ts';
import { inventoryClient, using } from './client.ts';
import type { AwsQuestion } from './question.ts';

/** Where Ansible asks for the list of regions when none is configured. */
const anyRegion = 'us-east-1';

/** The region of the environment or the profile. Throws ProblemError E_AWS_REGION when aws_ssm needs one that is not there. */
export async function homeRegion(question: AwsQuestion, env: AwsEnv): Promise<string> {
  const { SSMClient } = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  return using(new SSMClient(inventoryClient(question, { env })), async ({ config }) => {
    try {
      return await config.region();
    } catch {
      if (question.plugin === 'aws_ec2') return anyRegion;
      throw new ProblemError(problem('E_AWS_REGION', { call: 'ssm:DescribeInstanceInformation' }));
    }
  });
}
