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
  await expect(onceOnly(texts.join('\n'))).toMatchFileSnapshot(`${name}/golden/cases.txt`);
});

/** Long stretches of lines that stood above already are not shown again: modules define the same functions in every case. */
function onceOnly(text: string, long = 40): string {
  const lines = text.split('\n');
  const first = new Map<string, number>();
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const key = lines.slice(at, at + long).join('\n');
    const before = first.get(key);
    if (before === undefined || at + long > lines.length) {
      first.set(key, at);
      shown.push(lines[at++] ?? '');
      continue;
    }
    let end = 0;
    while (at + end < lines.length && before + end < at && lines[at + end] === lines[before + end]) end++;
    shown.push(`… ${end} lines as above, from "${lines[at]}" on`);
    at += end;
  }
  return shown.join('\n');
}
