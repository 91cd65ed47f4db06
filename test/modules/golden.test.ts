import { expect, test } from 'vitest';
import { golden } from './live.ts';
import { casesOf, modules, resourceOf } from './rig/cases.ts';

// Edits have no shell of their own: the executor makes them into writes.
const compiled = Object.keys(modules).filter(
  (name) => !['lineinfile', 'replace', 'blockinfile', 'pam_limits'].includes(name),
);

test.each(compiled)('the shell text of %s is as reviewed', async (name) => {
  const texts: string[] = [];
  // Those that need a user of their own to run are reviewed all the same.
  for (const one of casesOf(name, { all: true })) {
    const resource = await resourceOf({ ...one, env: {} }, '/srv/case', { user: 'shop' });
    texts.push(golden(one.name, resource));
  }
  await expect(texts.join('\n')).toMatchFileSnapshot(`${name}/golden/cases.txt`);
});
