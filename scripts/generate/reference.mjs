import { notice, topics } from './paths.mjs';

/** A page for each function, and the list of them. The examples are the ones that test/functions runs. */
export function reference({ functions, forms }) {
  return {
    'docs/functions.md': overview(functions),
    ...Object.fromEntries(functions.map((one) => [`docs/functions/${one.name}.md`, page(one, forms)])),
  };
}

function overview(functions) {
  const lists = Object.entries(topics).map(([topic, title]) =>
    [
      `## ${title}`,
      table(
        ['function', 'what it gives'],
        functions
          .filter((one) => one.topic === topic)
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((one) => [`[${one.name}](functions/${one.name}.md)`, one.summary]),
      ),
    ].join('\n\n'),
  );
  return markdown(
    '# Functions',
    [
      'What text and conditions can compute. Each function can be written in three ways:',
      '',
      '| where | how |',
      '| --- | --- |',
      '| in text | `{{join names ", "}}`, within another `{{upper (join names ", ")}}` |',
      '| in a condition or `{{= }}` | `join(names, ", ")` |',
      '| there, from left to right | `names.sort().join(", ").upper()` |',
    ].join('\n'),
    'In text a name alone is a variable, so a function needs at least one value there. Expressions have besides what CEL itself has: operators, `size`, `in`, `has`, `x ? a : b`, and `filter`, `map`, `all`, `exists` for lists.',
    ...lists,
  );
}

function page(one, forms) {
  const { name, alias, summary, params, cel, examples } = one;
  return markdown(
    `# ${name}`,
    [summary, ...(alias ? [`It can also be called \`${alias}\`.`] : [])].join(' '),
    ...(cel === 'standard' ? ['Expressions use the function of this name that CEL itself has.'] : []),
    ...(cel?.instead ? [`In an expression, write \`${cel.instead}\` instead.`] : []),
    '## Values',
    table(
      ['name', 'kind', 'default', 'meaning'],
      Object.entries(params).map((entry) => row(entry, forms)),
    ),
    '## Examples',
    examples.map((example) => shown(one, example, forms)).join('\n\n'),
  );
}

function row([name, param], { takes }) {
  const fallback =
    param.default === undefined ? (param.optional ? '' : 'required') : code(JSON.stringify(param.default));
  const more = [
    ...(param.rest ? ['may be given several times'] : []),
    ...(param.lenient ? ['may be missing or null in text'] : []),
  ];
  return [code(name), takes(param), fallback, [param.about, ...more].join('; ')];
}

function shown(one, example, { asExpression, asTemplate }) {
  const { template, vars } = asTemplate(one, example);
  const given = Object.keys(vars).length === 0 ? '' : ` with ${code(JSON.stringify(vars))}`;
  const forms = one.cel?.instead
    ? []
    : [
        asExpression(one, example),
        ...(example.args.length > 0 && !one.cel ? [asExpression(one, example, 'method')] : []),
      ];
  const lines = [`- text: ${code(template)}${given}`, ...forms.map((form) => `- expression: ${code(form)}`)];
  return `${code(JSON.stringify(example.result))} is what these give:\n\n${lines.join('\n')}`;
}

/** A text that holds backquotes stands in more of them. */
function code(text) {
  const fence = '`'.repeat(1 + Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)));
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return fence + space + text + space + fence;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function markdown(...blocks) {
  return `<!-- ${notice} -->\n${blocks.join('\n\n')}\n`;
}
