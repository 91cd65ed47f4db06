import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play } from '../rig/cli.ts';
import { examplesOf, patternOf } from './examples.ts';

/* Every example of the guide is run as it stands, and prints what the guide says. */
const guides = ['language', 'table'];

describe.each(guides)('docs/%s.md', (guide) => {
  const text = readFileSync(join(import.meta.dirname, `../../docs/${guide}.md`), 'utf8');
  const examples = examplesOf(text);

  test('has examples', () => expect(examples.length).toBeGreaterThan(1));

  test.each(examples.map((example) => [example.title, example] as const))(
    '%s',
    async (_, { files, sessions }) => {
      const dir = await mkdtemp(join(tmpdir(), 'play-guide-'));
      try {
        for (const [path, content] of Object.entries(files)) {
          mkdirSync(dirname(join(dir, path)), { recursive: true });
          writeFileSync(join(dir, path), content);
        }
        for (const { command, output } of sessions) {
          const [program, ...args] = wordsOf(command);
          expect(program).toBe('play');
          const { stdout, stderr } = await play(args, { cwd: dir, env: { COLUMNS: '120' } });
          expect(untimed(stdout + stderr)).toMatch(patternOf(output));
        }
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
      // The first one may wait for the build.
    },
    90_000,
  );
});

/** Words of a command line with simple quotes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Without the times of day and the durations, which differ from run to run. */
function untimed(text: string): string {
  const shown = text
    .replaceAll(/^\d\d:\d\d:\d\d /gm, '')
    .replaceAll(/ \(\d+\.\d+s\)/g, '')
    .replaceAll(/ · \d+\.\d+s$/gm, '')
    .replaceAll(/^recorded .*\n\n?/gm, '');
  return shown.endsWith('\n') ? shown : `${shown}\n`;
}
