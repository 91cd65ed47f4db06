import type { AwsPlugin, AwsQuestion, Filters } from '../aws/inventory/question.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { readFilterList, readFilters } from './aws-filters.ts';
import { type HostnameRule, readHostnames } from './aws-hostnames.ts';
import { leftOut } from './aws-left-out.ts';
import { type Constructed, constructedKeys, readConstruction } from './constructed.ts';
import { isFields } from './draft.ts';
import { variableNameFault } from './names.ts';
import { flag, knownKeys, refusesTemplate, type Shape, shapeFault } from './shape.ts';

/** A file that says which machines of AWS are hosts, and what follows from what AWS says of them. */
export interface AwsSource {
  /** How the file is named to people. */
  file: string;
  root: Located<Value>;
  question: AwsQuestion;
  hostnames: HostnameRule[];
  /** What stands around the names of variables that come from AWS. */
  around: { prefix: string; suffix: string };
  /** How long an answer is kept; undefined: not at all. */
  cacheSeconds?: number;
  construction: Constructed;
}

const shared = 'plugin profile regions filters hostnames hostvars_prefix hostvars_suffix cache cache_timeout'.split(
  ' ',
);
const own = {
  aws_ec2: ['include_filters', 'exclude_filters', 'strict_permissions'],
  aws_ssm: ['strict_permissions', 'tags'],
};
/** Keys of Ansible's about what play has no choice of: where answers are kept, and which variables expressions see. */
const harmless = 'use_vars_plugins use_extra_vars cache_connection cache_plugin cache_prefix'.split(' ');

/** An hour, as in Ansible. */
const usualTimeout = 3600;

/** Reads such a file; undefined, and problems, when AWS must not be asked because of a mistake in it. */
export function readAwsSource(
  { root, file, plugin }: { root: Located<Value>; file: string; plugin: AwsPlugin },
  problems: Problem[],
): AwsSource | undefined {
  if (!isFields(root.value)) return undefined;
  const body = root.value;
  const shape: Shape = { root, problems: [] };
  const tell = [...shared, ...own[plugin], ...constructedKeys];
  const refused = Object.keys(body).filter((key) => !tell.includes(key) && Object.hasOwn(leftOut, key));
  for (const key of refused) {
    const facts = { plugin, key, advice: leftOut[key] ?? '' };
    shape.problems.push(problem('E_AWS_INVENTORY_KEY', facts, root.locate([key], 'key')));
  }
  const known = [...tell, ...harmless, ...refused];
  knownKeys(shape, body, { path: [], part: `the plugin ${plugin}`, known, tell });
  const filters = readFilters({ shape, plugin, path: ['filters'] }, body['filters']);
  const include = readFilterList({ shape, plugin, path: ['include_filters'] }, body['include_filters']);
  const profile = text(shape, 'profile', body);
  const around = {
    prefix: text(shape, 'hostvars_prefix', body) ?? '',
    suffix: text(shape, 'hostvars_suffix', body) ?? '',
  };
  for (const [key, value] of Object.entries({ hostvars_prefix: around.prefix, hostvars_suffix: `_${around.suffix}` }))
    if (value !== '' && variableNameFault(value))
      shapeFault(shape, [key], { part: key, wants: 'letters, digits and "_"', value, got: 'other text' });
  const source: AwsSource = {
    file,
    root,
    question: {
      plugin,
      regions: readRegions(shape, body['regions']),
      include: together(filters, include),
      exclude: readFilterList({ shape, plugin, path: ['exclude_filters'] }, body['exclude_filters']),
      passesDenied: !flag(shape, ['strict_permissions'], body['strict_permissions'] ?? true),
      tags: flag(shape, ['tags'], body['tags'] ?? false),
      ...(profile !== undefined && { profile }),
    },
    hostnames: readHostnames(shape, plugin, body['hostnames']),
    around,
    ...readCache(shape, body),
    construction: readConstruction(shape, { path: [], body, file }),
  };
  problems.push(...shape.problems);
  return shape.problems.length === 0 ? source : undefined;
}

/** As in Ansible: `filters` is one of the alternatives, and nothing at all means everything. */
function together(filters: Filters, include: readonly Filters[]): Filters[] {
  const all = Object.keys(filters).length > 0 ? [filters, ...include] : [...include];
  return all.length > 0 ? all : [{}];
}

/** Names of regions have this form in all partitions of AWS: `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`. */
const regionName = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

function readRegions(shape: Shape, value: Value | undefined): string[] {
  const list = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : (value ?? []);
  const wants = 'the name of a region, such as eu-west-1';
  if (!Array.isArray(list)) {
    shapeFault(shape, ['regions'], { part: 'regions', wants: 'a list of names', value: list });
    return [];
  }
  for (const [index, name] of list.entries()) {
    const path = Array.isArray(value) ? ['regions', index] : ['regions'];
    if (typeof name !== 'string') shapeFault(shape, path, { part: 'an entry of regions', wants, value: name });
    else if (!refusesTemplate(shape, path, { part: 'regions', value: name }) && !regionName.test(name))
      shapeFault(shape, path, { part: 'an entry of regions', wants, value: name, got: JSON.stringify(name) });
  }
  return [...new Set(list.filter((name) => typeof name === 'string'))];
}

function readCache(shape: Shape, body: Fields): { cacheSeconds?: number } {
  const timeout = body['cache_timeout'] ?? usualTimeout;
  const isGood = typeof timeout === 'number' && Number.isInteger(timeout) && timeout > 0;
  if (!isGood)
    shapeFault(shape, ['cache_timeout'], {
      part: 'cache_timeout',
      wants: 'a whole number of seconds from 1 on',
      value: timeout,
      ...(typeof timeout === 'number' && { got: String(timeout) }),
    });
  return flag(shape, ['cache'], body['cache'] ?? false) && isGood ? { cacheSeconds: timeout } : {};
}

function text(shape: Shape, key: string, body: Fields): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return shapeFault(shape, [key], { part: key, wants: 'text', value });
  refusesTemplate(shape, [key], { part: key, value });
  return value;
}
