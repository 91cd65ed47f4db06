import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '../../src/model/resource.ts';
import { type Case, casesOf, fillIn, modules, resourceOf } from './rig/cases.ts';
import { type FileState, leftovers, listing, lookAt, makeFiles } from './rig/files.ts';
import { type Ended, runAll } from './rig/session.ts';
import { findShells } from './rig/shells.ts';

const { shells, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-cases-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

interface Story {
  root: string;
  resource: Resource;
  before: string[];
  afterCheck: string[];
  found: Record<string, FileState>;
  check: Ended;
  run: Ended;
  again: Ended;
  said: string;
}

const cases = Object.keys(modules).flatMap((module) =>
  casesOf(module).map((one) => [`${module}: ${one.name}`, one] as const),
);

describe.each(shells)('under %s', (name, path) => {
  let stories = new Map<Case, Story>();
  // All cases share three sessions, which is quicker by far; each test then looks at how its own case went.
  beforeAll(async () => {
    stories = await runCases(path, join(base, name));
  });

  test.each(cases)('%s', (_, one) => {
    const story = stories.get(one);
    if (story === undefined) throw new Error('it did not run');
    const { root, resource, run } = story;
    const statusOf = (ended: Ended) => (reads(resource) && ended.status === 'changed' ? 'ok' : ended.status);
    expect({ run: statusOf(run), check: statusOf(story.check), again: statusOf(story.again) }, run.observed).toEqual(
      wanted(one, resource),
    );
    expect(story.afterCheck, 'a check changes nothing').toEqual(story.before);
    expect(story.found).toEqual(one.end ?? {});
    if (one.says !== undefined) expect(run.failure ?? story.said).toContain(one.says.replaceAll('$DIR', root));
    if (one.register !== undefined) {
      const { rc, stdout, fields } = run;
      const own = resource.result?.({ rc, stdout, stderr: '', changed: run.status === 'changed' });
      expect({ ...own, ...fields }).toMatchObject(fillIn(one.register, root) as object);
    }
    expect(leftovers(root)).toEqual([]);
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

async function runCases(shell: string, folder: string): Promise<Map<Case, Story>> {
  const started = await Promise.all(
    cases.map(async ([, one], i) => {
      const root = join(folder, String(i));
      mkdirSync(root, { recursive: true });
      makeFiles(root, one.start ?? {});
      return { one, root, resource: await resourceOf(one, root), before: listing(root) };
    }),
  );
  const resources = started.map(({ resource }) => resource);
  const check = await runAll(shell, resources, { check: true });
  const afterCheck = started.map(({ root }) => listing(root));
  const run = await runAll(shell, resources, { check: false });
  const found = started.map(({ one, root }) =>
    Object.fromEntries(Object.entries(one.end ?? {}).map(([file, state]) => [file, lookAt(root, file, state)])),
  );
  const again = await runAll(shell, resources, { check: false });
  return new Map(
    started.map(({ one, ...rest }, i) => [
      one,
      {
        ...rest,
        afterCheck: afterCheck[i]!,
        found: found[i]!,
        check: check.ended[i]!,
        run: run.ended[i]!,
        again: again.ended[i]!,
        said: run.stderr,
      },
    ]),
  );
}
