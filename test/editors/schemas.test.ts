import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readAwsSource } from '../../src/inventory/aws-source.ts';
import type { Value } from '../../src/model/value.ts';
import { modules } from '../../src/modules/index.gen.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { fillIn } from '../modules/rig/cases.ts';
import { mistakes, schemaNames, schemas, textsIn } from './schema-rig.ts';

type Schema = Record<string, unknown>;

/** Every property of a schema that stands without a word about what it is for. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((each, i) => undescribed(each, `${path}/${i}`));
  return Object.entries(schema as Schema).flatMap(([key, value]) => {
    // What they hold is data.
    if (['default', 'examples', 'enum', 'const'].includes(key)) return [];
    if (key !== 'properties') return undescribed(value, `${path}/${key}`);
    return Object.entries(value as Schema).flatMap(([name, property]) => [
      ...(property === false || (property as Schema)['description'] ? [] : [`${path}/${name}`]),
      ...undescribed(property, `${path}/${name}`),
    ]);
  });
}

describe('the schemas', () => {
  it('are those of all files a person writes, and of all modules', () => {
    expect([...schemas.keys()].sort()).toEqual(
      [
        ...schemaNames.map((name) => `${name}.schema.json`),
        ...Object.keys(modules).map((name) => `modules/${name}.json`),
      ].sort(),
    );
  });

  it.each([...schemas])('%s describes every key', (file, schema) => {
    expect(undescribed(schema, file)).toEqual([]);
  });

  it.each(Object.keys(modules))('%s comes with examples', (name) => {
    const { examples } = schemas.get(`modules/${name}.json`) as { examples: unknown[] };
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) expect(mistakes('tasks', stringify([{ [name]: example }]))).toEqual([]);
  });

  it('know the connection settings that the inventory reads, and no others', () => {
    const source = readFileSync(new URL('../../src/inventory/target.ts', import.meta.url), 'utf8');
    const lists = [...source.matchAll(/(?<!\w)\[((?:'[a-z_]+'(?:, )?)+)\]/g)].flatMap(
      (match) => match[1]?.split(', ') ?? [],
    );
    const read = new Set(lists.map((word) => word.slice(1, -1)));
    const { $defs } = schemas.get('inventory.schema.json') as { $defs: { vars: { properties: Schema } } };
    expect(Object.keys($defs.vars.properties).sort()).toEqual([...read].sort());
  });
});

describe('what is right for play is right for an editor', () => {
  const tasks = Object.keys(modules).flatMap((name) => casesOf(name));

  it.each(tasks)('the task of $place', (one) => {
    const task = fillIn(one.task, { root: '/srv/case', shell: 'sh', user: 'shop' });
    expect(mistakes('tasks', stringify([task])), stringify(task)).toEqual([]);
  });

  it.each(textsIn('playbooks/inventory', /\.yml$/))('$place', ({ text }) => {
    expect(mistakes('inventory', text)).toEqual([]);
  });

  it('a role, as the documentation of roles has it', () => {
    const role = {
      name: 'nginx',
      description: 'A web server.',
      params: { port: { type: 'int', default: 80 }, names: { type: 'list', required: true } },
      outputs: { url: 'http://{{host.name}}:{{port}}' },
    };
    expect(mistakes('role', stringify(role))).toEqual([]);
    expect(mistakes('role', stringify({ ...role, dependencies: [] }))).not.toEqual([]);
  });

  it('an inventory with everything that may stand in one', () => {
    const text = `
      all: { vars: { user: admin, key: [~/.ssh/a, ~/.ssh/b], connection: ssh, become: 'yes', anything: [1] } }
      web:
        hosts: { 'web[1:3]': , 'admin@db:2222': { port: '{{p}}', ansible_port: 22 } }
        children: { eu: { hosts: web9 } }
      empty:
    `;
    expect(mistakes('inventory', text)).toEqual([]);
  });

  it('sources of an inventory', () => {
    const guide = readFileSync(new URL('../../docs/inventory.md', import.meta.url), 'utf8');
    const sources = [...guide.matchAll(/^```yaml [^/\s]+\n(.*?)^```$/gms)].map(([, text = '']) => text);
    expect(sources.filter((text) => text.startsWith('plugin: aws_'))).toHaveLength(2);
    for (const text of sources) expect(mistakes('inventory', text), text).toEqual([]);
    expect(mistakes('inventory', 'plugin: { hosts: { a: } }')).toEqual([]);
    expect(mistakes('inventory', 'plugin: aws_ec2\nregoins: [eu-west-1]')).not.toEqual([]);
    expect(mistakes('inventory', 'plugin: aws_ssm\nexclude_filters: []')).not.toEqual([]);
    expect(mistakes('inventory', 'plugin: azure_rm')).not.toEqual([]);
  });

  it('and have the keys that the sources read', () => {
    const { then } = schemas.get('inventory.schema.json') as { then: { allOf: { then: { properties: object } }[] } };
    const [ec2, ssm] = then.allOf.map(({ then: { properties } }) => Object.keys(properties));
    for (const [plugin, keys = []] of [
      ['aws_ec2', ec2],
      ['aws_ssm', ssm],
    ] as const) {
      const root = {
        value: Object.fromEntries(keys.map((key) => [key, null])),
        locate: () => ({ file: '', start: 0, end: 0 }),
      };
      const problems: Problem[] = [];
      readAwsSource({ root, file: 'aws.yml', plugin }, problems);
      expect(problems.filter(({ code }) => code === 'E_CONSTRUCTED_KEY' || code === 'E_AWS_INVENTORY_KEY')).toEqual([]);
    }
  });
});

describe('what is wrong for play', () => {
  const bad = textsIn('test/problems/golden', /\.yml$/);
  const unseen = bad.filter(({ text }) => mistakes('playbook', text).length === 0).map(({ place }) => place);

  it('is mostly seen in an editor already', () => {
    expect(bad.length).toBeGreaterThan(50);
    expect(1 - unseen.length / bad.length, `not seen:\n${unseen.join('\n')}`).toBeGreaterThan(0.75);
  });
});

/** Tasks of a module's tests that are not there to be refused. */
function casesOf(name: string): { place: string; task: Value }[] {
  let text: string;
  try {
    text = readFileSync(new URL(`../modules/${name}/cases.yml`, import.meta.url), 'utf8');
  } catch {
    return [];
  }
  const cases = parse(text) as { name: string; task?: Value; status?: string }[];
  return cases
    .filter(({ status }) => status !== 'failed')
    .flatMap(({ name: title, task }) => (task === undefined ? [] : [{ place: `${name}: ${title}`, task }]));
}
