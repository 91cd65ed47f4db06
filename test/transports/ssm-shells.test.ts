import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Ran, readAnswer } from '../../src/aws/ssm/answer.ts';
import { runScript } from '../../src/aws/ssm/script.ts';

/** What /bin/sh is on instances: Debian and Ubuntu, Amazon Linux and Red Hat, Alpine; and one where printf is no builtin. */
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['mksh']];

test.each(shells)('%s %s runs a command whole, as the shell of an instance', async (program, ...options) => {
  const id = randomBytes(16).toString('hex');
  const command = 'read -r first; sleep 0.2; cat </dev/stdin; echo "$first $HOME" >&2; (sleep 0.3; echo late) & exit 6';
  const input = Buffer.concat([Buffer.from("it's\n"), randomBytes(3_000)]);
  const whole = Buffer.concat([Buffer.from(command), input]);
  const script = runScript(id, {
    source: { text: gzipSync(whole).toString('base64') },
    isZipped: true,
    bytes: whole.length,
    command: command.length,
    gaps: [],
    wanted: [],
    putsOutput: false,
  });
  const child = spawn(program!, [...options, '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/' },
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const answer = readAnswer(id, said) as Ran;
  expect(answer).toMatchObject({ kind: 'ran', status: 6, isHeld: false, isCut: false });
  const stdout = gunzipSync(answer.bytes!.subarray(0, answer.out));
  expect(stdout.equals(Buffer.concat([input.subarray(5), Buffer.from('late\n')]))).toBe(true);
  expect(gunzipSync(answer.bytes!.subarray(answer.out)).toString()).toBe("it's /\n");
  expect(code).toBe(1);
  expect(existsSync(`/tmp/play-ssm-${id}`)).toBe(false);
});
