import { exitCode } from '../problems/exit-code.ts';
import type { PlanOptions } from './options.ts';
import { prepare } from './prepare.ts';
import { shownProblems } from './shown-problems.ts';
import type { Surroundings } from './surroundings.ts';

/** `play lint`: everything that can be known without contacting a host. */
export async function lint(file: string, options: PlanOptions, around: Surroundings): Promise<number> {
  const { problems, sources, secrets, vault, ready } = await prepare(file, { ...options, checksOnly: true }, around);
  if (problems.length > 0) {
    around.stdout.write(shownProblems(problems, { sources, secrets, around }));
    return exitCode(problems);
  }
  const tasks = ready?.plan.plays.reduce((sum, play) => sum + play.tasks.length + play.handlers.length, 0) ?? 0;
  const hosts = new Set(ready?.plan.plays.flatMap((play) => play.hosts)).size;
  const { values, files } = vault.closed();
  if (values + files > 0) {
    const what = [
      values > 0 ? `${values} !secret value${values === 1 ? '' : 's'}` : '',
      files > 0 ? `${files} encrypted file${files === 1 ? '' : 's'}` : '',
    ];
    around.stderr.write(
      `note: not opened, so not checked: ${what.filter((one) => one !== '').join(' and ')}; name the key with --identity\n`,
    );
  }
  around.stdout.write(`${file}: no problems (${tasks} tasks, ${hosts} hosts)\n`);
  return 0;
}
