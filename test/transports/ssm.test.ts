import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { conformance } from './conformance.ts';
import { reachSsm } from './ssm-rig.ts';

let aws: FakeAws;
beforeAll(async () => {
  aws = await startAws({ instances: 1, buckets: ['files'] });
});
afterAll(() => aws?.close());

conformance('ssm', async () => {
  const reach = reachSsm(aws);
  return {
    connect: () => reach.connect({ bucket: 'files' }),
    // Process ids are those of this machine. The command and what runs it go down together.
    cut: async (pid) => {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      for (const each of [pid, ...children.split(' ').filter(Boolean).map(Number)]) process.kill(each, 'SIGKILL');
    },
    afterCut: { kind: 'exit', code: 137, signal: 'SIGKILL' },
    look: (path) => reach.look(path),
  };
});
