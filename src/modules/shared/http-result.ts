import type { Called } from '../../http/call.ts';
import type { ControllerResult } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';

/** What a task reports of an answer that is in memory. */
export function told(called: Called, { changed, what }: { changed: boolean; what: string }): ControllerResult {
  const { status, reason, text = '', json = null, failed } = called;
  return {
    changed: changed && failed === undefined,
    ...(failed === undefined ? { message: `${status} ${reason}`.trim() } : { failed: `${what}: ${failed}` }),
    fields: { ...answerFields(called), text, json, encoding: called.encoding, bytes: called.bytes },
  };
}

/** The fields that do not come from the body. */
export function answerFields({
  status,
  reason,
  headers,
  url,
  redirects,
  links,
  attempts,
}: Pick<Called, 'status' | 'reason' | 'headers' | 'url' | 'redirects' | 'links' | 'attempts'>): Fields {
  const byName: Fields = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    byName[key] = Object.hasOwn(byName, key) ? `${byName[key]}, ${value}` : value;
  }
  return { status, reason, headers: byName, url, redirects: redirects.map((each) => ({ ...each })), links, attempts };
}
