import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { outputResult, runAuthorCode, shellCode } from '../shared/author-code.ts';
import { shellText, text } from '../shared/params.ts';

const params = Type.Object(
  {
    cmd: shellText('Shell text. A `{{value}}` reaches it as a variable, so it cannot break out of any quotes.'),
    executable: Type.Optional(text('The shell that reads it.', '/bin/sh')),
  },
  { additionalProperties: false },
);

/** `shell` without its parameters. No module of ours needs more on the host than a shell, so there is nothing else to be raw about. */
export const raw = {
  name: 'raw',
  on: 'host',
  summary:
    'Shell text has run, and nothing around it. For playbooks from Ansible, where all other modules need Python on the host; here `shell` needs no more than this.',
  params,
  result: outputResult,
  examples: [
    { raw: 'uptime' },
    { raw: { cmd: 'command -v python3 || apk add python3' }, register: 'python' },
    { raw: { cmd: 'echo ${BASH_VERSINFO[0]}', executable: '/bin/bash' } },
  ],
  idempotent: false,
  shorthand: 'cmd',
  shellText: { cmd: 'text' },
  resource(params, context): Resource {
    return runAuthorCode('raw', shellCode('raw', params), {}, context);
  },
} satisfies HostModule<typeof params>;
