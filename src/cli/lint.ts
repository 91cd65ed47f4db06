import type { PlacedUse } from '../analyze/stored-collector.ts';
import { exitCode } from '../problems/exit-code.ts';
import { findingsOf } from '../problems/formats/finding.ts';
import { formats } from '../problems/formats/formats.ts';
import { lackingTable } from '../problems/lacking.ts';
import { isWarning, type Problem } from '../problems/problem.ts';
import { mend } from './mend.ts';
import type { LintOptions } from './options.ts';
import { type Prepared, prepare } from './prepare.ts';
import { shownProblems } from './shown-problems.ts';
import { storedNotes } from './stored.ts';
import type { Surroundings } from './surroundings.ts';

/** `play lint`: everything that can be known without contacting a host. Warnings fail it only with `--strict`. */
export async function lint(file: string, options: LintOptions, around: Surroundings): Promise<number> {
  if (options.fix) await mendAll(file, options, around);
  const checked = { ...options, checksOnly: true };
  const { problems, sources, secrets, vault, readies, stored = [] } = await prepareEach(file, checked, around);
  const exit = exitCode(problems) || (options.strict && problems.some(isWarning) ? 2 : 0);
  if (options.format !== 'text') {
    around.stdout.write(secrets.mask(formats[options.format](findingsOf(problems, sources))));
    return exit;
  }
  for (const line of storedNotes(stored, sources)) around.stderr.write(`${secrets.mask(line)}\n`);
  if (problems.length > 0) {
    around.stdout.write(shownProblems(problems, { sources, secrets, around }));
    around.stdout.write(lackingTable(problems));
    return exit;
  }
  const plays = readies.flatMap(({ plan }) => plan.plays);
  const tasks = plays.reduce((sum, play) => sum + play.tasks.length + play.handlers.length, 0);
  const hosts = new Set(plays.flatMap((play) => play.hosts)).size;
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

/** Each command of a playbook that has some is a playbook of its own, unless one is meant. What is wrong with all of them is told once. */
async function prepareEach(
  file: string,
  options: LintOptions,
  around: Surroundings,
): Promise<Prepared & { readies: NonNullable<Prepared['ready']>[] }> {
  const { entry, commands = [] } = options;
  const entries = entry === undefined && commands.length > 0 ? commands : [entry];
  let last: Prepared | undefined;
  const readies: NonNullable<Prepared['ready']>[] = [];
  const problems = new Map<string, Problem>();
  const stored = new Map<string, PlacedUse>();
  for (const each of entries) {
    last = await prepare(file, { ...options, ...(each !== undefined && { entry: each }) }, around);
    for (const one of last.problems) problems.set(JSON.stringify(one), one);
    for (const one of last.stored ?? []) stored.set(JSON.stringify(one), one);
    if (last.ready) readies.push(last.ready);
  }
  if (!last) throw new Error('nothing was checked');
  return { ...last, problems: [...problems.values()], stored: [...stored.values()], readies };
}

/** One mistake may hide another: what is mended is read again, a few times at most. */
async function mendAll(file: string, options: LintOptions, around: Surroundings): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { problems, sources } = await prepareEach(file, { ...options, checksOnly: true }, around);
    const mended = mend(problems, { sources, cwd: around.cwd });
    // Standard output belongs to the format.
    for (const line of mended) around.stderr.write(`${line}\n`);
    if (mended.length === 0) return;
  }
}

const MOST_ROUNDS = 10;
