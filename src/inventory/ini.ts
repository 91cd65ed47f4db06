import type { Span } from '../model/span.ts';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Assignment, type Draft, type GroupDraft, mentionGroup } from './draft.ts';
import { readHostLine } from './ini-host.ts';
import { type IniLine, linesOf } from './ini-line.ts';
import { type IniSection, readSection, startsSection } from './ini-section.ts';
import { readChildLine, readVarsLine } from './ini-vars.ts';

/** What a file says of groups that it may only name further down. */
interface Awaited {
  name: string;
  /** The section that needs the group, `web:vars`. */
  section: string;
  at: Span;
  vars: Assignment[];
}

/**
 * Adds the hosts and groups of an INI inventory to the draft, read as Ansible reads one: sections `[group]`, `[group:children]` and
 * `[group:vars]`, host lines with shell quoting, values as Python literals. Lines that Ansible refuses become problems, each with its place.
 */
export function readIni(draft: Draft, { file, text }: { file: string; text: string }): void {
  const awaited: Awaited[] = [];
  let section: IniSection | undefined = { name: 'ungrouped', kind: 'hosts' };
  let group: GroupDraft | undefined = draft.groups.get('ungrouped');
  let vars: Assignment[] = [];

  const open = (line: IniLine): void => {
    const found = readSection(line);
    // What stands below a section that cannot be read belongs to nobody.
    section = 'problem' in found ? undefined : found;
    if ('problem' in found) draft.problems.push(found.problem);
    else if (found.kind === 'vars') {
      // Variables may stand before the group that they are for.
      vars = [];
      awaited.push({ name: found.name, section: `${found.name}:vars`, at: found.at, vars });
    } else group = mentionGroup(draft, found.name, found.at);
  };
  for (const line of linesOf(file, text)) {
    if (startsSection(line)) open(line);
    else if (section?.kind === 'hosts') readHostLine({ draft, group, line });
    else if (section?.kind === 'vars') vars.push(...readVarsLine({ draft, group: section.name, line }));
    else if (section?.kind === 'children') {
      const child = readChildLine({ draft, group: section.name, line });
      if (child) {
        group?.children.set(child.name, child.at);
        awaited.push({ ...child, section: `${section.name}:children`, vars: [] });
      }
    }
  }
  settle(draft, awaited);
}

/** Gives groups the variables that waited for them. A group that no section made is a typo. */
function settle(draft: Draft, awaited: readonly Awaited[]): void {
  for (const { name, section, at, vars } of awaited) {
    const group = draft.groups.get(name);
    if (group) group.vars.push(...vars);
    else {
      const near = similar(name, draft.groups.keys());
      draft.problems.push(
        problem('E_INI_UNKNOWN_GROUP', { name, section, ...(near !== undefined && { similar: near }) }, at),
      );
      for (const parent of draft.groups.values()) parent.children.delete(name);
    }
  }
}
