import { notice } from './paths.mjs';

/** Pages of what conditions and templates can call. The examples are the ones that test/expr and test/template run. */
export function reference({ functions, helpers }) {
  return {
    'docs/functions.md': page(
      'Functions of expressions',
      'Beside the operators, macros and functions of CEL itself.',
      functions.map(({ name, summary, overloads, examples }) => [
        `## ${name}`,
        summary,
        `\`\`\`text\n${Object.keys(overloads).join('\n')}\n\`\`\``,
        list(examples.map(({ expression, result }) => `\`${expression}\` gives ${shown(result)}`)),
      ]),
    ),
    'docs/helpers.md': page(
      'Helpers of templates',
      'Beside the blocks of Handlebars itself: `if`, `unless`, `each`, `with`.',
      helpers.map(({ name, summary, examples }) => [
        `## ${name}`,
        summary,
        list(
          examples.map(({ template, vars, result }) => `\`${template}\` with ${shown(vars)} gives ${shown(result)}`),
        ),
      ]),
    ),
  };
}

function page(title, lead, blocks) {
  return `<!-- ${notice} -->\n${[`# ${title}`, lead, ...blocks.flat()].join('\n\n')}\n`;
}

function list(items) {
  return items.map((item) => `- ${item}`).join('\n');
}

function shown(value) {
  return `\`${JSON.stringify(value)}\``;
}
