import { type Header, headerOf } from './message.ts';

/** The targets of a `Link` header by their relation (RFC 8288), as absolute URLs; of two with the same one the first. */
export function linksOf(headers: readonly Header[], base: URL): Record<string, string> {
  const found: Record<string, string> = {};
  const text = headerOf(headers, 'link') ?? '';
  const link = /<([^>]*)>((?:\s*;\s*[A-Za-z0-9_*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
  for (const [, target = '', rest = ''] of text.matchAll(link)) {
    const params = [...rest.matchAll(/;\s*([A-Za-z0-9_*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+)))?/g)];
    const [, , quoted, bare = ''] = params.find(([, name = '']) => name.toLowerCase() === 'rel') ?? [];
    for (const name of (quoted ?? bare).split(/\s+/)) {
      if (name === '' || Object.hasOwn(found, name)) continue;
      if (URL.canParse(target, base.href)) found[name] = new URL(target, base).href;
    }
  }
  return found;
}
