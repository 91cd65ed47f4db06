// How many tests passed and failed in the last `npm run check`, as one line: `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { root } from './sources.mjs';

/** Where the test runner leaves its report, relative to the project. */
export const reportFile = 'node_modules/.cache/tests.json';

/** Counts of the last run; a test file that could not even be loaded counts as one failure. Zeros when nothing ran. */
export function tally() {
  let report;
  try {
    report = JSON.parse(readFileSync(root + reportFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { passed, failed } = tally();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
