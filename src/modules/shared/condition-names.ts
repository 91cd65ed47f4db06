/** Words of CEL that are no names. */
const reserved = new Set(['true', 'false', 'null', 'in', 'has']);

const token =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|[rRbB]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<![\w.)\]])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*(?!\w*\()|\[(?:-?\d+|"[^"\\]*"|'[^'\\]*')\])*(?!\w*\()/g;

/**
 * The names with their paths in a CEL expression (`health.json.version`, `list[0]`, `hosts["web1"].up`), in order, each once.
 * Called functions, macros and text in quotes are left out. Meant for showing values, not for deciding anything.
 */
export function namesIn(expression: string): string[] {
  const names = new Set<string>();
  for (const [found] of expression.matchAll(token)) {
    if (/^[rRbB]{0,2}["']/.test(found) || reserved.has(found)) continue;
    names.add(found);
  }
  return [...names];
}
