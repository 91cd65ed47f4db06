import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionContext } from '../../src/model/function-context.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Value } from '../../src/model/value.ts';
import { scopeOf } from '../expr/told.ts';

/** A folder with a playbook's files: `motd` holds "Welcome". */
export function playbookFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'play-functions-'));
  writeFileSync(join(folder, 'motd'), 'Welcome\n');
  writeFileSync(join(folder, 'logo'), Buffer.from([0xff, 0xfe, 0x00]));
  mkdirSync(join(folder, 'conf'));
  for (const name of ['a.conf', 'b.conf', '.hidden.conf', 'c.txt']) writeFileSync(join(folder, 'conf', name), '');
  return folder;
}

/** The run that the examples of functions speak of. */
export function exampleRun(more: Partial<FunctionContext> = {}): FunctionContext {
  const playbookDir = more.playbookDir ?? playbookFolder();
  return {
    now: new Date('2026-01-31T12:00:00Z'),
    seed: 'an example',
    env: { HOME: '/home/ann', LANG: 'C.UTF-8' },
    home: '/home/ann',
    readFile: (path) => readFileSync(join(playbookDir, path)),
    stored: ({ name, key }) => (name === 'shop/token' && key === undefined ? 'tok-4711' : 'correct-horse'),
    ...more,
    playbookDir,
  };
}

/** A scope of plain values in that run. */
export function scopeIn(functionContext: FunctionContext, values: Record<string, Value> = {}): Scope {
  return { ...scopeOf(values), functionContext };
}
