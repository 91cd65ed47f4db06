import { type Header, headerOf } from './message.ts';

/** The targets of a `Link` header by their relation (RFC 8288), as absolute URLs; of two with the same one the first. */
export function linksOf(headers: readonly Header[], base: URL): Record<string, string> {
  const found: Record<string, string> = {};
  const text = headerOf(headers, 'link') ?? '';
  const link = /<([^>]*)>((?:\s*;\s*[A-Za-z0-9_*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
  for (const [, target = '', rest = ''] of text.matchAll(link)) {
    const rel = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))/i.exec(rest);
    for (const name of (rel?.[1] ?? rel?.[2] ?? '').split(/\s+/)) {
      if (name === '' || Object.hasOwn(found, name)) continue;
      if (URL.canParse(target, base.href)) found[name] = new URL(target, base).href;
    }
  }
  return found;
}
