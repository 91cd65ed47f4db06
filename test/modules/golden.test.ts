import { expect, test } from 'vitest';
import { golden } from './live.ts';
import { casesOf, modules, resourceOf } from './rig/cases.ts';

test.each(Object.keys(modules))('the shell text of %s is as reviewed', async (name) => {
  const texts: string[] = [];
  // Those that need a user of their own to run are reviewed all the same.
  for (const one of casesOf(name, { all: true })) {
    const resource = await resourceOf({ ...one, env: {} }, '/srv/case', { user: 'shop' });
    // Edits have no shell of their own: the executor makes them into writes.
    if (resource.kind !== 'edit') texts.push(golden(one.name, resource));
  }
  if (texts.length === 0) return;
  await expect(texts.join('\n')).toMatchFileSnapshot(`${name}/golden/cases.txt`);
});
