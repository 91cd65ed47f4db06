import type { Sources } from '../model/span.ts';
import { printProblems } from '../problems/frame.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Secrets } from '../secrets/registry.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Surroundings } from './surroundings.ts';

/** Problems in words, with the lines of files that they are about, and without secrets. */
export function shownProblems(
  problems: readonly Problem[],
  { sources, secrets, around }: { sources: Sources; secrets: Secrets; around: Surroundings },
): string {
  const width = around.width();
  if (secrets.isEmpty()) return printProblems(problems, { sources, width, color: around.color > 0 });
  // Before lines are cut to the width, and so that the marks under them keep their place.
  const covered = new Map([...sources].map(([file, text]) => [file, secrets.cover(text)]));
  const masked = problems.map((one) => ({ ...one, facts: secrets.maskValue(one.facts) }));
  return secrets.mask(printProblems(masked, { sources: covered, width, color: around.color > 0 }));
}

/** What was thrown, without the secrets that its words may quote. */
export function maskedError(error: unknown, secrets: Secrets): unknown {
  if (secrets.isEmpty() || !(error instanceof Error)) return error;
  if (error instanceof ProblemError)
    return new ProblemError(error.problems.map((one) => ({ ...one, facts: secrets.maskValue(one.facts) })));
  const masked = new Error(secrets.mask(error.message));
  masked.stack = secrets.mask(error.stack ?? '');
  return masked;
}

/** What a user should know about the secrets of a run. */
export function secretNotes(secrets: Secrets, vault: Vault): string[] {
  const short = secrets
    .tooShort()
    .map((name) => `${name} is a secret of fewer than 4 bytes and is not masked: half of every text would be`);
  const open = vault
    .warnings()
    .map((path) => `the identity ${path} can be read by others; to change that: chmod 600 ${path}`);
  return [...short, ...open];
}
