import { afterEach, describe, expect, test } from 'vitest';
import type { Connection, PipeEnd } from '../../src/model/transport.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { type FakeAws, startAws } from '../aws/aws.ts';
import type { AwsOptions } from '../aws/types.ts';
import { quick, reachSsm, type SsmReach } from './ssm-rig.ts';
import { refused, talk, until } from './talk.ts';

let aws: FakeAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

async function start(options: AwsOptions = {}, timing = {}): Promise<SsmReach & { aws: FakeAws }> {
  aws = await startAws({ instances: 1, ...options });
  return { ...reachSsm(aws, { ...quick, ...timing }), aws };
}

/** What a user reads when nothing ran. */
function words(end: PipeEnd): { code: string; message: string; hint: string; exit: number } {
  if (end.kind !== 'refused' || !(end.error instanceof ProblemError)) throw new Error(`it is ${JSON.stringify(end)}`);
  const [problem] = end.error.problems;
  const { message, hint = '', exit } = sentence(problem!);
  return { code: problem!.code, message, hint, exit };
}

const run = async (connection: Connection, command: string, input?: string | Buffer) =>
  (await talk(connection, command, input)).end;

describe('an instance that cannot be reached', () => {
  test('has an agent without connection: nothing ran, and what to look at', async () => {
    const { connect, id } = await start({ instances: [{ ping: 'ConnectionLost' }] });
    const said = words(await run(await connect(), 'echo hi'));
    expect(said).toMatchObject({ code: 'E_SSM_UNDELIVERABLE', exit: 4 });
    expect(said.message).toBe(`web1: Systems Manager cannot deliver to ${id()} (Undeliverable)`);
    expect(said.hint).toContain('play doctor aws');
  });

  test('is stopped: the delivery timeout of the inventory counts', async () => {
    const { connect, id } = await start({ instances: [{ state: 'stopped' }], secondMs: 5 });
    const said = words(await run(await connect({ deliveryTimeout: 40 }), 'echo hi'));
    expect(said).toMatchObject({ code: 'E_SSM_DELIVERY', exit: 4 });
    expect(said.message).toBe(`web1: ${id()} did not take the command within 40 s (Delivery Timed Out)`);
    expect(said.hint).toContain('ansible_aws_ssm_delivery_timeout');
  });

  test('never takes it, and the service says nothing: play calls the delivery off itself', async () => {
    const { connect, aws } = await start(
      { faults: { delivery: { '*': { lost: true } } } },
      { deliveryMargin: -29_500 },
    );
    const connection = await connect({ deliveryTimeout: 30 });
    expect(words(await run(connection, 'echo hi')).code).toBe('E_SSM_DELIVERY');
    await until('the cancel', () => aws.count('ssm:CancelCommand') === 1);
    await connection.close();
    expect(aws.openCommands()).toEqual([]);
  });

  test('was never registered: the others of the same command run without it', async () => {
    const { connect, id, aws } = await start({ instances: [{}, { managed: false }, {}] });
    const connections = await Promise.all([0, 1, 2].map((n) => connect({ instance: id(n) })));
    const ends = await Promise.all(connections.map((each) => run(each, 'exit 7')));
    expect([ends[0], ends[2]]).toEqual([
      { kind: 'exit', code: 7 },
      { kind: 'exit', code: 7 },
    ]);
    const said = words(ends[1]!);
    expect(said).toMatchObject({ code: 'E_SSM_INSTANCE', exit: 4 });
    expect(said.message).toContain(`web2: Systems Manager does not know ${id(1)} in eu-central-1`);
    expect(said.hint).toContain('AmazonSSMManagedInstanceCore');
    expect(aws.count('ssm:SendCommand')).toBe(2);
  });

  test('runs Windows: the service refuses without saying which, and halves find it', async () => {
    const { connect, id } = await start({ instances: [{}, {}, { platform: 'Windows' }] });
    const connections = await Promise.all([0, 1, 2].map((n) => connect({ instance: id(n) })));
    const ends = await Promise.all(connections.map((each) => run(each, 'exit 7')));
    expect(ends.slice(0, 2)).toEqual(Array(2).fill({ kind: 'exit', code: 7 }));
    expect(words(ends[2]!)).toMatchObject({ code: 'E_SSM_PLATFORM', exit: 4 });
  });

  test('goes down in the middle: what ran is not known', async () => {
    const { connect, id } = await start({ instances: 1 }, { doubt: 300 });
    aws!.faults.dies = { [id()]: { after: 100 } };
    const end = await run(await connect(), 'sleep 5');
    expect(end).toEqual({ kind: 'lost', reason: `Systems Manager has no connection to the agent on ${id()} any more` });
  });
});

describe('the API', () => {
  test('denies SendCommand: the action is named, nothing ran', async () => {
    const { connect } = await start({ faults: { deny: ['ssm:SendCommand'] } });
    const said = words(await run(await connect(), 'echo hi'));
    expect(said.code).toBe('E_AWS_DENIED');
    expect(said.hint).toContain('ssm:SendCommand');
  });

  test('denies reading what became of it: the command ran, and nobody can say how', async () => {
    const { connect } = await start({ faults: { deny: ['ssm:ListCommandInvocations'] } });
    const end = await run(await connect(), 'echo hi');
    expect(end).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('ssm:ListCommandInvocations: AWS denies it'),
    });
  });

  test('has credentials that end in the middle: the same, with the cause', async () => {
    const { connect } = await start({ faults: { expiredFrom: 2 } });
    const end = await run(await connect(), 'echo hi');
    expect(end).toMatchObject({ kind: 'lost', reason: expect.stringContaining('the credentials have expired') });
  });

  test('asks to slow down again and again: everything arrives, later', async () => {
    const { connect, id, aws } = await start({
      instances: 4,
      faults: { throttle: [{ action: 'ssm:*', probability: 0.3 }] },
    });
    const connections = await Promise.all([0, 1, 2, 3].map((n) => connect({ instance: id(n) })));
    const ends = await Promise.all(connections.map((each, n) => run(each, `exit ${n}`)));
    expect(ends).toEqual([0, 1, 2, 3].map((code) => ({ kind: 'exit', code })));
    expect(aws.calls.filter(({ error }) => error === 'ThrottlingException').length).toBeGreaterThan(0);
  });

  test('does not know the command yet, lists in no order and begins with an empty page: all that is waited for', async () => {
    const { connect, id } = await start({ instances: 3, faults: { consistency: { ms: 400 }, shuffled: true } });
    const connections = await Promise.all([0, 1, 2].map((n) => connect({ instance: id(n) })));
    const ends = await Promise.all(connections.map((each) => run(each, 'head -c 4000 /dev/urandom; exit 3')));
    expect(ends).toEqual(Array(3).fill({ kind: 'exit', code: 3 }));
  });

  test('breaks the connection while a command is sent: it is found again and not sent twice', async () => {
    const { connect, aws, look } = await start(
      { faults: { broken: [{ action: 'ssm:SendCommand', first: 1, with: 'reset' }] } },
      { unsure: 500 },
    );
    const end = await run(await connect(), 'echo ran >>/tmp/count');
    // This fake breaks it before anything is taken, so there is nothing to be found.
    expect(end).toMatchObject({ kind: 'lost', reason: expect.stringContaining('no answer came to ssm:SendCommand') });
    expect(aws.count('ssm:SendCommand')).toBe(1);
    expect(await look('/tmp/count')).toBe('');
  });

  test('is not there at all', async () => {
    const { connect, aws } = await start({});
    const connection = await connect();
    await aws.close();
    expect(words(await run(connection, 'true'))).toMatchObject({
      code: 'E_AWS_UNREACHABLE',
      hint: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
  });

  test('cuts output without saying so: none of it is lost', async () => {
    const { connect } = await start({ faults: { cutSilently: true } });
    const { stdout, end } = await talk(
      await connect(),
      'head -c 30000 /dev/urandom | base64 -w 0 | tee /dev/stderr | wc -c',
    );
    expect(stdout.toString().trim()).toBe('40000');
    expect(end).toEqual({ kind: 'exit', code: 0 });
  });
});

describe('a command that somebody else ends', () => {
  test('while it runs: what ran is not known', async () => {
    const { connect, id, aws, look } = await start();
    const end = run(await connect(), 'echo >/tmp/began; sleep 30');
    await until('the start', async () => (await look('/tmp/began')) !== '');
    const { CancelCommandCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    await new SSMClient({}).send(new CancelCommandCommand({ CommandId: aws.openCommands()[0]!, InstanceIds: [id()] }));
    expect(await end).toEqual({ kind: 'lost', reason: 'the command was cancelled while it ran' });
    await until('nothing is left', async () => (await look('/tmp')) === '');
  });

  test('before it arrives: nothing ran', async () => {
    const { connect, aws } = await start({ faults: { delivery: { '*': { delay: 3000 } } } });
    const end = run(await connect(), 'echo hi');
    await until('it is sent', () => aws.openCommands().length === 1);
    const { CancelCommandCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    await new SSMClient({}).send(new CancelCommandCommand({ CommandId: aws.openCommands()[0]! }));
    expect(words(await end)).toMatchObject({ code: 'E_SSM_CANCELLED', exit: 4 });
  });

  test('when too many others have failed: those that had not begun did nothing', async () => {
    const { connect, id } = await start({ instances: 4 });
    const connections = await Promise.all(
      [0, 1, 2, 3].map((n) => connect({ instance: id(n), mayFail: 0 }, { atOnce: 1 })),
    );
    const ends = await Promise.all(connections.map((each) => run(each, 'exit 9')));
    expect(ends[0]).toEqual({ kind: 'exit', code: 9 });
    for (const end of ends.slice(1)) expect(words(end)).toMatchObject({ code: 'E_SSM_STOPPED', exit: 4 });
  });
});

describe('a run that is stopped', () => {
  const sink = { stdout: () => {}, stderr: () => {} };

  test('connects to nothing more, and what waits is not sent', async () => {
    const { connect, aws } = await start();
    const { code, exit } = await refused(connect({}, { signal: AbortSignal.abort() }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_CANCELLED', exit: 130 });
    const abort = new AbortController();
    const connection = await connect({}, { signal: abort.signal });
    const pipe = await connection.open('echo hi', sink);
    pipe.end();
    abort.abort();
    expect(words(await pipe.ended)).toMatchObject({ code: 'E_CONNECT_CANCELLED', exit: 130 });
    await connection.close();
    expect(aws.count('ssm:SendCommand')).toBe(0);
  });

  test('lets what runs come to its end, and can send what stops it', async () => {
    const { connect, look } = await start();
    const abort = new AbortController();
    const connection = await connect({}, { signal: abort.signal });
    const end = run(
      connection,
      'echo >/run/began; until [ -e /run/stop ]; do sleep 0.1; done; head -c 40000 /dev/urandom; exit 5',
    );
    await until('the start', async () => (await look('/run/began')) !== '');
    abort.abort();
    expect(await run(connection, 'echo >/run/stop')).toEqual({ kind: 'exit', code: 0 });
    expect(await end).toEqual({ kind: 'exit', code: 5 });
  });
});
