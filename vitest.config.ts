import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Shell files are text, as in the bundle. */
const shellAsText = {
  name: 'shell-as-text',
  enforce: 'pre' as const,
  load(id: string) {
    return id.endsWith('.sh') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))};` : undefined;
  },
};

/** The file that takes longest begins first, or one worker would end long after the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('run-twice.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  plugins: [shellAsText],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/test-setup.mjs'],
    // Forks, because tests start shells and connections whose leftovers must not outlive their file.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Where nobody watches (.ci/run), a test that talks to real servers and lost a race is tried once more, and the report says so.
    retry: Number(process.env['PLAY_TEST_RETRY'] ?? 0),
    // Generous: a slow machine is no failure. What must be quick says so itself.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
