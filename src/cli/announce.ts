import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RunContext } from '../execute/context.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import type { Files } from '../render/files.ts';
import type { Prepared } from './prepare.ts';
import type { Surroundings } from './surroundings.ts';

/** Tells how a run begins, and everything it was read from. */
export function announce(
  run: RunContext,
  {
    file,
    around,
    ready,
    sources,
  }: { file: string; around: Surroundings; ready: NonNullable<Prepared['ready']>; sources: Map<string, string> },
): void {
  const hosts = [...new Set(run.plan.plays.flatMap((play) => play.hosts))];
  const { check, diff, id } = run;
  run.emit({
    type: 'run-start',
    run: id,
    playbook: file,
    name: run.plan.playbook.name || basename(file),
    hosts,
    check,
    diff,
    // Of what is recorded, the typed words are what holds secret parameters by itself; the rest is for whoever masks output.
    argv: ready.params.secrets.reduce(
      (argv, secret) => argv.map((word) => word.replaceAll(secret, '***')),
      around.argv,
    ),
  });
  run.emit({ type: 'inputs', files: inputHashes(ready.files, sources), inventory: recordable(run.inventory) });
}

/** sha256 of all files that were read so far, by path. */
export function inputHashes(read: Files, sources: Sources): Record<string, string> {
  const files: Record<string, string> = read.hashes();
  for (const [path, text] of sources) files[path] = createHash('sha256').update(text).digest('hex');
  return files;
}

/** The inventory as resume will need it; settings that hold a password are left out. */
export function recordable(inventory: Inventory): { hosts: { [host: string]: Fields } } {
  const hosts = [...inventory.hosts.values()].map((host) => [
    host.name,
    Object.fromEntries(
      [...host.vars]
        .filter(([name]) => !/pass(word|phrase)?$/i.test(name))
        .map(([name, definitions]) => [name, definitions.at(-1)?.value ?? null]),
    ),
  ]);
  return { hosts: Object.fromEntries(hosts) };
}
