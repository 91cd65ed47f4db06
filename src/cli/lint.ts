import { exitCode } from '../problems/exit-code.ts';
import { printProblems } from '../problems/frame.ts';
import type { PlanOptions } from './options.ts';
import { prepare } from './prepare.ts';
import type { Surroundings } from './surroundings.ts';

/** `play lint`: everything that can be known without contacting a host. */
export async function lint(file: string, options: PlanOptions, around: Surroundings): Promise<number> {
  const { problems, sources, ready } = await prepare(file, options, around);
  if (problems.length > 0) {
    around.stdout.write(printProblems(problems, { sources, width: around.width(), color: around.color > 0 }));
    return exitCode(problems);
  }
  const tasks = ready?.plan.plays.reduce((sum, play) => sum + play.tasks.length + play.handlers.length, 0) ?? 0;
  const hosts = new Set(ready?.plan.plays.flatMap((play) => play.hosts)).size;
  around.stdout.write(`${file}: no problems (${tasks} tasks, ${hosts} hosts)\n`);
  return 0;
}
