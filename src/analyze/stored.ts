import type { Inventory } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources } from '../model/span.ts';
import type { StoredUse } from '../model/stored.ts';
import { isPlannedBlock, isPlannedTask, type PlannedPlay, type PlannedReader } from '../plan/planned.ts';
import { namesStore } from '../plan/readings.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { leadingTo } from './carriers.ts';
import { type Certainty, type CertaintyOptions, createCertainty, type Occasion } from './certainty.ts';
import { givenBy } from './givers.ts';
import { callsIn, literalUse } from './stored-calls.ts';
import {
  type CollectorOptions,
  createCollector,
  type StoredCollector,
  type StoredFindings,
} from './stored-collector.ts';

/** What looking for values of AWS needs. */
export interface StoredOptions extends Omit<CertaintyOptions, 'functionContext' | 'compile'>, CollectorOptions {
  sources: Sources;
  compiler: TextCompiler;
}

/** What is looked at, and with what. */
interface Looking extends StoredOptions {
  given: ReadonlySet<string>;
  certainty: Certainty;
  collector: StoredCollector;
}

/**
 * Every `ssm()` and `secret()` that a run may come to. Texts are read as a run would, on each host and for each item: names may be made of
 * parameters and variables, and what is certainly skipped needs nothing. Where a text also reads what is not known yet, its calls are tried
 * one by one. What values that are not read yet would lead to is found when it is called again with them.
 */
export async function findStored(options: StoredOptions): Promise<StoredFindings> {
  const { plan, sources, compiler } = options;
  if (![...sources.values()].some(namesStore)) return { uses: [], problems: [] };
  await compiler.load();
  const collector = createCollector(options);
  const compile = (definition: Parameters<typeof definitionTemplate>[1]) => definitionTemplate(compiler, definition);
  const certainty = createCertainty({ ...options, compile, functionContext: collector.contextOf });
  const given = new Set(
    plan.plays.flatMap((play) =>
      [...play.readers, ...play.handlers].flatMap((planned) => givenBy(planned, play).map(({ name }) => name)),
    ),
  );
  const looking: Looking = { ...options, certainty, collector, given };
  const mayAsk = leadingTo(plan, options.inventory, namesStore);
  for (const play of plan.plays) {
    const all = [...play.readers, ...play.handlers].flatMap(withEnds).filter(mayAsk);
    for (const planned of all) lookOn(planned, play, looking);
    for (const host of reached(play, options.inventory)) readSettings(play, host, looking);
  }
  return { uses: collector.uses(), problems: collector.problems() };
}

/** A block, and what is read at the end of its bodies. */
function withEnds(planned: PlannedReader): PlannedReader[] {
  if (!isPlannedBlock(planned)) return [planned];
  return [planned, ...planned.bodies.flatMap(({ end }) => end ?? [])];
}

/** Reads the texts of a task on every host; where all that it may ask for is written out, until all of that has been found. */
function lookOn(planned: PlannedReader, play: PlannedPlay, looking: Looking): void {
  const { collector, given } = looking;
  const written = writtenOut(planned);
  for (const host of play.hosts) {
    lookAt({ play, planned, host, given }, looking);
    if (written && collector.problems().length === 0 && written.every(collector.has)) return;
  }
}

/** What the calls of a task ask for, where all stand in its own texts with names that are written out. */
function writtenOut({ readings }: PlannedReader): StoredUse[] | undefined {
  const uses = readings.flatMap(({ source }) => callsIn(source)).map(literalUse);
  return uses.length > 0 && uses.every((use) => use !== undefined) ? uses : undefined;
}

/** Reads the texts of a task on a host. */
function lookAt(occasion: Occasion, { certainty, collector, compiler }: Looking): void {
  const around = occasion.planned.task.source.locate();
  for (const reading of occasion.planned.readings) {
    for (const { make } of certainty.scopes(occasion, reading)) {
      if (collector.collect(() => reading.evaluate(make()), around)) continue;
      for (const call of callsIn(reading.source)) {
        if (!collector.collect(() => evaluate(call, compiler, make()), around)) collector.unknown(call, around);
      }
      for (const { root } of reading.references) collector.collect(() => make().get(root), around);
    }
  }
}

/** A call by itself. Its own place is not known, so that of the task is told. */
function evaluate(call: string, compiler: TextCompiler, scope: Scope): void {
  const at = { file: `\0${call}`, start: 0, end: call.length };
  if (call.startsWith('{{')) compiler.compileTemplate(call, at).template?.render(scope);
  else compiler.compileExpression(call, at).expression?.evaluate(scope);
}

/** Names of settings that have no `ansible_` before them (src/inventory/target.ts). */
const SHORT = new Set(
  'address port user key password connection become become_user become_method become_password proxy_jump shell instance_id'.split(
    ' ',
  ),
);

/** The hosts whose connection settings are read: any, where tasks are delegated. */
function reached(play: PlannedPlay, { hosts }: Inventory): Iterable<string> {
  return play.readers.some((reader) => isPlannedTask(reader) && reader.delegateTo) ? hosts.keys() : play.hosts;
}

/** What the settings of a host's connection ask for. */
function readSettings(play: PlannedPlay, host: string, { inventory, certainty, collector, given }: Looking): void {
  const [planned] = play.readers;
  const vars = inventory.hosts.get(host)?.vars;
  if (!planned || !vars) return;
  for (const [name, definitions] of vars) {
    const last = definitions.at(-1);
    if (!last || last.data || !(name.startsWith('ansible_') || SHORT.has(name))) continue;
    collector.collect(() => certainty.scope({ play, planned, host, given }).get(name), last.at);
  }
}
