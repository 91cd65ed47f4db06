import { describe, expect, test, vi } from 'vitest';
import type { BothContext, VisitAnswer } from '../../../src/model/module.ts';
import { reboot } from '../../../src/modules/both/reboot.ts';
import { ProblemError, problem } from '../../../src/problems/problem.ts';
import { contextWith } from '../context.ts';

/*
 * The machine of the tests cannot be restarted, so the host is played: what it answers to each visit, in order. A text is what it prints, an
 * error that it cannot be reached.
 */
type Answer = string | 'unreachable' | { failure: string };

function host(answers: Answer[], check = false): { context: BothContext; orders: string[] } {
  const orders: string[] = [];
  const context: BothContext = {
    ...contextWith(),
    host: 'web1',
    check,
    evaluate: () => true,
    localTarget: (path) => path,
    placeOf: () => ({ file: 'test', start: 0, end: 0 }),
    ofHosts: async () => [],
    lookup: () => undefined,
    signal: new AbortController().signal,
    secret: () => undefined,
    ask: async () => '',
    kept: new Map(),
    isFromHosts: () => false,
    progress: () => undefined,
    visit: async ([resource]) => {
      if (resource?.kind !== 'action' || !('sh' in resource.run)) throw new Error('not an order');
      orders.push(resource.run.sh);
      const next = answers.shift() ?? '';
      if (next === 'unreachable')
        throw new ProblemError(problem('E_CONNECTION_LOST', { host: 'web1', reason: 'gone' }));
      const said = typeof next === 'string' ? next : '';
      const answer: VisitAnswer = { status: 'ok', rc: 0, stdout: Buffer.from(said), stderr: '', fields: {} };
      return [
        typeof next === 'string' ? answer : { ...answer, failure: { code: 'E_TASK_FAILED', message: next.failure } },
      ];
    },
  };
  return { context, orders };
}

/** Runs with the clock going as fast as it can. */
async function run(answers: Answer[], params: Parameters<typeof reboot.run>[0] = {}, check = false) {
  vi.useFakeTimers();
  try {
    const { context, orders } = host(answers, check);
    const done = reboot.run(params, context);
    await vi.runAllTimersAsync();
    return { result: await done, orders };
  } finally {
    vi.useRealTimers();
  }
}

describe('reboot', () => {
  test('is over when the host has another boot id and is ready', async () => {
    const { result, orders } = await run([
      'one',
      '',
      'one',
      'unreachable',
      'unreachable',
      'two',
      { failure: 'degraded' },
      'two',
      '',
    ]);
    expect(result).toMatchObject({ changed: true, fields: { rebooted: true } });
    expect(result.failed).toBeUndefined();
    expect(orders[1]).toContain('shutdown -r now');
  });

  test('in check mode only asks', async () => {
    const { result, orders } = await run(['one'], {}, true);
    expect(result).toMatchObject({ changed: true, fields: { rebooted: false } });
    expect(orders).toHaveLength(1);
  });

  test('fails when the host does not go down, or is not back in time, and says what it saw last', async () => {
    const never = await run(['one', '', ...Array<string>(500).fill('one')], { reboot_timeout: 60 });
    expect(never.result.failed).toBe('the host is not back in time: it has not gone down');
    const lost = await run(['one', '', ...Array<string>(500).fill('unreachable')], { reboot_timeout: 60 });
    expect(lost.result.failed).toMatch(/^the host is not back in time: .*web1/);
    const unready = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 'two' : { failure: 'exited with 1' }));
    expect((await run(['one', '', ...unready], { reboot_timeout: 60, test_command: 'ready' })).result.failed).toContain(
      'ready: exited with 1',
    );
  });

  test('fails before anything happens when the host does not tell its boot id', async () => {
    const { result, orders } = await run(['']);
    expect(result.failed).toContain('does not tell when it was started');
    expect(orders).toHaveLength(1);
  });

  test('quotes what users are told, and takes another command', async () => {
    expect((await run(['one', '', 'two', ''], { msg: "it's $HOME" })).orders[1]).toContain("it'\\''");
    expect((await run(['one', '', 'two', ''], { reboot_command: 'kexec -e' })).orders[1]).toContain('kexec -e');
  });
});
