import type { Span } from './span.ts';
import type { Value } from './value.ts';

/**
 * Gives plain text for what stands encrypted in files. What was not opened yet is noted and stands for an unknown text: whoever reads
 * files opens what was noted and reads them again.
 */
export interface SecretSource {
  /** The text behind an armored `!secret` value. `at` is its place, for problems. */
  value(armored: string, at: Span): string;
  /** All texts in a value that was read from such a file are secrets. */
  conceal(value: Value): void;
  /** The text of an encrypted file of variables; undefined while it is not opened. */
  file(file: { path: string; shown: string }): string | undefined;
}

/** What stands for a value that is not opened. */
export const UNOPENED = 'a secret that is not opened';
