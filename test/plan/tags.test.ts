import { describe, expect, test } from 'vitest';
import { runsWithTags } from '../../src/plan/tags.ts';
import { readBook } from '../analyze/book.ts';

describe('which tasks run', () => {
  const none: string[] = [];
  // Tags of the task, --tags, --skip-tags, whether it runs.
  test.each<[string[], string[], string[], boolean]>([
    [none, none, none, true],
    [['a'], none, none, true],
    [['a'], ['a'], none, true],
    [['a', 'b'], ['b', 'c'], none, true],
    [['a'], ['b'], none, false],
    [none, ['a'], none, false],
    [['a'], none, ['a'], false],
    [['a'], ['a'], ['a'], false],
    [['a', 'b'], ['a'], ['b'], false],
    [['always'], ['a'], none, true],
    [['always', 'b'], ['a'], none, true],
    [['always'], none, ['always'], false],
    [['always', 'b'], none, ['b'], false],
    [['never'], none, none, false],
    [['never'], ['all'], none, false],
    [['never', 'a'], none, none, false],
    [['never', 'a'], ['a'], none, true],
    [['never', 'a'], ['tagged'], none, false],
    [['never'], ['never'], none, true],
    [['a'], ['all'], none, true],
    [none, ['all'], none, true],
    [['a'], ['tagged'], none, true],
    [none, ['tagged'], none, false],
    [['a'], ['untagged'], none, false],
    [none, ['untagged'], none, true],
    [['a'], none, ['tagged'], false],
    [none, none, ['tagged'], true],
    [none, none, ['untagged'], false],
    [['a'], none, ['untagged'], true],
  ])('tags %j with --tags %j --skip-tags %j: %j', (tags, only, skip, runs) => {
    expect(runsWithTags(tags, { only, skip })).toBe(runs);
  });
});

const book = `
hosts: localhost
tags: web
tasks:
  - { name: one, debug: x }
  - { name: two, debug: x, tags: [db, slow] }
  - { name: three, debug: x, tags: never }
handlers:
  - { name: four, debug: x, tags: slow }
`;

test('tasks have the tags of their play, and what is left out is kept aside', async () => {
  const { plan } = await readBook({ 'play.yml': book }, { tags: ['web'], skipTags: ['slow'] });
  const [play] = plan.plays;
  expect(play?.tasks.map(({ task }) => task.name)).toEqual(['one', 'three']);
  expect(play?.leftOut.map(({ task, tags }) => [task.name, tags])).toEqual([['two', ['web', 'db', 'slow']]]);
});

test('handlers run whatever tags are chosen: what notifies them decides', async () => {
  const { plan } = await readBook({ 'play.yml': book }, { tags: ['web'], skipTags: ['slow'] });
  expect(plan.plays[0]?.handlers).toHaveLength(1);
});

test('a tag that no task has is told, with the nearest one', async () => {
  const { screen } = await readBook({ 'play.yml': book }, { tags: ['wbe'], skipTags: ['nothing', 'tagged'] });
  expect(screen).toContain('wbe');
  expect(screen).toContain('did you mean "web"?');
  expect(screen).toContain('nothing');
  expect(screen).toContain('2 problems');
});
