import type { Finding } from './finding.ts';

/** A JSON list, one object a problem, the place spread into it. */
export function json(findings: readonly Finding[]): string {
  const list = findings.map(({ place, related, ...finding }) => ({ ...finding, ...place, related }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
