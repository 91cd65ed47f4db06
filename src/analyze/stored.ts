import type { Inventory } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources } from '../model/span.ts';
import { isPlannedTask, type PlannedPlay } from '../plan/planned.ts';
import { namesStore } from '../plan/readings.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { type Certainty, type CertaintyOptions, createCertainty, type Occasion } from './certainty.ts';
import { givenBy } from './givers.ts';
import { type HostClass, hostClasses } from './host-classes.ts';
import { mentionedNames } from './mentioned.ts';
import { callsIn } from './stored-calls.ts';
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
  for (const play of plan.plays) {
    const classes = classesOf(play, options);
    for (const planned of [...play.readers, ...play.handlers])
      for (const { hosts } of classes) lookOn(hosts, (host) => lookAt({ play, planned, host, given }, looking));
    for (const host of reached(play, options.inventory)) readSettings(play, host, looking);
  }
  return { uses: collector.uses(), problems: collector.problems() };
}

function classesOf({ hosts }: PlannedPlay, { plan, inventory, compiler }: StoredOptions): HostClass[] {
  // Faults of definitions are told where names are looked for.
  const compile = (definition: Parameters<TextCompiler['compileDefinition']>[0]) =>
    compiler.compileDefinition(definition).value;
  const mentioned = mentionedNames(plan, inventory, { compile, compiler });
  return hostClasses({ hosts, inventory, compile, mentioned });
}

/** Hosts of a class read the same names, if not the same values: where the first asks for nothing, none does. */
function lookOn(hosts: readonly string[], look: (host: string) => boolean): void {
  for (const host of hosts) if (!look(host)) return;
}

/** Reads the texts of a task. Gives whether any of them asked for a value. */
function lookAt(occasion: Occasion, { certainty, collector, compiler }: Looking): boolean {
  const before = collector.asked();
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
  return collector.asked() > before;
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
