import { tokens } from '../expr/tokens.ts';
import type { StoredUse } from '../model/stored.ts';

/** The calls of `ssm` and `secret` in a text, as they are written: `ssm("/x")` in expressions, `{{ssm x}}` for those of plain tags. */
export function callsIn(source: string): string[] {
  // Lists and mappings come as JSON, in which the quotes of their texts are escaped.
  const text = source.replaceAll('\\"', '"');
  if (!text.includes('{{')) return callsInExpression(text);
  return [...text.matchAll(/\{\{[\s\S]*?\}\}/g)].flatMap(([tag]) => [
    ...[...tag.matchAll(PLAIN)].map(([, name = '', args = '']) => `{{${name} ${args.trim()}}}`),
    ...callsInExpression(tag),
  ]);
}

/** `{{ssm x y}}`, `{{#if (ssm x)}}`. */
const PLAIN = /(?:\{\{\{?~?\s*|\(\s*)(ssm|secret)\s+([^(){}~]+?)\s*(?=[)}~])/g;

function callsInExpression(text: string): string[] {
  const all = tokens(text);
  const calls: string[] = [];
  for (const [i, token] of all.entries()) {
    if (token.kind !== 'name' || !/^(?:ssm|secret)$/.test(token.text) || all[i + 1]?.text !== '(') continue;
    if (all[i - 1]?.text === '.') continue;
    let depth = 0;
    const close = all.slice(i + 1).find(({ text: part }) => {
      if (part === '(') depth += 1;
      else if (part === ')') depth -= 1;
      return depth === 0;
    });
    if (close) calls.push(text.slice(token.start, close.end));
  }
  return calls;
}

const LITERAL = /^(?:\{\{)?(ssm|secret)[\s(]+("[^"\\]*"|'[^'\\]*')(?:[\s,]+("[^"\\]*"|'[^'\\]*'))?\s*(?:\)|\}\})$/;

/** What a call asks for, where its arguments are written out. */
export function literalUse(call: string): StoredUse | undefined {
  const [, service, name, key] = LITERAL.exec(call) ?? [];
  if (name === undefined) return undefined;
  const plain = (quoted: string): string => quoted.slice(1, -1);
  return {
    service: service === 'ssm' ? 'ssm' : 'secretsmanager',
    name: plain(name),
    ...(key !== undefined && { key: plain(key) }),
  };
}
