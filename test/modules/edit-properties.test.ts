import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edit } from '../../src/model/resource.ts';
import { blockinfile } from '../../src/modules/host/blockinfile.ts';
import { lineinfile } from '../../src/modules/host/lineinfile.ts';

/** Files of few different lines, so that lines often meet; with and without a last newline, and with carriage returns. */
const anyLine = fc.constantFrom('a', 'b', 'ab', ' a', '', 'a\r', '# BEGIN x', '# END x');
const anyFile = fc.tuple(fc.array(anyLine, { maxLength: 8 }), fc.boolean()).map(([lines, ended]) => {
  return lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
});
const place = fc.constantFrom(
  {},
  { insertafter: 'EOF' },
  { insertbefore: 'BOF' },
  { insertafter: '^a' },
  { insertbefore: '^a' },
  { insertafter: 'b$', firstmatch: true },
  { insertbefore: 'b$', firstmatch: true },
);

async function editOf(params: Parameters<typeof lineinfile.resource>[0]): Promise<Edit['transform']> {
  return ((await lineinfile.resource(params)) as Edit).transform;
}

function textAfter(transform: Edit['transform'], text: string): string {
  const result = transform(text);
  if ('failure' in result) throw new Error(result.failure);
  return result.text ?? '';
}

const bare = (text: string): string[] => text.split('\n').map((line) => line.replace(/\r+$/, ''));
const sorted = (lines: string[]): string[] => lines.filter((line) => line !== '').sort();

test('a line is added once, and no other line is lost or moved', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, fc.constantFrom('a', 'b', 'new'), place, async (text, line, where) => {
      const transform = await editOf({ path: '/f', line, ...where });
      const once = textAfter(transform, text);
      expect(textAfter(transform, once)).toBe(once);
      expect(bare(once)).toContain(line);
      const added =
        bare(once).filter((each) => each === line).length - bare(text).filter((each) => each === line).length;
      expect([0, 1]).toContain(added);
      expect(sorted(bare(once))).toEqual(sorted([...bare(text), ...(added === 1 ? [line] : [])]));
      const others = (lines: string[]) => lines.filter((each) => each !== line && each !== '');
      expect(others(bare(once))).toEqual(others(bare(text)));
    }),
  );
});

test('a line that its own regexp fits is settled after one run', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, place, fc.boolean(), async (text, where, firstmatch) => {
      const transform = await editOf({ path: '/f', regexp: '^a', line: 'a=1', ...where, firstmatch });
      const once = textAfter(transform, text);
      expect(textAfter(transform, once)).toBe(once);
    }),
  );
});

test('nothing that fits is left, and everything else is', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async (text) => {
      const transform = await editOf({ path: '/f', regexp: 'a', state: 'absent' });
      const once = textAfter(transform, text);
      expect(once).toBe((text.match(/[^\n]*\n|[^\n]+$/g) ?? []).filter((line) => !line.includes('a')).join(''));
    }),
  );
});

test('a block is put once, goes without a trace, and leaves the other lines alone', async () => {
  const blockPlace = fc.constantFrom({}, { insertbefore: 'BOF' }, { insertafter: '^a' }, { insertbefore: 'b$' });
  const block = fc.constantFrom('x', 'x\n', 'x\n\ny', '\n');
  await fc.assert(
    fc.asyncProperty(anyFile, block, blockPlace, async (text, lines, where) => {
      const clean = text.replaceAll('# BEGIN x', 'c').replaceAll('# END x', 'd');
      const params = { path: '/f', marker: '# {mark} x', ...where };
      const put = ((await blockinfile.resource({ ...params, block: lines })) as Edit).transform;
      const take = ((await blockinfile.resource({ ...params, state: 'absent' })) as Edit).transform;
      const once = textAfter(put, clean);
      expect(textAfter(put, once)).toBe(once);
      const without = textAfter(take, once);
      // The line before the block may have got the newline that it lacked.
      expect([clean, `${clean}\n`]).toContain(without);
    }),
  );
});

test('a blank line around a block is added once', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, fc.boolean(), fc.boolean(), async (text, before, after) => {
      const params = { path: '/f', block: 'x', insertbefore: 'b$', prepend_newline: before, append_newline: after };
      const put = ((await blockinfile.resource(params)) as Edit).transform;
      const once = textAfter(put, text);
      expect(textAfter(put, once)).toBe(once);
    }),
  );
});

test('a file that is missing is made only when asked', async () => {
  const transform = await editOf({ path: '/f', line: 'a' });
  expect(transform(undefined)).toEqual({ failure: 'the file does not exist; create: true makes it' });
  const creating = await editOf({ path: '/f', line: 'a', create: true });
  expect(creating(undefined)).toMatchObject({ text: 'a\n' });
});
