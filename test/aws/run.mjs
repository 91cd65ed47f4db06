// `node test/aws/run.mjs`: bundles the fake of AWS and starts it for a person.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const temp = mkdtempSync(join(tmpdir(), 'play-aws-'));
// Also when it is interrupted.
process.once('exit', () => rmSync(temp, { recursive: true, force: true }));

const outfile = join(temp, 'aws.mjs');
await build({
  absWorkingDir: dirname(fileURLToPath(import.meta.url)),
  entryPoints: ['main.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2));
