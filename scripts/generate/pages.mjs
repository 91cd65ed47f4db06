import { stringify } from 'yaml';
import { notice } from './paths.mjs';

const folder = 'docs/modules';

/** A page of documentation for each module, and the list of them. */
export function pages(modules, schema) {
  const all = Object.values(modules);
  if (all.length === 0) return {};
  return {
    [`${folder}/README.md`]: list(all),
    ...Object.fromEntries(all.map((module) => [`${folder}/${module.name}.md`, page(module, schema)])),
  };
}

/** What a host can be asked. */
export function factsPage(groups) {
  return markdown(
    '# Facts',
    'What a playbook can know of each host, as `facts.NAME`: `when: facts.os.family == "debian"`, `{{facts.hostname}}`. Only what is mentioned is asked for, once in a run, and there is nothing to switch on.',
    ...groups.flatMap(({ name, summary, fields, example }) => [
      `## ${name}`,
      summary,
      table(
        ['fact', 'meaning'],
        Object.entries(fields).map(([field, sentence]) => [code(`facts.${field}`), sentence]),
      ),
      `For example \`${name}\`:`,
      `\`\`\`yaml\n${stringify(example, { lineWidth: 0 })}\`\`\``,
    ]),
  );
}

function list(all) {
  return markdown(
    '# Modules',
    'What a task can do. Every module can be looked at with `--check` first.',
    table(
      ['module', 'what is true afterwards'],
      all.map(({ name, summary }) => [`[${name}](${name}.md)`, summary]),
    ),
  );
}

function page(module, { strict, kindOf }) {
  const schema = strict(module.params);
  return markdown(
    `# ${module.name}`,
    module.summary,
    nature(module),
    '## Parameters',
    parameters(schema, module, kindOf),
    '## Result',
    result(module),
    '## Examples',
    `\`\`\`yaml\n${examples(module)}\`\`\``,
  );
}

function nature({ on, idempotent }) {
  const where = {
    host: 'Runs on the host.',
    controller: 'Runs on the machine that play runs on.',
    both: 'Runs on the machine that play runs on, and on the host.',
  }[on];
  const again = idempotent ? 'A second run changes nothing.' : 'Acts every time it runs.';
  return `${where} ${again}`;
}

function parameters(schema, module, kindOf) {
  const { conditions = [] } = module;
  const rowsOf = ({ properties = {}, required = [] }, above = '') =>
    Object.entries(properties).flatMap(([name, param]) => [
      [
        code(above + name),
        conditions.includes(above + name) ? 'condition' : kindOf(param, code),
        required.includes(name) ? 'required' : shown(param.default),
        param.description ?? '',
      ],
      // What a mapping, or one of the alternatives, holds.
      ...[param, ...(param.anyOf ?? [])].flatMap((each) => rowsOf(each, `${above}${name}.`)),
    ]);
  const rows = rowsOf(schema);
  const [any] = Object.values(schema.patternProperties ?? {});
  if (any) rows.push(['any name', kindOf(any, code), '', any.description ?? schema.description ?? '']);
  const names = rows.length > 0 ? table(['name', 'type', 'default', 'meaning'], rows) : 'None.';
  return [names, ...rules(module)].join('\n\n');
}

/** What the table cannot say. */
function rules({ shorthand, exclusive = [], requireOne = [] }) {
  const listed = (names) => names.map(code).join(', ');
  return [
    ...requireOne.map((names) =>
      names.length === 1 ? `${listed(names)} is required.` : `One of ${listed(names)} is required.`,
    ),
    ...exclusive.map((names) => `Only one of ${listed(names)} can be given.`),
    ...(shorthand ? [`Written without a mapping, the value is ${code(shorthand)}.`] : []),
  ];
}

function code(text) {
  return `\`${text}\``;
}

function shown(value) {
  return value === undefined ? '' : code(JSON.stringify(value));
}

function result({ result }) {
  const rows = Object.entries(result).map(([name, meaning]) => [code(name), meaning]);
  const common = 'The [fields that every result has](../results.md).';
  return rows.length > 0 ? `${common} Beside them:\n\n${table(['field', 'meaning'], rows)}` : common;
}

/** Examples are whole tasks, as they stand in a playbook. */
function examples({ examples }) {
  return examples.map((task) => stringify([task], { lineWidth: 0, singleQuote: true })).join('');
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function markdown(...blocks) {
  return `<!-- ${notice} -->\n${blocks.join('\n\n')}\n`;
}
