type Tree = { [key: string]: Tree | string };

/** `Filter.1.Value.2=x` as `{ Filter: [{ Value: [, 'x'] }] }`; lists of `member` too. */
export function nested(form: URLSearchParams): Record<string, unknown> {
  const root: Tree = {};
  for (const [path, value] of form) {
    const keys = path.split('.').filter((key) => key !== 'member');
    const last = keys.pop() ?? '';
    let at = root;
    for (const key of keys) {
      const known = at[key];
      const below = typeof known === 'object' ? known : {};
      at[key] = below;
      at = below;
    }
    at[last] = value;
  }
  return lists(root) as Record<string, unknown>;
}

function lists(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const entries = Object.entries(tree);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => lists(value));
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, lists(value)]));
}

/** An object as XML; each item of a list is one element of the name that the dialect has for it. */
export function xml(value: unknown, item: 'item' | 'member'): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => `<${item}>${xml(each, item)}</${item}>`).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => `<${key}>${xml(each, item)}</${key}>`)
      .join('');
  }
  return escaped(String(value));
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
