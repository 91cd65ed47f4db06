import type { Definition, Host } from '../model/inventory.ts';
import type { Sources } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { cleanText } from '../util/clean-text.ts';

/** What is shown of a host. */
export interface HostLinesOptions {
  host: Host;
  /** Its variables that count. */
  vars: Fields;
  /** Variables that cannot be filled in yet, and stand as they are written. */
  raw: ReadonlySet<string>;
  sources: Sources;
}

/** The variables of a host with where each comes from; below each the definitions that it wins over, strongest first. */
export function hostLines({ host, vars, raw, sources }: HostLinesOptions): string[] {
  const names = [...host.vars.keys()].toSorted();
  const title = `${host.name}${host.groups.length > 0 ? ` (${host.groups.join(', ')})` : ''}`;
  const rows = names.flatMap((name) => {
    const definitions = [...(host.vars.get(name) ?? [])].reverse();
    return definitions.map((definition, index) => ({
      text: index === 0 ? `${name} = ${shown(vars[name] ?? null)}` : `  not ${shown(definition.value)}`,
      from: `${place(definition, sources)}${index === 0 && raw.has(name) ? ', not filled in before a run' : ''}`,
    }));
  });
  const width = Math.min(48, Math.max(0, ...rows.map(({ text }) => text.length)));
  return [title, ...rows.map(({ text, from }) => `  ${text.padEnd(width)}  ${from}`)];
}

function place({ layer, at }: Definition, sources: Sources): string {
  const text = at && sources.get(at.file);
  if (text === undefined) return layer;
  const where = `${at?.file}:${text.slice(0, at?.start).split('\n').length}`;
  // A vars file is its own layer.
  return at?.file.endsWith(layer) ? where : `${layer}, ${where}`;
}

function shown(value: Value): string {
  return cleanText(JSON.stringify(value));
}
