import { parseArgs } from 'node:util';
import { startAws } from './aws.ts';
import type { Faults } from './faults.ts';

const usage = `Usage: node test/aws/run.mjs [options]

Starts a fake of AWS on this machine, prints the environment that makes an SDK, an AWS CLI or a play talk to it, and
stays until it is interrupted. Needs root and Linux: every instance is a world of its own. It is not AWS: README.md.

  --instances N    how many (3)
  --region NAME    eu-central-1 when not given
  --port N         a free one when not given
  --bucket NAME    a bucket of S3 that is there from the start
  --second-ms N    real milliseconds in a second of AWS's timeouts (1000)
  --faults JSON    what goes wrong, e.g. '{"throttle":[{"action":"ssm:*","probability":0.3}]}'
  --help
`;

/** Starts one for a person. Gives the exit code once it is interrupted. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      instances: { type: 'string', default: '3' },
      region: { type: 'string', default: 'eu-central-1' },
      port: { type: 'string', default: '0' },
      bucket: { type: 'string', multiple: true, default: [] },
      'second-ms': { type: 'string', default: '1000' },
      faults: { type: 'string', default: '{}' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const aws = await startAws({
    instances: Number(values.instances),
    region: values.region,
    port: Number(values.port),
    buckets: values.bucket,
    secondMs: Number(values['second-ms']),
    faults: JSON.parse(values.faults) as Faults,
  });
  const lines = Object.entries(aws.env).map(([name, value]) => `export ${name}='${value}'`);
  for (const { id, tags } of aws.instances.values()) lines.push(`# ${id} ${tags['Name']}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await aws.close();
  return 0;
}
