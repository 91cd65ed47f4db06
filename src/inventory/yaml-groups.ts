import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Draft, type GroupDraft, isFields, kindOf, mentionGroup, mentionHost, readAssignments } from './draft.ts';
import { readHostEntry } from './host-entry.ts';

const groupKeys = ['hosts', 'children', 'vars'];

type Path = readonly string[];

/** Adds the groups of one YAML inventory file to the draft. An empty file adds nothing. */
export function readGroups(draft: Draft, root: Located<Value>): void {
  if (root.value === null) return;
  if (!isFields(root.value)) {
    draft.problems.push(
      problem(
        'E_INVENTORY_SHAPE',
        { part: 'an inventory file', wants: 'groups', got: kindOf(root.value) },
        root.locate(),
      ),
    );
    return;
  }
  for (const [name, value] of Object.entries(root.value)) {
    if (groupKeys.includes(name))
      draft.problems.push(problem('E_INVENTORY_TOP_KEY', { key: name }, root.locate([name], 'key')));
    else readGroup({ draft, root, path: [name], name, value });
  }
}

interface GroupPlace {
  draft: Draft;
  root: Located<Value>;
  path: Path;
  name: string;
  value: Value | undefined;
}

function readGroup({ draft, root, path, name, value }: GroupPlace): GroupDraft | undefined {
  const group = mentionGroup(draft, name, root.locate(path, 'key'));
  if (!group || value === null || value === undefined) return group;
  const reader = { draft, root, group };
  if (!isFields(value)) {
    wrongShape(reader, path, { part: `the group ${name}`, wants: 'hosts, children or vars', got: kindOf(value) });
    return group;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'hosts') readHosts(reader, [...path, key], inner);
    else if (key === 'children') readChildren(reader, [...path, key], inner);
    else if (key === 'vars') readVars(reader, [...path, key], inner);
    else unknownKey(reader, [...path, key], inner);
  }
  return group;
}

interface Reader {
  draft: Draft;
  root: Located<Value>;
  group: GroupDraft;
}

function readHosts(reader: Reader, path: Path, value: Value): void {
  const { draft, root, group } = reader;
  const block = byName(value);
  if (!block) {
    wrongShape(reader, path, {
      part: `hosts of ${group.name}`,
      wants: 'host names as keys',
      got: kindOf(value),
      list: value,
    });
    return;
  }
  for (const [text, vars] of Object.entries(block)) {
    const key = root.locate([...path, text], 'key');
    const entry = readHostEntry(text, key);
    if ('problem' in entry) {
      draft.problems.push(entry.problem);
      continue;
    }
    if (vars !== null && !isFields(vars)) {
      wrongShape(reader, [...path, text], { part: `the host ${text}`, wants: 'variables', got: kindOf(vars) });
      continue;
    }
    const read = vars ?? {};
    for (const name of entry.names) {
      const host = mentionHost(draft, name, key);
      group.hosts.add(name);
      const layer = `host ${name}`;
      if (entry.user !== undefined)
        host.vars.push({ name: 'ansible_user', definition: { value: entry.user, layer, at: key } });
      if (entry.port !== undefined)
        host.vars.push({ name: 'ansible_port', definition: { value: entry.port, layer, at: key } });
      // A range says the same variables for every name: only the first one reports their faults.
      const problems = name === entry.names[0] ? draft.problems : [];
      host.vars.push(...readAssignments(root, read, { layer, path: [...path, text], problems }));
    }
  }
}

function readChildren(reader: Reader, path: Path, value: Value): void {
  const { draft, root, group } = reader;
  const block = byName(value);
  if (!block) {
    wrongShape(reader, path, {
      part: `children of ${group.name}`,
      wants: 'group names as keys',
      got: kindOf(value),
      list: value,
    });
    return;
  }
  for (const [name, inner] of Object.entries(block)) {
    const child = readGroup({ draft, root, path: [...path, name], name, value: inner });
    if (child) group.children.set(name, root.locate([...path, name], 'key'));
  }
}

function readVars({ draft, root, group }: Reader, path: Path, value: Value): void {
  if (value === null) return;
  if (!isFields(value)) {
    wrongShape({ draft, root, group }, path, {
      part: `vars of ${group.name}`,
      wants: 'variables',
      got: kindOf(value),
    });
    return;
  }
  group.vars.push(...readAssignments(root, value, { layer: `group ${group.name}`, path, problems: draft.problems }));
}

function unknownKey({ draft, root, group }: Reader, path: Path, value: Value): void {
  const key = path.at(-1) ?? '';
  const near = similar(key, groupKeys);
  const looksLikeGroup = isFields(value) && groupKeys.some((name) => name in value);
  draft.problems.push(
    problem(
      'E_GROUP_KEY',
      { group: group.name, key, looksLikeGroup, ...(near !== undefined && { similar: near }) },
      root.locate(path, 'key'),
    ),
  );
}

/** Names as keys; a lone name may stand for itself, as in Ansible. */
function byName(value: Value): Fields | undefined {
  if (value === null) return {};
  if (typeof value === 'string') return { [value]: null };
  return isFields(value) ? value : undefined;
}

interface WrongShape {
  part: string;
  wants: string;
  got: string;
  list?: Value;
}

function wrongShape({ draft, root }: Reader, path: Path, { part, wants, got, list }: WrongShape): void {
  const first = Array.isArray(list) && typeof list[0] === 'string' ? list[0] : undefined;
  draft.problems.push(
    problem('E_INVENTORY_SHAPE', { part, wants, got, ...(first !== undefined && { first }) }, root.locate(path)),
  );
}
