import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '../../src/model/resource.ts';
import { type Case, casesOf, fillIn, modules } from './rig/cases.ts';
import { leftovers } from './rig/files.ts';
import { playCases, type Story } from './rig/play-cases.ts';
import type { Ended } from './rig/session.ts';
import { findShells } from './rig/shells.ts';

const { shells, families, pathOf, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-cases-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

/** Modules whose programs take most of a minute for each shell are tried in the two shells that differ most. */
const slow = new Set(['npm', 'pip']);
const widest = new Set(['dash', 'ash']);

/** What is tried with the tools of other families, too: a host without these is of no use. */
const core =
  'assemble blockinfile command copy file find ini_file json_edit lineinfile replace script shell slurp stat tempfile template yaml_edit';

const everywhere = Object.keys(modules);
const hosts = [
  ...shells.map(
    ([name, path]) => [name, path, everywhere.filter((module) => !slow.has(module) || widest.has(name))] as const,
  ),
  ...families.map(
    ([name, path]) => [name, path, everywhere.filter((module) => core.split(' ').includes(module))] as const,
  ),
];

describe.each(hosts)('under %s', (name, path, tried) => {
  const shell = { name, path, pathWith: (tools: readonly string[]) => pathOf(name, tools) };
  describe.each(tried)('%s', (module) => {
    const cases = casesOf(module);
    let stories = new Map<Case, Story>();
    // All cases of a module share three sessions, which is quicker by far; each test then looks at how its own case went.
    beforeAll(async () => {
      stories = await playCases(cases, { module, shell, folder: join(base, shell.name, module) });
      // Package managers take their time, above all on a busy machine.
    }, 600_000);

    test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const story = stories.get(one);
      if (story === undefined) throw new Error('it did not run');
      const { root, resource, run } = story;
      const place = { root, shell: shell.name };
      const statusOf = (ended: Ended) => (reads(resource) && ended.status === 'changed' ? 'ok' : ended.status);
      expect({ run: statusOf(run), check: statusOf(story.check), again: statusOf(story.again) }, run.observed).toEqual(
        wanted(one, resource),
      );
      expect(story.afterCheck, 'a check changes nothing').toEqual(story.before);
      expect(story.found).toEqual(one.end ?? {});
      expect(story.shown).toEqual(fillIn(one.shows ?? {}, place));
      if (one.says !== undefined) expect(run.failure ?? story.said).toContain(fillIn(one.says, place));
      if (one.register !== undefined) {
        const { rc, stdout, fields, observed, expected } = run;
        const outcome = {
          rc,
          stdout,
          stderr: '',
          changed: run.status === 'changed',
          ...(observed !== undefined && { observed }),
          ...(expected !== undefined && { expected }),
        };
        const judged = resource.kind === 'action' ? resource.judge?.(outcome).fields : undefined;
        const own = judged ?? resource.result?.(outcome);
        expect({ ...own, ...fields }).toMatchObject(fillIn(one.register, place) as object);
      }
      expect(leftovers(root)).toEqual([]);
    });
  });
});

function reads(resource: Resource): boolean {
  return resource.kind === 'action' && resource.reads === true;
}

/** How check, run and second run are to end. Programs of the author always act, and are not known beforehand. */
function wanted(one: Case, resource: Resource): { run: string; check: string; again: string } {
  const acts = resource.kind === 'action' && !reads(resource);
  const changes = one.status === 'changed';
  return {
    run: one.status,
    check: one.check ?? (changes ? (acts ? 'unknown' : 'would-change') : one.status),
    again: one.again ?? (changes && !acts ? 'ok' : one.status),
  };
}
