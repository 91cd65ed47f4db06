import { closeSync, readSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedPipes } from '../../src/transports/pipes.ts';

test('where /proc gives no pipes, named ones carry bytes and end when their writer closes', async () => {
  for (const { read, write } of await namedPipes()) {
    writeSync(write, 'hello');
    closeSync(write);
    const got = Buffer.alloc(100);
    expect(got.subarray(0, readSync(read, got)).toString()).toBe('hello');
    expect(readSync(read, got)).toBe(0);
    closeSync(read);
  }
});
