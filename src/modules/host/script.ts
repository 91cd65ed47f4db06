import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { AuthorCode, Resource } from '../../model/resource.ts';
import { badArgs } from '../shared/args.ts';
import { outputResult, runAuthorCode } from '../shared/author-code.ts';
import { running, shellWords, stdin, text } from '../shared/params.ts';
import { decodeText } from '../shared/text.ts';

const params = Type.Object(
  {
    cmd: shellWords('A script of this machine, looked up beside the playbook and in `files/`, and its arguments.'),
    executable: Type.Optional(text('The program that reads it; what its first line says (`#!`), else `/bin/sh`.')),
    ...running,
    stdin,
  },
  { additionalProperties: false },
);

/** A script that lies on this machine and runs on the host, where nothing is left of it. */
export const script = {
  name: 'script',
  on: 'host',
  summary: 'A script of this machine has run on the host.',
  params,
  result: outputResult,
  examples: [
    { script: 'provision.sh --release {{params.version}}' },
    { script: { cmd: 'report.py', executable: '/usr/bin/python3' } },
    { script: { cmd: 'install-agent.sh', creates: '/opt/agent' } },
  ],
  idempotent: false,
  shorthand: 'cmd',
  shellText: { cmd: 'words' },
  async resource(params, context): Promise<Resource> {
    const [path, ...args] = params.cmd;
    if (path === undefined || path === '') throw badArgs('script', 'there is no script to run');
    const text = decodeText(await context.readFile(path, 'files'));
    if (text === undefined) {
      throw badArgs(
        'script',
        `${path} is not text in UTF-8`,
        'put a program there with copy, then run it with command',
      );
    }
    const reader = params.executable === undefined ? shebang(text) : { executable: params.executable };
    return runAuthorCode('script', { text, args, ...reader }, params, context);
  },
} satisfies HostModule<typeof params>;

/** The interpreter of the first line. As in the kernel, what follows it is one argument. */
function shebang(text: string): Pick<AuthorCode, 'executable' | 'options'> {
  const [, executable, option] = /^#![ \t]*(\S+)(?:[ \t]+(\S.*?))?[ \t\r]*(?:\n|$)/.exec(text) ?? [];
  if (executable === undefined) return {};
  return { executable, ...(option !== undefined && { options: [option] }) };
}
