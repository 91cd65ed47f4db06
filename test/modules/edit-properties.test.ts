import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edit } from '../../src/model/resource.ts';
import type { Value } from '../../src/model/value.ts';
import { blockinfile } from '../../src/modules/host/blockinfile.ts';
import { lineinfile } from '../../src/modules/host/lineinfile.ts';
import { editIni } from '../../src/modules/shared/edit-ini.ts';
import { editJson } from '../../src/modules/shared/edit-json.ts';
import { editYaml, yamlTools } from '../../src/modules/shared/edit-yaml.ts';

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

/** Documents of few names, so that a pointer often meets something. */
const anyName = fc.constantFrom('a', 'b', 'c/d', '~', '8');
const { document } = fc.letrec<{ document: Value }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(1, 'x', '', 'yes', '1', null, true, 'two\nlines', ' # '),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(anyName, tie('document'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const top = fc.dictionary(anyName, document, { maxKeys: 4, noNullPrototype: true });
const steps = fc.array(fc.oneof(anyName, fc.constantFrom('0', '1')), { minLength: 1, maxLength: 3 });

/** What a setting makes of a value; undefined: it cannot be put there. */
function valueWith(old: Value | undefined, [step, ...rest]: string[], value: Value): Value | undefined {
  if (step === undefined) return value;
  if (Array.isArray(old)) {
    const index = Number(step);
    if (!/^\d$/.test(step) || index > old.length) return undefined;
    const inner = valueWith(old[index], rest, value);
    return inner === undefined ? undefined : Object.assign([...old], { [index]: inner });
  }
  if (old !== undefined && (old === null || typeof old !== 'object')) return undefined;
  const inner = valueWith(old?.[step], rest, value);
  return inner === undefined ? undefined : { ...old, [step]: inner };
}

const spellings = fc.constantFrom(0, 1, 2, '\t');

test('a value of a JSON file is as asked, and every other one as it was', () => {
  fc.assert(
    fc.property(top, steps, document, spellings, (old, way, value, indent) => {
      const wanted = { present: true, steps: way, value, create: false };
      const result = editJson(JSON.stringify(old, null, indent), wanted);
      const expected = valueWith(old, way, value);
      if ('failure' in result) {
        expect(expected).toBeUndefined();
        return;
      }
      expect(JSON.parse(result.text ?? '')).toEqual(expected);
      expect(editJson(result.text, wanted)).toEqual({ text: result.text, fields: { msg: '' } });
      const gone = editJson(result.text, { present: false, steps: way, create: false });
      if ('failure' in gone) throw new Error(gone.failure);
      expect(JSON.parse(gone.text ?? '')).toBeDefined();
    }),
  );
});

test('a value of a YAML file is as asked, and every other one as it was', async () => {
  const tools = await yamlTools();
  const { yaml } = tools;
  fc.assert(
    fc.property(top, steps, document, fc.constantFrom(2, 4), fc.boolean(), (old, way, value, indent, indentSeq) => {
      const wanted = { present: true, steps: way, value, create: false };
      const comments = yaml.stringify(old, { indent, indentSeq }).replaceAll(/(: [1x]|true)$/gm, '$1   # why');
      const result = editYaml(comments, wanted, tools);
      const expected = valueWith(old, way, value);
      if ('failure' in result) {
        expect(expected).toBeUndefined();
        return;
      }
      // Only a name without a value gives way, too.
      if (expected !== undefined) expect(yaml.parse(result.text ?? '')).toEqual(expected);
      expect(editYaml(result.text, wanted, tools)).toEqual({ text: result.text, fields: { msg: '' } });
    }),
  );
});

test('an option of an INI file is put once, and no other line is lost or moved', () => {
  const anyIni = fc.array(fc.constantFrom('[a]', '[b]', 'x = 1', 'x=2', '#x = 1', '; y', 'y = 1', ''), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(
      anyIni,
      fc.constantFrom('1', '3'),
      fc.constantFrom('a', undefined),
      fc.boolean(),
      (lines, value, section, exclusive) => {
        const wanted = {
          present: true,
          ...(section !== undefined && { section }),
          having: [],
          option: 'x',
          values: [value],
          exclusive,
          bare: false,
          equals: ' = ' as const,
          ignoreSpaces: false,
          inactive: true,
          create: true,
        };
        const once = editIni(lines.join('\n'), wanted);
        if ('failure' in once) throw new Error(once.failure);
        const again = editIni(once.text, wanted);
        expect(again).toEqual({ text: once.text, fields: { msg: 'OK' } });
        const others = (text: string) => text.split('\n').filter((line) => !/^#?x *=/.test(line) && line !== '');
        const added = section !== undefined && !lines.includes('[a]') ? ['[a]'] : [];
        expect(others(once.text ?? '')).toEqual([...others(lines.join('\n')), ...added]);
      },
    ),
  );
});
