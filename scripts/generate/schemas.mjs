import { inventory } from './inventory-keywords.mjs';
import { keywords } from './keywords.mjs';
import { closed } from './kinds.mjs';
import { param } from './param-keywords.mjs';
import { notice } from './paths.mjs';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The same names as in src/parse/yaml/scalar.ts. */
const modes = new Set(['mode', 'directory_mode', 'umask']);

/** The schemas that editors use: every value may be a template, and a module may have its short form. */
export function schemas({ modules, words, schema }) {
  const all = Object.values(modules);
  const known = keywords(words);
  return Object.fromEntries([
    ['schemas/playbook.schema.json', file(playbook(all, known))],
    ['schemas/tasks.schema.json', file(tasks)],
    ['schemas/role.schema.json', file({ title: 'The role.yml of a role of play', ...closed(known.roleFile) })],
    ['schemas/inventory.schema.json', file(inventory)],
    ...all.map((module) => [
      `schemas/modules/${module.name}.json`,
      json({ $schema: dialect, ...task(module, schema) }),
    ]),
  ]);
}

/** The file of a role or of an `include`. */
const tasks = {
  title: 'A list of tasks of play',
  description: 'The tasks or handlers of a role, or what `include` uses.',
  type: ['array', 'null'],
  items: { $ref: 'playbook.schema.json#/$defs/node' },
};

/** Words without one of them. */
function lessWord(words, name) {
  const { [name]: _, ...others } = words;
  return others;
}

function file(schema) {
  return json({ $schema: dialect, $comment: notice, ...schema });
}

function playbook(all, words) {
  const uses = all.map(({ name, summary }) => [name, { description: summary, $ref: `modules/${name}.json` }]);
  const defaults = all.map(({ name, summary }) => [
    name,
    { description: summary, $ref: `modules/${name}.json#/$defs/params` },
  ]);
  const play = closed(words.play, ['hosts']);
  const { block, rescue, always } = words.block;
  const { include } = words.include;
  const { role } = words.role;
  const others = { block, rescue, always, include, role };
  return {
    title: 'A playbook of play',
    anyOf: [
      { type: 'array', items: { $ref: '#/$defs/play' } },
      { $ref: '#/$defs/play' },
      closed(lessWord(words.playbook, 'commands'), ['plays']),
      closed(lessWord(words.playbook, 'plays'), ['commands']),
    ],
    $defs: {
      play,
      command: closed(words.command, ['plays']),
      command_play: closed(words.commandPlay, ['hosts']),
      param,
      module_defaults: closed(Object.fromEntries(defaults)),
      // The key that tells them apart stands in the condition, so that an editor names what is wrong with the one that is meant.
      node: whichever([
        [['include'], 'include'],
        [['role'], 'role'],
        [['block', 'rescue', 'always'], 'block'],
      ]),
      block: closed(words.block, ['block']),
      include: closed(words.include, ['include']),
      role: closed(words.role, ['role']),
      // An entry that is only begun may still become anything, so that an editor offers these words too.
      // Modules of libraries have a dot in their names.
      task: {
        ...closed({ ...words.task, ...Object.fromEntries(uses), ...others }),
        patternProperties: { '\\.': true },
      },
      handler: { allOf: [{ $ref: '#/$defs/task' }, without(Object.keys(others))] },
    },
  };
}

/** What may stand after a module's key. Its parameters stand apart, because of `module_defaults`, of which none is required. */
function task(module, { templatable, strict }) {
  const { name, summary, shorthand, examples } = module;
  const { required = [], ...params } = templatable(withModes(strict(module.params)));
  const full = { $ref: '#/$defs/params', required, ...together(module) };
  const head = { title: name, description: summary, examples: examples.map((task) => task[name]), $defs: { params } };
  return shorthand ? { ...head, anyOf: [full, params.properties[shorthand]] } : { ...head, ...full };
}

/** Which parameters need or exclude each other. */
function together({ requireOne = [], exclusive = [] }) {
  const rules = [
    ...requireOne.map((names) => ({ anyOf: names.map((name) => ({ required: [name] })) })),
    // Not as one "not": what an editor says of that names no parameter.
    ...exclusive.map((names) => ({
      dependentSchemas: Object.fromEntries(names.slice(0, -1).map((name, i) => [name, without(names.slice(i + 1))])),
    })),
  ];
  return rules.length > 0 ? { allOf: rules } : {};
}

/** Says of each key that it is not allowed. */
function without(names) {
  return { properties: Object.fromEntries(names.map((name) => [name, false])) };
}

/** A file mode is text to a module, but is written without quotes, where an editor takes it for a number. */
function withModes(schema) {
  const unquoted = (name, param) =>
    modes.has(name) && param.type === 'string' ? { ...param, type: ['string', 'integer'] } : param;
  const properties = Object.entries(schema.properties ?? {}).map(([name, param]) => [name, unquoted(name, param)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** The first of some shapes that has one of its keys, else a task. */
function whichever([first, ...others]) {
  if (!first) return { $ref: '#/$defs/task' };
  const [keys, shape] = first;
  return Object.fromEntries([
    // Nothing yet is no mapping, and has all keys.
    ['if', { type: 'object', anyOf: keys.map((key) => ({ required: [key] })) }],
    ['then', { $ref: `#/$defs/${shape}` }],
    ['else', whichever(others)],
  ]);
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
