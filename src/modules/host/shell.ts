import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { outputResult, runAuthorCode, shellCode } from '../shared/author-code.ts';
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
    return runAuthorCode('shell', shellCode('shell', params), params, context);
  },
} satisfies HostModule<typeof params>;
