import type { SecretSource } from '../model/secret-source.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import { readYaml } from './yaml.ts';

/**
 * Reads an encrypted YAML file; undefined while it is not opened, or broken. What is in it is a secret, also where its YAML is broken: messages
 * show lines of it.
 */
export function readEncryptedYaml(
  secrets: SecretSource,
  { path, shown, sources, problems }: { path: string; shown: string; sources: Sources; problems: Problem[] },
): Located<Value> | undefined {
  const text = secrets.file({ path, shown });
  if (text === undefined) return undefined;
  const read = readYaml({ file: shown, text, sources, secrets });
  secrets.conceal(read.root?.value ?? null);
  if (read.problems.length > 0)
    secrets.conceal(text.split('\n').map((line) => line.replace(/^[\s-]*[\w.-]+:\s/, '').trim()));
  problems.push(...read.problems);
  return read.root;
}
