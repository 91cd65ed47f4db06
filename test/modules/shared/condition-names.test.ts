import { expect, test } from 'vitest';
import { namesIn } from '../../../src/modules/shared/condition-names.ts';

test.each<[string, string[]]>([
  ['health.status == 200', ['health.status']],
  ['a && !b || c', ['a', 'b', 'c']],
  ['size(list) > 2', ['list']],
  ['list.size() > 2', ['list']],
  ['a.b.startsWith("x.y")', ['a.b']],
  ['"text" in groups.web', ['groups.web']],
  ['name == \'it\' && name != "is"', ['name']],
  ['hosts["web1"].up', ['hosts["web1"].up']],
  ['list[0].name', ['list[0].name']],
  ['list[i]', ['list', 'i']],
  ['true == false && null == x', ['x']],
  ['r"\\d" == a', ['a']],
  ['has(vars.x)', ['vars.x']],
  ['f(x).y == z', ['x', 'z']],
])('%s speaks of %j', (expression, names) => {
  expect(namesIn(expression)).toEqual(names);
});
