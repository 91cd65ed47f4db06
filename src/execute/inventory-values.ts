import type { Host } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import { ProblemError } from '../problems/problem.ts';
import { NotYet } from '../render/scope.ts';

/** The variables of a host that count, filled in as far as that is possible before a run. */
export interface HostVars {
  vars: Fields;
  /** Names of those that need facts, parameters or variables of a playbook: their text is as it is written. */
  raw: Set<string>;
}

/** Renders the inventory variables of one host. */
export function hostVars(host: Host, scope: Scope): HostVars {
  const vars: Fields = {};
  const raw = new Set<string>();
  for (const [name, definitions] of host.vars) {
    try {
      vars[name] = scope.get(name) ?? null;
    } catch (error) {
      if (!(error instanceof ProblemError || error instanceof NotYet)) throw error;
      vars[name] = definitions.at(-1)?.value ?? null;
      raw.add(name);
    }
  }
  return { vars, raw };
}
