import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { assign } from './assign.ts';
import { type Assignment, type Draft, isFields, kindOf, mentionGroup, mentionHost } from './draft.ts';
import { remoteNameFault } from './names.ts';
import { type Program, runProgram } from './program.ts';
import { readProgramJson } from './program-json.ts';

/** `--host` of a program is asked for so many hosts at the same time. */
const atOnce = 8;

/**
 * Adds what an inventory program says to the draft, in Ansible's format: `--list` prints groups with `hosts`, `vars` and `children` (or
 * only a list of hosts), `_meta.hostvars` the variables of hosts; without `_meta` each host is asked for with `--host NAME`.
 * All of it is data: no text in it is ever rendered.
 */
export async function readProgram(draft: Draft, program: Program): Promise<void> {
  const list = await askProgram(program, ['--list']);
  if ('problem' in list) {
    draft.problems.push(list.problem);
    return;
  }
  const reader: Reader = { draft, shown: program.shown, hosts: new Set() };
  const { _meta: meta, ...groups } = list.value;
  for (const [name, value] of Object.entries(groups)) readGroup(reader, name, value);
  if (meta === undefined) {
    await askHosts(reader, program);
    return;
  }
  const hostvars = isFields(meta) ? (meta['hostvars'] ?? {}) : meta;
  if (!isFields(hostvars)) wrong(reader, { part: '_meta.hostvars', wants: 'a mapping of hosts', value: hostvars });
  // As in Ansible, variables alone do not make a host.
  else for (const host of reader.hosts) if (hostvars[host] !== undefined) readHostVars(reader, host, hostvars[host]);
}

/** Runs the program and reads the JSON object that it prints. */
async function askProgram(
  program: Program,
  args: readonly string[],
): Promise<{ value: Fields } | { problem: Problem }> {
  const ran = await runProgram(program, args);
  if ('problem' in ran) return ran;
  return readProgramJson(ran.text, [program.shown, ...args].join(' '));
}

interface Reader {
  draft: Draft;
  shown: string;
  /** The hosts that this program names. */
  hosts: Set<string>;
}

const groupKeys = ['hosts', 'vars', 'children'];

function readGroup(reader: Reader, name: string, value: Value): void {
  const group = mentionGroup(reader.draft, name);
  if (!group) return;
  // A list is its hosts.
  const given = Array.isArray(value) ? { hosts: value } : value;
  if (!isFields(given)) {
    wrong(reader, { part: `the group ${name}`, wants: 'a mapping or a list of hosts', value });
    return;
  }
  for (const key of Object.keys(given))
    if (!groupKeys.includes(key)) reader.draft.problems.push(unknownKey(reader, name, key));
  const { hosts = [], children = [], vars = {} } = given;
  for (const host of namesIn(reader, `hosts of ${name}`, hosts)) {
    const fault = remoteNameFault(host);
    if (fault) reader.draft.problems.push(problem('E_HOST_NAME', { name: host, fault, from: reader.shown }));
    else {
      mentionHost(reader.draft, host);
      group.hosts.add(host);
      reader.hosts.add(host);
    }
  }
  for (const child of namesIn(reader, `children of ${name}`, children))
    if (mentionGroup(reader.draft, child)) group.children.set(child, undefined);
  if (vars === null) return;
  if (!isFields(vars)) {
    wrong(reader, { part: `vars of ${name}`, wants: 'a mapping of variables', value: vars });
    return;
  }
  group.vars.push(...dataVars(reader, vars, `group ${name} of ${reader.shown}`));
}

function unknownKey({ shown }: Reader, group: string, key: string): Problem {
  const near = similar(key, groupKeys);
  return problem('E_PROGRAM_GROUP_KEY', { program: shown, group, key, ...(near !== undefined && { similar: near }) });
}

function namesIn(reader: Reader, part: string, value: Value): string[] {
  if (value === null) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    wrong(reader, {
      part,
      wants: 'a list of names',
      value: Array.isArray(value) ? (value.find((item) => typeof item !== 'string') ?? null) : value,
      inside: Array.isArray(value),
    });
    return [];
  }
  return value.map(String);
}

async function askHosts(reader: Reader, program: Program): Promise<void> {
  const answers = new Map<string, Awaited<ReturnType<typeof askProgram>>>();
  const waiting = [...reader.hosts];
  let failed = false;
  const worker = async (): Promise<void> => {
    // What stops one host stops them all, as a rule: the first failure is enough.
    for (let host = waiting.shift(); host !== undefined && !failed; host = waiting.shift()) {
      const answer = await askProgram(program, ['--host', host]);
      failed ||= 'problem' in answer;
      answers.set(host, answer);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  for (const host of reader.hosts) {
    const answer = answers.get(host);
    if (!answer) continue;
    if ('value' in answer) readHostVars(reader, host, answer.value);
    else {
      reader.draft.problems.push(answer.problem);
      return;
    }
  }
}

function readHostVars(reader: Reader, name: string, value: Value): void {
  if (value === null) return;
  if (!isFields(value)) {
    wrong(reader, { part: `variables of the host ${name}`, wants: 'a mapping', value });
    return;
  }
  mentionHost(reader.draft, name).vars.push(...dataVars(reader, value, `host ${name} of ${reader.shown}`));
}

function dataVars(reader: Reader, vars: Fields, layer: string): Assignment[] {
  return Object.entries(vars).flatMap(([name, value]) =>
    assign({ name, definition: { value, layer, data: true } }, reader.draft.problems),
  );
}

interface Wrong {
  part: string;
  wants: string;
  value: Value;
  /** The value is one of a list. */
  inside?: boolean;
}

function wrong({ draft, shown }: Reader, { part, wants, value, inside = false }: Wrong): void {
  const got = inside ? `holds ${kindOf(value)}` : `is ${kindOf(value)}`;
  draft.problems.push(problem('E_PROGRAM_SHAPE', { program: shown, part, wants, got }));
}
