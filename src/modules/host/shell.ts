import { posix } from 'node:path';
import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs } from '../shared/args.ts';
import { outputResult, runAuthorCode } from '../shared/author-code.ts';
import { running, shellText, stdin, text } from '../shared/params.ts';

const params = Type.Object(
  {
    cmd: shellText('Shell text. A `{{value}}` reaches it as a variable, so it cannot break out of any quotes.'),
    executable: Type.Optional(text('The shell that reads it.', '/bin/sh')),
    ...running,
    stdin,
  },
  { additionalProperties: false },
);

/** Shells that understand how values are handed over: assignments, and `"$name"` in the text. */
const posixShells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'ksh93', 'mksh', 'zsh', 'yash']);

/** Shell text of the author, in a process of its own. */
export const shell = {
  name: 'shell',
  on: 'host',
  summary: 'Shell text has run.',
  params,
  result: outputResult,
  examples: [
    { shell: 'pg_dump {{database}} | gzip > {{backup}}' },
    { shell: { cmd: 'npm ci && npm run build', chdir: '/srv/shop', creates: '/srv/shop/dist' } },
    { shell: { cmd: 'shopt -s globstar; cat **/*.log | wc -l', executable: '/bin/bash' } },
  ],
  idempotent: false,
  shorthand: 'cmd',
  shellText: { cmd: 'text' },
  resource(params, context): Resource {
    const { executable, cmd } = params;
    const hasValues = Object.keys(cmd.assign).length > 0;
    if (executable !== undefined && hasValues && !posixShells.has(posix.basename(executable))) {
      throw badArgs('shell', `{{ }} cannot reach ${executable}, which is no POSIX shell`, 'hand values over with env:');
    }
    const code = { text: cmd.text, assign: cmd.assign, ...(executable !== undefined && { executable }) };
    return runAuthorCode('shell', code, params, context);
  },
} satisfies HostModule<typeof params>;
