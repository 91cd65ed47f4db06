import { readFile } from 'node:fs/promises';
import type { BothContext } from '../../src/model/module.ts';
import type { Value } from '../../src/model/value.ts';
import { contextWith } from '../modules/context.ts';

/** A task of a host that is this machine, in an inventory with another one; files are where they are. */
export function taskContext(more: Partial<BothContext> = {}): BothContext {
  const here = { name: 'here', address: 'here', groups: [], vars: { ansible_connection: 'local' } };
  const values: Record<string, Value> = {
    host: here,
    hosts: { here, web1: { name: 'web1', address: '192.0.2.7', groups: [], vars: {} } },
  };
  return {
    ...contextWith(),
    host: 'here',
    evaluate: () => true,
    localTarget: (path) => path,
    localSource: (path) => path,
    readFile: async (path) => readFile(path),
    lookup: (name) => values[name],
    signal: new AbortController().signal,
    secret: () => undefined,
    ask: async () => '',
    visit: async () => {
      throw new Error('the host is not asked');
    },
    kept: new Map(),
    isFromHosts: () => false,
    progress: () => undefined,
    ofHosts: async () => [],
    placeOf: () => ({ file: 'site.yml', start: 0, end: 0 }),
    ...more,
  };
}
