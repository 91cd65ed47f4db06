import { exitCode } from '../problems/exit-code.ts';
import { findingsOf } from '../problems/formats/finding.ts';
import { formats } from '../problems/formats/formats.ts';
import { printProblems } from '../problems/frame.ts';
import { lackingTable } from '../problems/lacking.ts';
import { isWarning } from '../problems/problem.ts';
import { mend } from './mend.ts';
import type { LintOptions } from './options.ts';
import { prepare } from './prepare.ts';
import type { Surroundings } from './surroundings.ts';

/** `play lint`: everything that can be known without contacting a host. Warnings fail it only with `--strict`. */
export async function lint(file: string, options: LintOptions, around: Surroundings): Promise<number> {
  if (options.fix) await mendAll(file, options, around);
  const { problems, sources, ready } = await prepare(file, options, around);
  const exit = exitCode(problems) || (options.strict && problems.some(isWarning) ? 2 : 0);
  if (options.format !== 'text') {
    around.stdout.write(formats[options.format](findingsOf(problems, sources)));
    return exit;
  }
  if (problems.length > 0) {
    around.stdout.write(printProblems(problems, { sources, width: around.width(), color: around.color > 0 }));
    around.stdout.write(lackingTable(problems));
    return exit;
  }
  const tasks = ready?.plan.plays.reduce((sum, play) => sum + play.tasks.length + play.handlers.length, 0) ?? 0;
  const hosts = new Set(ready?.plan.plays.flatMap((play) => play.hosts)).size;
  around.stdout.write(`${file}: no problems (${tasks} tasks, ${hosts} hosts)\n`);
  return 0;
}

/** One mistake may hide another: what is mended is read again, a few times at most. */
async function mendAll(file: string, options: LintOptions, around: Surroundings): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { problems, sources } = await prepare(file, options, around);
    const mended = mend(problems, { sources, cwd: around.cwd });
    // Standard output belongs to the format.
    for (const line of mended) around.stderr.write(`${line}\n`);
    if (mended.length === 0) return;
  }
}

const MOST_ROUNDS = 10;
