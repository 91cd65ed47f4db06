import { notice } from './paths.mjs';

/** The page of the functions that conditions know beside CEL's own; their examples are run by test/expr. */
export function functionsPage(functions) {
  if (functions.length === 0) return {};
  const blocks = functions.map(({ name, summary, overloads, examples }) => [
    `## ${name}`,
    summary,
    `\`\`\`text\n${Object.keys(overloads).join('\n')}\n\`\`\``,
    examples.map(({ expression, result }) => `- \`${expression}\` gives \`${JSON.stringify(result)}\``).join('\n'),
  ]);
  const head = ['# Functions of expressions', 'Beside the operators, macros and functions of CEL itself.'];
  return { 'docs/functions.md': `<!-- ${notice} -->\n${[...head, ...blocks.flat()].join('\n\n')}\n` };
}
