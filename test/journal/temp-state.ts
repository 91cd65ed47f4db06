import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Event } from '../../src/model/event.ts';

/** A state folder of its own for every test, removed afterwards. */
export function tempState(): { place: { stateDir: string; project: string } } {
  const made = { place: { stateDir: '', project: 'shop-1a2b3c' } };
  beforeEach(async () => {
    made.place = { ...made.place, stateDir: await mkdtemp(join(tmpdir(), 'play-journal-')) };
  });
  afterEach(() => rm(made.place.stateDir, { recursive: true, force: true }));
  return made;
}

/** The beginning of a run on some hosts. */
export function runStart(run: string, hosts: string[] = ['web1']): Event {
  return {
    type: 'run-start',
    t: Date.parse('2026-11-22T10:56:01.123Z'),
    run,
    playbook: 'deploy.yml',
    name: 'Deploy the shop',
    hosts,
    check: false,
    diff: false,
    argv: ['deploy.yml'],
  };
}

/** The end of a step. */
export function stepEnd(
  step: string,
  detail: Partial<Extract<Event, { type: 'step-end' }>> = {},
): Extract<Event, { type: 'step-end' }> {
  return {
    type: 'step-end',
    t: 2,
    host: 'web1',
    step,
    task: 'a task',
    module: 'shell',
    status: 'changed',
    ms: 5,
    ...detail,
  };
}
