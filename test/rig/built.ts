import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The program of `play` as users start it, built from the sources as they are: once for all test files, whichever is first,
 * into the folder that the global set-up made and will remove. Never the shared dist/.
 */
export async function builtPlay(): Promise<string> {
  const dir = process.env['PLAY_TEST_BUILD'];
  if (dir === undefined) throw new Error('test rig: scripts/test-setup.mjs has not run');
  const program = join(dir, 'bin', 'play.js');
  const [ready, failed] = [join(dir, 'ready'), join(dir, 'failed')];
  if (!existsSync(ready) && claimed(join(dir, 'claimed'))) {
    const builder = spawn(process.execPath, [join(root, 'scripts/build.mjs'), join(dir, 'dist')], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = await once(builder, 'exit');
    cpSync(join(root, 'bin'), join(dir, 'bin'), { recursive: true });
    // Packages that are no part of the build are found beside it.
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    writeFileSync(`${ready}.new`, '');
    renameSync(`${ready}.new`, code === 0 ? ready : failed);
  }
  const how = await eventually('the build of play', 60_000, () => {
    if (existsSync(failed)) return 'failed';
    return existsSync(ready) ? 'built' : undefined;
  });
  if (how === 'failed') throw new Error('test rig: play does not build');
  return program;
}

/** Only one process can make a directory. */
function claimed(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}
