import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControllerContext } from '../../src/model/module.ts';
import { contextWith } from '../modules/context.ts';

/** What a task that runs here is handed, with files in a folder; templates put `{{x}}` in place. */
export function contextIn(dir: string, more: Partial<ControllerContext> = {}): ControllerContext {
  return {
    ...contextWith(),
    host: 'web1',
    localTarget: (path) => join(dir, path),
    localSource: (path) => (existsSync(join(dir, path)) ? join(dir, path) : undefined),
    readFile: async (path) => readFileSync(join(dir, path)),
    evaluate: () => null,
    lookup: () => undefined,
    signal: new AbortController().signal,
    secret: () => undefined,
    ask: async () => '',
    ofHosts: async () => [],
    placeOf: () => ({ file: 'site.yml', start: 0, end: 0 }),
    ...more,
  };
}
