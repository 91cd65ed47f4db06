import { expect, test } from 'vitest';
import { asyncStatus } from '../../../src/modules/host/async_status.ts';

/* How it stands, read from what the host prints; the whole is run in test/e2e/flow-jobs.test.ts. */
test.for([
  ['running\nso far\n', 0, { finished: false, rc: null, stdout: 'so far' }],
  ['finished 4\n', 4, { finished: true, rc: 4, stdout: '' }],
  ['lost\n', 1, { started: true, finished: true, rc: null }],
  ['gone\n', 1, { started: false, finished: true, rc: null }],
] as const)('%j', ([stdout, rc, fields]) => {
  const { result } = asyncStatus.resource({ jid: '1.2' });
  expect(result?.({ rc, stdout, stderr: '', changed: false })).toMatchObject(fields);
});
