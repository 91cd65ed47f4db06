import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { accountOf } from '../../src/aws/ssm/account.ts';
import type { Invocation, SendRequest, Sent, SsmCalls } from '../../src/aws/ssm/calls.ts';
import { createRate } from '../../src/aws/ssm/rate.ts';
import type { Timing } from '../../src/aws/ssm/timing.ts';
import type { Connection, ConnectOptions, PipeEnd } from '../../src/model/transport.ts';
import { createSsmTransport } from '../../src/transports/ssm.ts';
import { quick } from './ssm-rig.ts';
import { talk, until } from './talk.ts';

/** A service that takes every command and answers as it is told: for what the fake of AWS does not do. */
interface Scripted {
  sent: SendRequest[];
  cancelled: (readonly string[] | undefined)[];
  connect(instance: string, options?: Partial<ConnectOptions>): Promise<Connection>;
}

type Seen = Pick<Invocation, 'status'> & Partial<Invocation>;

function scripted(
  say: {
    send?: (request: SendRequest, nth: number) => Sent;
    find?: (comment: string) => string | undefined;
    seen?: (instance: string, request: SendRequest) => Seen | undefined;
    command?: string;
  },
  timing: Partial<Timing> = {},
): Scripted {
  const sent: SendRequest[] = [];
  const cancelled: (readonly string[] | undefined)[] = [];
  const of = (id: string): SendRequest => sent[Number(id.replace('command-', '')) - 1]!;
  const calls: SsmCalls = {
    ready: () => Promise.resolve(),
    async send(request) {
      sent.push(request);
      return say.send?.(request, sent.length) ?? { kind: 'sent', id: `command-${sent.length}` };
    },
    async list(id) {
      const { to } = of(id);
      const instances = 'tag' in to ? [] : to;
      const invocations = instances.flatMap((instance) => {
        const seen = say.seen ? say.seen(instance, of(id)) : answered(of(id));
        return seen ? [{ instance, hasBegun: false, output: '', ...seen }] : [];
      });
      return { invocations };
    },
    get: () => Promise.resolve(undefined),
    command: () => Promise.resolve(say.command),
    find: (comment) => Promise.resolve(say.find?.(comment)),
    async cancel(_id, instances) {
      cancelled.push(instances);
    },
    unconnected: () => Promise.resolve([]),
  };
  const transport = createSsmTransport({
    env: {},
    timing: { ...quick, unsure: 300, unlisted: 300, ...timing },
    open: async (access, timing) => accountOf(calls, { access, region: 'eu-west-1', env: {}, timing }),
  });
  return {
    sent,
    cancelled,
    connect: (instance, options = {}) =>
      transport.connect(
        { name: instance, transport: 'ssm', address: instance, shell: '/bin/sh', ssm: { instance } },
        { signal: new AbortController().signal, hostKeys: { files: [], acceptNew: false }, ...options },
      ),
  };
}

/** As an instance answers that has run something which says "hi". */
function answered({ script }: SendRequest): Seen {
  const id = /play_id=(\w+)/.exec(script)?.[1];
  const [out, err] = [gzipSync('hi\n'), gzipSync('')];
  const bytes = Buffer.concat([out, err]).toString('base64');
  const output = `\nplay-ssm ${id} ran 0 ${out.length} ${err.length} z 0\n${bytes}\nplay-end\n`;
  return { status: 'Success', code: 0, hasBegun: true, output };
}

async function ended(service: Scripted): Promise<PipeEnd> {
  return (await talk(await service.connect('i-1'), 'echo hi')).end;
}

const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

test('an answer to sending that got lost: the command is found by its comment, and not sent again', async () => {
  const service = scripted({
    send: () => ({ kind: 'unsure', error: reset }),
    find: (comment) => (comment === service.sent[0]?.comment ? 'command-1' : undefined),
  });
  const { stdout, end } = await talk(await service.connect('i-1', { run: '20261126-a1' }), 'echo hi');
  expect([stdout.toString(), end]).toEqual(['hi\n', { kind: 'exit', code: 0 }]);
  expect(service.sent).toHaveLength(1);
  expect(service.sent[0]?.comment).toMatch(/^play 20261126-a1 [0-9a-f]{16}$/);
});

test('delivery and running have times of their own', async () => {
  const service = scripted({});
  await ended(service);
  expect(service.sent[0]).toMatchObject({
    deliveryTimeout: 600,
    executionTimeout: 172_800,
    maxConcurrency: '100%',
    maxErrors: '100%',
  });
});

test('a command that is never listed is not known to have run', async () => {
  expect(await ended(scripted({ seen: () => undefined }))).toEqual({
    kind: 'lost',
    reason: 'Systems Manager has taken the command and lists nothing about this instance',
  });
});

test('a command that was dropped before it had invocations ran nowhere', async () => {
  const end = await ended(scripted({ seen: () => undefined, command: 'RateExceeded' }));
  expect(end).toMatchObject({ kind: 'refused', error: { problems: [{ code: 'E_SSM_PENDING_LIMIT' }] } });
});

const refusals: [string, string][] = [
  ['Undeliverable', 'E_SSM_UNDELIVERABLE'],
  ['DeliveryTimedOut', 'E_SSM_DELIVERY'],
  ['InvalidPlatform', 'E_SSM_PLATFORM'],
  ['AccessDenied', 'E_SSM_ACCESS'],
  ['Terminated', 'E_SSM_STOPPED'],
  ['Cancelled', 'E_SSM_CANCELLED'],
];
test.each(refusals)('%s before it has begun: nothing ran', async (status, code) => {
  const end = await ended(scripted({ seen: () => ({ status, code: -1 }) }));
  expect(end).toMatchObject({ kind: 'refused', error: { problems: [{ code }] } });
});

const losses: [string, string][] = [
  ['DeliveryTimedOut', 'Systems Manager has stopped waiting for a command that had begun (Delivery Timed Out)'],
  ['ExecutionTimedOut', 'the command ran longer than Systems Manager lets any (Execution Timed Out)'],
  ['Terminated', 'Systems Manager ended the command, because too many other hosts had failed'],
  ['Cancelled', 'the command was cancelled while it ran'],
  ['Mended', 'Systems Manager reports Mended, which play does not know'],
];
test.each(losses)('%s when it has begun: what ran is not known', async (status, reason) => {
  expect(await ended(scripted({ seen: () => ({ status, code: 137, hasBegun: true }) }))).toEqual({
    kind: 'lost',
    reason,
  });
});

test('an end without an answer: what was printed instead is told', async () => {
  const seen = () => ({ status: 'Failed', code: 127, hasBegun: true, output: 'sh: mkfifo:\n not found' });
  expect(await ended(scripted({ seen }))).toEqual({
    kind: 'lost',
    reason: 'the command ended as Failed with exit code 127 without an answer; it said: sh: mkfifo: not found',
  });
});

test('a refusal that names no instance is tried by halves; nothing is sent to more than it must be', async () => {
  const invalid = Object.assign(new Error('Instances not in a valid state'), { name: 'InvalidInstanceId' });
  const service = scripted({
    send: ({ to }, nth) =>
      'tag' in to || !to.includes('i-3') ? { kind: 'sent', id: `command-${nth}` } : { kind: 'refused', error: invalid },
  });
  const connections = await Promise.all(['i-1', 'i-2', 'i-3', 'i-4'].map((each) => service.connect(each)));
  const ends = await Promise.all(connections.map(async (each) => (await talk(each, 'echo hi')).end.kind));
  expect(ends).toEqual(['exit', 'exit', 'refused', 'exit']);
  expect(service.sent.map(({ to }) => to)).toEqual([
    ['i-1', 'i-2', 'i-3', 'i-4'],
    ['i-1', 'i-2'],
    ['i-3', 'i-4'],
    ['i-3'],
    ['i-4'],
  ]);
});

test('a host whose turn has not come is not late while another one runs', async () => {
  let isThrough = false;
  const service = scripted(
    {
      seen(instance, request) {
        if (isThrough) return answered(request);
        return instance === 'i-1' ? { status: 'InProgress', hasBegun: true } : { status: 'Pending' };
      },
    },
    { deliveryMargin: -600_000 },
  );
  const connections = await Promise.all(['i-1', 'i-2'].map((each) => service.connect(each, { atOnce: 1 })));
  const all = Promise.all(connections.map((each) => talk(each, 'echo hi')));
  await new Promise((resolve) => setTimeout(resolve, 300));
  isThrough = true;
  expect((await all).map(({ end }) => end.kind)).toEqual(['exit', 'exit']);
  expect(service.cancelled).toEqual([]);
});

test('hosts that let go together are cancelled together', async () => {
  const service = scripted({ seen: () => ({ status: 'InProgress', hasBegun: true }) });
  const connections = await Promise.all(['i-1', 'i-2', 'i-3'].map((each) => service.connect(each)));
  const pipes = await Promise.all(
    connections.map((each) => each.open('sleep 9', { stdout: () => {}, stderr: () => {} })),
  );
  for (const pipe of pipes) pipe.end();
  await until('it is sent', () => service.sent.length === 1);
  for (const pipe of pipes.slice(0, 2)) pipe.close();
  await until('the cancel', () => service.cancelled.length === 1);
  expect(service.cancelled).toEqual([['i-1', 'i-2']]);
});

test('the rate halves when AWS asks for it, once for many refusals at a time, and comes back slowly', async () => {
  let now = 0;
  const rate = createRate({ first: 20, most: 20, least: 1, burst: 2 }, () => now);
  rate.slower();
  rate.slower();
  expect(rate.perSecond()).toBe(10);
  now = 1500;
  rate.slower();
  expect(rate.perSecond()).toBe(5);
  for (let call = 0; call < 100; call++) rate.passed();
  expect(rate.perSecond()).toBeCloseTo(15);
  for (let call = 0; call < 100; call++) rate.passed();
  expect(rate.perSecond()).toBe(20);
});
