import { describe, expect, test } from 'vitest';
import type { ControllerContext } from '../../src/model/module.ts';
import type { Fields, Value } from '../../src/model/value.ts';
import { addHost } from '../../src/modules/controller/add_host.ts';
import { assert } from '../../src/modules/controller/assert.ts';
import { debug } from '../../src/modules/controller/debug.ts';
import { fail } from '../../src/modules/controller/fail.ts';
import { groupBy } from '../../src/modules/controller/group_by.ts';
import { log } from '../../src/modules/controller/log.ts';
import { meta } from '../../src/modules/controller/meta.ts';
import { pause } from '../../src/modules/controller/pause.ts';
import { setFact } from '../../src/modules/controller/set_fact.ts';
import { ProblemError, problem } from '../../src/problems/problem.ts';
import { contextWith } from './context.ts';

/** A scope of a few values; an expression is looked up as it is written. */
function scope(values: Fields, more: Partial<ControllerContext> = {}): ControllerContext {
  return {
    ...contextWith(),
    host: 'web1',
    evaluate(text): Value {
      const value = values[text];
      if (value === undefined) throw new ProblemError(problem('E_MODULE_ARGS', { module: 'test', detail: text }));
      return value;
    },
    localTarget: (path) => path,
    placeOf: () => ({ file: 'test', start: 0, end: 0 }),
    ofHosts: async () => [],
    lookup: (name) => values[name],
    signal: new AbortController().signal,
    secret: () => undefined,
    ask: async () => '',
    ...more,
  };
}

describe('debug', () => {
  test('shows text as it is', () => {
    expect(debug.run({ msg: 'two\nlines' }, scope({}))).toEqual({
      changed: false,
      fields: { msg: 'two\nlines' },
      message: 'two\nlines',
    });
  });

  test('shows values over several lines', () => {
    expect(debug.run({ msg: { a: [1] } }, scope({})).message).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  test('shows what an expression gives', () => {
    const result = debug.run({ var: 'health.status' }, scope({ 'health.status': 200 }));
    expect(result).toMatchObject({ fields: { msg: 200 }, message: 'health.status: 200' });
  });

  test('wants one of msg and var', () => {
    expect(() => debug.run({}, scope({}))).toThrow('debug: one of msg, var is needed');
    expect(() => debug.run({ msg: 'a', var: 'b' }, scope({}))).toThrow('debug: msg and var exclude each other');
  });
});

describe('log', () => {
  test('says its words and values, on the screen and for the log', () => {
    expect(log.run({ msg: 'disk full', level: 'warning', fields: { used: 93, disk: '/a b' } })).toEqual({
      changed: false,
      fields: { msg: 'disk full', level: 'warning' },
      log: { level: 'warning', text: 'disk full', fields: { used: 93, disk: '/a b' } },
      message: 'warning: disk full used=93 disk="/a b"',
    });
  });

  test('is information when nothing is said', () => {
    expect(log.run({ msg: 'hi' })).toMatchObject({ message: 'hi', log: { level: 'info', fields: {} } });
  });
});

describe('set_fact', () => {
  test('gives the host its variables and shows them', () => {
    const result = setFact.run({ release: '1.4', ports: [80, 443] });
    expect(result).toEqual({
      changed: false,
      fields: {},
      facts: { release: '1.4', ports: [80, 443] },
      message: 'release = "1.4"\nports = [80,443]',
    });
  });

  test.each([
    ['a-b', '"a-b" cannot be the name of a variable'],
    ['1st', '"1st" cannot be the name of a variable'],
    ['host', "host is a name of play's own"],
  ])('refuses the name %s', (name, words) => {
    expect(() => setFact.run({ [name]: 1 })).toThrow(words);
  });
});

describe('assert', () => {
  const values = {
    'health.status == 200': false,
    'health.status': 503,
    'size(groups.web) >= 2 && ok': true,
    count: 3,
  };

  test('passes when all hold', () => {
    const result = assert.run({ that: ['size(groups.web) >= 2 && ok', true] }, scope(values));
    expect(result).toEqual({
      changed: false,
      fields: { msg: 'all conditions hold', assertion: null, evaluated_to: true },
      message: 'all conditions hold',
    });
  });

  test('names the condition that does not hold, with its values', () => {
    const result = assert.run({ that: 'health.status == 200' }, scope(values));
    expect(result.failed).toBe('does not hold: health.status == 200\n  health.status = 503');
    expect(result.fields).toMatchObject({ assertion: 'health.status == 200', evaluated_to: false });
  });

  test('names all that do not hold, after the words of the author', () => {
    const result = assert.run({ that: ['health.status == 200', false], fail_msg: 'not healthy' }, scope(values));
    expect(result.failed).toBe(
      'not healthy\ndoes not hold: health.status == 200\n  health.status = 503\ndoes not hold: false',
    );
    expect(result.fields['msg']).toBe('not healthy');
  });

  test('refuses what is neither true nor false', () => {
    expect(() => assert.run({ that: 'count' }, scope(values))).toThrow('"count" gives 3, not true or false');
  });
});

describe('fail', () => {
  test('says why', () => {
    expect(fail.run({ msg: 'too old' })).toEqual({ changed: false, failed: 'too old', fields: { msg: 'too old' } });
  });
});

describe('pause', () => {
  test('waits', async () => {
    const result = await pause.run({ seconds: 0.01, prompt: 'a moment' }, scope({}));
    expect(result).toMatchObject({ fields: { user_input: '' }, message: 'a moment\nwaited 0.01 s' });
    expect(result).not.toHaveProperty('failed');
  });

  test('does not wait in a check', async () => {
    const result = await pause.run({ minutes: 60 }, scope({}, { check: true }));
    expect(result.message).toBe('would wait 3600 s');
  });

  test('ends when the run is interrupted', async () => {
    const interrupt = new AbortController();
    const waiting = pause.run({ minutes: 60 }, scope({}, { signal: interrupt.signal }));
    interrupt.abort();
    expect((await waiting).failed).toBe('interrupted while waiting');
    const after = await pause.run({ minutes: 60 }, scope({}, { signal: interrupt.signal }));
    expect(after.failed).toBe('interrupted while waiting');
  });

  test('asks, and keeps the answer', async () => {
    const asked: unknown[] = [];
    const ask = async (question: string, options: { echo: boolean }): Promise<string> => {
      asked.push([question, options]);
      return 'yes';
    };
    const result = await pause.run({ prompt: 'Code', echo: false }, scope({}, { ask }));
    expect(result.fields['user_input']).toBe('yes');
    await pause.run({}, scope({}, { ask }));
    expect(asked).toEqual([
      ['Code', { echo: false }],
      ['Press Enter to go on', { echo: true }],
    ]);
  });
});

describe('meta', () => {
  test('asks the run for something, and says what', () => {
    expect(meta.run({ action: 'end_host' })).toEqual({
      changed: false,
      fields: {},
      message: 'end host',
      steer: 'end_host',
    });
    expect(meta.run({ action: 'noop' })).not.toHaveProperty('steer');
  });
});

describe('add_host', () => {
  test('tells the groups apart and takes the rest as variables', () => {
    expect(addHost.run({ name: 'new1', groups: 'web, fresh', ...{ port: 2222 } }).joins).toEqual({
      host: 'new1',
      groups: ['web', 'fresh'],
      parents: [],
      vars: { port: 2222 },
    });
  });

  test('refuses names that a pattern could not mean', () => {
    expect(() => addHost.run({ name: 'a b' })).toThrow(ProblemError);
    expect(() => addHost.run({ name: 'a', groups: ['b:c'] })).toThrow(ProblemError);
  });
});

describe('group_by', () => {
  test('puts the host at work into the group, blanks become dashes', () => {
    expect(groupBy.run({ key: 'os Debian GNU', parents: 'unix' }, scope({})).joins).toEqual({
      host: 'web1',
      groups: ['os-Debian-GNU'],
      parents: ['unix'],
      vars: {},
    });
  });
});
