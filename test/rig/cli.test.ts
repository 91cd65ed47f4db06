import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDesk } from './cli.ts';

const hello = `- hosts: localhost
  tasks:
    - name: greet
      shell: echo hello
`;

describe('the command line of the rig', () => {
  test('runs in a folder of its own and finds its run again', async () => {
    let dir = '';
    {
      await using desk = await createDesk({ 'hello.yml': hello });
      dir = desk.dir;
      const { exit, stdout, stderr } = await desk.play(['hello.yml']);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toContain('greet');
      expect((await desk.play(['show'])).stdout).toContain('greet');
    }
    expect(existsSync(dirname(dir))).toBe(false);
  });

  test('gives it a terminal', async () => {
    await using desk = await createDesk({ 'hello.yml': hello });
    const { exit, stdout } = await desk.play(['hello.yml'], { tty: true });
    expect(exit).toBe(0);
    expect(stdout).toContain('\x1b[');
  });

  test('kills what does not end, and tells what it said', async () => {
    await using desk = await createDesk({ 'sleep.yml': hello.replace('echo hello', 'echo hello; sleep 1003') });
    await expect(desk.play(['sleep.yml', '-v'], { timeout: 3_000 })).rejects.toThrow('did not end within 3000 ms');
    expect(readdirSync(desk.dir)).toEqual(['sleep.yml']);
  });
});
