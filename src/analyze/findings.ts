import { bodiesAround, type PlannedReader, type Reading } from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';
import type { Certainty, Occasion } from './certainty.ts';
import type { NameFault, Position } from './name-faults.ts';
import type { Leaf } from './variables.ts';

/** Gathers what is wrong with names: each mistake once, with all the hosts where it shows. */
export interface Findings {
  /** Notes a fault, if it is certain to show on some host. */
  add(found: { position: Position; reading: Reading; leaf: Leaf; fault: NameFault }): void;
  problems(): Problem[];
}

interface Finding {
  fault: NameFault;
  leaf: Leaf;
  planned: PlannedReader;
  hosts: Set<string>;
  /** All hosts of the plays where it shows. */
  of: Set<string>;
}

/** Starts with nothing found. */
export function createFindings(certainty: Certainty): Findings {
  const findings = new Map<string, Finding>();

  /** The hosts on which the text is read, and goes wrong at this place. */
  const failing = (position: Position, reading: Reading, leaf: Leaf, fault: NameFault): string[] => {
    if (fault.missing === 'always') return [...fault.hosts];
    // A name for people that cannot be filled in is shown as written: only what cannot be meant is a mistake.
    if ((reading.role === 'name' || reading.role === 'label') && !fault.isUnknown) return [];
    const given = new Set(position.before.keys());
    const place = { at: leaf.reference.at, via: leaf.through[0]?.name };
    return fault.hosts.filter((host) => {
      const occasion: Occasion = { play: position.play, planned: position.planned, host, given };
      const verdict = certainty.verdict(occasion, reading, place);
      return verdict === 'fails' || (verdict === 'unknown' && fault.missing === 'everywhere');
    });
  };

  return {
    add({ position, reading, leaf, fault }) {
      const hosts = failing(position, reading, leaf, fault);
      if (hosts.length === 0) return;
      const { root, at } = leaf.reference;
      const key = `${fault.tell([], 0).code} ${root} ${at.file} ${at.start} ${at.end}`;
      const finding = findings.get(key) ?? { fault, leaf, planned: position.planned, hosts: new Set(), of: new Set() };
      findings.set(key, finding);
      const all = position.play.hosts;
      for (const host of fault.missing === 'everywhere' ? all : hosts) finding.hosts.add(host);
      for (const host of all) finding.of.add(host);
    },
    problems: () => [...findings.values()].map(tell),
  };
}

/** The mistake at its own place, with the way from the task to it. */
function tell({ fault, leaf, hosts, of, planned }: Finding): Problem {
  const { at } = leaf.reference;
  const told = fault.tell([...hosts], of.size);
  const way = leaf.through.map(({ name, at }) => ({ at, label: `"${name}" is used here` }));
  const used = at.file === planned.task.source.locate().file ? usesOf(planned) : [];
  const also = [...(told.also ?? []), ...way.reverse(), ...used];
  return also.length > 0 ? { ...told, also } : told;
}

/** Where the file or the role that a task stands in is used, the nearest first. */
function usesOf(planned: PlannedReader): NonNullable<Problem['also']> {
  return [...bodiesAround(planned)].flatMap(({ block: { task } }) =>
    task.kind === 'block' ? [] : [{ at: task.source.locate([task.kind]), label: `this ${task.kind} is used here` }],
  );
}
