import { expect, test } from 'vitest';
import { portScan } from '../../../src/modules/both/port_scan.ts';
import { greeter } from '../../network/greeter.ts';
import { taskContext } from '../../network/task-context.ts';

let port: number;
greeter((given) => {
  port = given;
});

test('port_scan tells what is open, and what that says', async () => {
  const { fields } = await portScan.run(
    { hosts: '127.0.0.0/30', ports: [3, port], banner: true, timeout: 1 },
    taskContext(),
  );
  expect(fields).toMatchObject({
    count: 1,
    closed: 3,
    open: [{ host: '127.0.0.1', port, state: 'open', banner: 'SSH-2.0-test' }],
  });
});
