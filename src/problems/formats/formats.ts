import type { Finding } from './finding.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { sarif } from './sarif.ts';

/** How problems are written for other programs. */
export const formats: Readonly<Record<'json' | 'github' | 'sarif', (findings: readonly Finding[]) => string>> = {
  json,
  github,
  sarif,
};
