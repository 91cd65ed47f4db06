import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { readLibraries } from './rows.ts';
import { type Came, throughPlay, throughPython } from './through.ts';

/* Every job on the page "coming from Python", done both ways: the answers are the same, or differ for the reason that is given. */

describe.each(readLibraries(import.meta.dirname))('coming from $name', ({ rows, serve }) => {
  let python: Came[];
  let play: Came[];
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const server = serve === undefined ? undefined : await start(serve);
    stop = server?.stop;
    [python, play] = await Promise.all([throughPython(rows, server?.line), throughPlay(rows, server?.line)]);
  }, 300_000);
  afterAll(() => stop?.());

  test.each(rows.map((row, i) => ({ ...row, i })))('$what', ({ i, ...row }) => {
    const [theirs, ours] = [python[i], play[i]] as [Came, Came];
    if (row.refused !== undefined) {
      expect('failed' in ours ? ours.failed : 'play ran it').toContain(row.refused);
      answerOf('python', theirs);
      return;
    }
    const [wanted, found] = [answerOf('python', theirs), answerOf('play', ours)];
    const same = compared(found, wanted);
    if (row.differs === undefined) expect(same, 'play (received) and Python (expected)').toEqual(wanted);
    else expect(same, 'the answers are the same, so nothing differs').not.toEqual(wanted);
  });
});

/** What a row may not do is fail. */
function answerOf(who: string, came: Came): Value {
  if ('failed' in came) throw new Error(`${who} has no answer: ${came.failed}`);
  return came.answer;
}

/** Of the result of a task, what Python's answer has too. */
function compared(found: Value, wanted: Value): Value {
  if (!isMapping(found) || !isMapping(wanted) || !('skipped' in found && 'failed' in found)) return found;
  return Object.fromEntries(Object.entries(found).filter(([key]) => key in wanted));
}

function isMapping(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function start(command: string): Promise<{ line: string; stop(): Promise<void> }> {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  if (typeof line !== 'string') throw new Error(`"${command}" ended before it was ready`);
  // It goes on reading what the server prints.
  return {
    line,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
