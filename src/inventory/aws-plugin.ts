import type { AwsPlugin } from '../aws/inventory/question.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { isFields } from './draft.ts';

const plugins: Readonly<Record<string, AwsPlugin>> = {
  aws_ec2: 'aws_ec2',
  'amazon.aws.aws_ec2': 'aws_ec2',
  aws_ssm: 'aws_ssm',
  'amazon.aws.aws_ssm': 'aws_ssm',
  'community.aws.aws_ssm': 'aws_ssm',
};

/** Which of the sources that ask AWS a file is; undefined: none of them. */
export function awsPlugin({ value }: Located<Value>): AwsPlugin | undefined {
  const name = isFields(value) ? value['plugin'] : undefined;
  return typeof name === 'string' && Object.hasOwn(plugins, name) ? plugins[name] : undefined;
}
