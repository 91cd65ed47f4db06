import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printProblems } from '../../src/problems/frame.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { sentence } from '../../src/problems/problem.ts';
import { parse } from './toy-modules.ts';

/** A few hundred parses, on a machine that may be busy with other things. */
const SLOW = { timeout: 120_000 };

/** Every problem has words, and a place inside the file; and all of them can be printed. */
async function survives(text: string): Promise<void> {
  const { playbook, problems, sources } = await parse(text);
  const kept = sources.get('site.yml') ?? '';
  for (const one of problems) {
    expect(sentence(one).message).not.toMatch(/undefined|\[object/);
    for (const at of [one.at, ...(one.also ?? []).map((place) => place.at)]) insideOf(kept, at);
  }
  expect(playbook === undefined).toBe(problems.length > 0);
  const shown = printProblems(problems, { sources, width: 80, color: false });
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
}

function insideOf(text: string, at: Problem['at']): void {
  expect(at).toBeDefined();
  expect(at?.start).toBeGreaterThanOrEqual(0);
  expect(at?.end).toBeGreaterThanOrEqual(at?.start ?? 0);
  expect(at?.end).toBeLessThanOrEqual(text.length);
}

const pieces = [
  ...[
    'hosts',
    'tasks',
    'plays',
    'name',
    'file',
    'debug',
    'when',
    'loop',
    'notify',
    'handlers',
    'mode',
    'vars',
    'ports',
  ],
  ...[
    ': ',
    ':',
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    '-',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '"',
    "'",
    '|',
    '>',
    '#',
    ' #',
    '&a ',
    '*a',
  ],
  ...[
    '!t ',
    '!!str ',
    '<<: ',
    '? ',
    '%',
    '@',
    '`',
    '\t',
    '---\n',
    '...\n',
    '{{ x }}',
    '{{',
    '}}',
    '0644',
    '1.10',
    '\r\n',
  ],
  ...[
    '\\',
    '"\\d"',
    '\ufeff',
    '\u202e',
    '\u001b',
    '日本',
    '🎉',
    '\ud83c',
    '__proto__',
    'constructor',
    'yes',
    '~',
    'a=b',
  ],
];

test('no text makes the parser throw', SLOW, async () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0, max: 0xffff }),
  );
  const text = fc.array(unit, { maxLength: 200 }).map((units) => String.fromCharCode(...units));
  await fc.assert(
    fc.asyncProperty(text, (one) => survives(one)),
    { numRuns: 200 },
  );
});

test('no mixture of the signs of YAML does either', SLOW, async () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, (one) => survives(one)),
    { numRuns: 1_000 },
  );
});

test('nor does any value in any place of a playbook', SLOW, async () => {
  const key = fc.oneof(
    fc.constantFrom(...pieces.slice(0, 13), 'path', 'cmd', 'open', 'retry', 'become'),
    fc.string({ maxLength: 5 }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, 0, 1.5, '', 'x', '{{ x }}', 'path=/x', 'list'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const task = fc.dictionary(key, value, { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 3 }), value, async (tasks, other) => {
      await survives(JSON.stringify({ hosts: 'all', tasks, vars: other }));
      await survives(JSON.stringify(other));
    }),
    { numRuns: 150 },
  );
});

test('a playbook cut off anywhere, or with any one character gone, gets an answer', SLOW, async () => {
  const book =
    'name: shop\nplays:\n  - hosts: web:!old\n    vars: { app: "/srv" }\n    tasks:\n      - name: a\n        file: { path: "{{app}}", mode: 0644 }\n        when: x == "y" # why\n      - debug: |\n          hello\n        notify: [r]\n    handlers:\n      - { name: r, debug: x }\n';
  for (let i = 0; i <= book.length; i += 2) {
    await survives(book.slice(0, i));
    await survives(book.slice(0, i) + book.slice(i + 1));
  }
});
