// Everything that must hold before a change is done: `npm run check`.
// The quick checks run side by side, then the tests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { root } from './sources.mjs';
import { reportFile, tally } from './tally.mjs';

const quick = [
  { name: 'format and lint', command: 'biome check --error-on-warnings .' },
  { name: 'types', command: 'tsc -p .' },
  { name: 'imports', command: 'node scripts/check-imports.mjs' },
  { name: 'files', command: 'node scripts/check-files.mjs', always: true },
  { name: 'unused code', command: 'knip' },
];

const env = { ...process.env, PATH: `${root}node_modules/.bin:${process.env.PATH}` };

// Also compiles the parameter checks that types and tests need.
const fresh = await run({ name: 'generated files', command: 'node scripts/generate.mjs --check' });
const results = [fresh, ...(await Promise.all(quick.map(run)))];

rmSync(root + reportFile, { force: true });
const reporters = `--reporter=default --reporter=json --outputFile.json=${reportFile}`;
results.push(await run({ name: 'tests', command: `vitest run ${reporters}`, live: true }));
const { passed, failed } = tally();

const broken = results.filter((result) => !result.ok).map((result) => result.name);
if (passed === 0) broken.push('no test ran');
console.log(broken.length === 0 ? `\ncheck: fine, ${passed} tests` : `\ncheck failed: ${broken.join(', ')}`);
process.exitCode = broken.length > 0 || failed > 0 ? 1 : 0;

/** Runs one check and prints how it went, and what it said: at once (`live`), afterwards (`always`), or only when it failed. */
async function run({ name, command, live = false, always = false }) {
  const [program, ...args] = command.split(' ');
  const started = Date.now();
  const output = [];
  const child = spawn(program, args, { cwd: root, env, stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  child.on('error', (error) => output.push(Buffer.from(error.message)));
  const [code] = await once(child, 'close');
  const ok = code === 0;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  const text = Buffer.concat(output).toString().trimEnd();
  if (text && (always || !ok)) console.log(text.replace(/^/gm, '       '));
  return { name, ok };
}
