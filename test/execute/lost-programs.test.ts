import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeNonces } from '../../src/execute/session.ts';
import { bootCommand, runDirectory } from '../../src/program/bootstrap.ts';
import { readSettled, settleProgram } from '../../src/program/settle.ts';

test('a lost shell that nobody can name is still told to stop, as long as a step of it runs', async () => {
  const nonces = makeNonces(randomBytes);
  const dir = runDirectory(nonces);
  mkdirSync(dir);
  const step = spawn('sleep', ['60'], { env: { ...process.env, PLAY_STEP: `${nonces.kill}:1:` } });
  try {
    const request = { nonces, pid: undefined, steps: [1], began: [], openFor: 0, writing: [], children: false };
    const asked = promisify(execFile)('sh', ['-c', bootCommand('/bin/sh')]);
    asked.child.stdin?.end(settleProgram(request));
    const { stdout } = await asked;
    expect(readSettled(stdout, request)).toEqual(new Map([[1, 'running']]));
    // It would go on with the next step where this is not there.
    expect(existsSync(join(dir, 'stop'))).toBe(true);
  } finally {
    step.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}, 30_000);
