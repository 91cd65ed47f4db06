import { keywords } from './keywords.mjs';
import { notice } from './paths.mjs';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The same names as in src/parse/yaml/scalar.ts. */
const modes = new Set(['mode', 'directory_mode', 'umask']);

/** The schemas that editors use: every value may be a template, and a module may have its short form. */
export function schemas({ modules, words, schema }) {
  const all = Object.values(modules);
  return Object.fromEntries([
    ['schemas/playbook.schema.json', json(playbook(all, keywords(words)))],
    ...all.map((module) => [
      `schemas/modules/${module.name}.json`,
      json({ $schema: dialect, ...task(module, schema) }),
    ]),
  ]);
}

function playbook(all, words) {
  const uses = all.map(({ name, summary }) => [name, { description: summary, $ref: `modules/${name}.json` }]);
  const play = closed(words.play, ['hosts']);
  return {
    $schema: dialect,
    $comment: notice,
    title: 'A playbook of play',
    anyOf: [
      { type: 'array', items: { $ref: '#/$defs/play' } },
      { $ref: '#/$defs/play' },
      closed(words.playbook, ['plays']),
    ],
    $defs: {
      play,
      // Modules of libraries have a dot in their names.
      task: { ...closed({ ...words.task, ...Object.fromEntries(uses) }), patternProperties: { '\\.': true } },
    },
  };
}

/** What may stand after a module's key. */
function task({ name, summary, params, shorthand }, { templatable, strict }) {
  const full = templatable(withModes(strict(params)));
  const head = { title: name, description: summary };
  return shorthand ? { ...head, anyOf: [full, full.properties[shorthand]] } : { ...head, ...full };
}

/** A file mode is text to a module, but is written without quotes, where an editor takes it for a number. */
function withModes(schema) {
  const unquoted = (name, param) =>
    modes.has(name) && param.type === 'string' ? { ...param, type: ['string', 'integer'] } : param;
  const properties = Object.entries(schema.properties ?? {}).map(([name, param]) => [name, unquoted(name, param)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function closed(properties, required = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
