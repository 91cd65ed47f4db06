import { describe, expect, test } from 'vitest';
import { portCheck } from '../../../src/modules/both/port_check.ts';
import { greeter } from '../../network/greeter.ts';
import { taskContext } from '../../network/task-context.ts';

let port: number;
greeter((given) => {
  port = given;
});

describe('port_check', () => {
  const check = (params: object) => portCheck.run({ port, timeout: 1, ...params } as never, taskContext());

  test('looks at the host of the task', async () => {
    expect(await check({})).toMatchObject({ changed: false, fields: { open: 1 }, message: '1 of 1 open' });
  });

  test('fails when something is not as it has to be, and says all that is not', async () => {
    expect((await check({ port: [port, 3, 4] })).failed).toBe(
      'localhost port 3: nothing listens there (refused)\nlocalhost port 4: nothing listens there (refused)',
    );
    expect((await check({ state: 'closed' })).failed).toBe(`localhost port ${port}: something listens there`);
    expect((await check({ port: [port, 3], state: 'any' })).failed).toBeUndefined();
  });

  test('takes no port that is none', async () => {
    expect((await check({ port: '80-70000' })).failed).toBe(
      '"80-70000" is not a port from 1 to 65535, or a range like 8000-8010',
    );
  });
});
