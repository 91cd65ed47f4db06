import { fromJinja } from '../expr/jinja.ts';
import type { Place } from '../expr/place.ts';
import { type Problem, problem } from '../problems/problem.ts';

const STATEMENT =
  /\{%[-+]?\s*(if|elif|else|endif|for|endfor|set|include|import|block|endblock|macro|raw|endraw)\b(.*?)[-+]?%\}/gs;

/** Every `{% … %}` between mustaches, with the block helper to write instead. Other uses of `{%` are text. */
export function jinjaStatements(content: string, place: Place): Problem[] {
  if (!content.includes('{%')) return [];
  return [...content.matchAll(STATEMENT)].map((match) => {
    const rewritten = rewrite(match[1] ?? '', (match[2] ?? '').trim());
    return problem('E_TEXT_JINJA', { rewritten }, place(match.index, match.index + match[0].length));
  });
}

function rewrite(keyword: string, rest: string): string | undefined {
  const name = /^[\w.]+$/.test(rest);
  const expression = fromJinja(rest) ?? rest;
  switch (keyword) {
    case 'if':
      return name ? `{{#if ${rest}}}` : `{{#if= ${expression}}}`;
    case 'elif':
      return name ? `{{else if ${rest}}}` : `{{else if= ${expression}}}`;
    case 'else':
      return '{{else}}';
    case 'endif':
      return '{{/if}}';
    case 'endfor':
      return '{{/each}}';
    case 'for': {
      const [, item = 'item', list = ''] = /^(\w+)\s+in\s+(.+)$/s.exec(rest) ?? [];
      if (list === '') return undefined;
      return /^[\w.]+$/.test(list)
        ? `{{#each ${list} as |${item}|}}`
        : `{{#each= ${fromJinja(list) ?? list} as |${item}|}}`;
    }
    case 'raw':
      return '\\{{ before each pair of braces';
    default:
      return undefined;
  }
}
