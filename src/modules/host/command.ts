import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { outputResult, runAuthorCode } from '../shared/author-code.ts';
import { running, shellWords, stdin } from '../shared/params.ts';

const params = Type.Object(
  {
    cmd: Type.Optional(
      shellWords('The program and its arguments, quoted as in a shell; `$`, `*`, `|` and `>` mean nothing here.'),
    ),
    argv: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number()]), {
        description: 'The program and its arguments, one a list item, taken exactly as they are.',
        minItems: 1,
      }),
    ),
    ...running,
    stdin,
  },
  { additionalProperties: false },
);

/** One program, without a shell. */
export const command = {
  name: 'command',
  on: 'host',
  summary: 'A program has run, without a shell in between.',
  params,
  result: outputResult,
  examples: [
    { command: '/srv/shop/bin/migrate --to {{params.version}}' },
    { command: { argv: ['tar', 'xzf', '/tmp/shop.tar.gz'], chdir: '/srv/shop', creates: '/srv/shop/bin' } },
    { command: { cmd: 'chpasswd', stdin: 'shop:{{password}}' } },
  ],
  idempotent: false,
  shorthand: 'cmd',
  shellText: { cmd: 'words' },
  exclusive: [['cmd', 'argv']],
  requireOne: [['cmd', 'argv']],
  resource(params, context): Resource {
    checkArgs(command, params);
    const argv = (params.cmd ?? params.argv ?? []).map(String);
    if (argv.length === 0 || argv[0] === '') throw badArgs('command', 'there is no program to run');
    return runAuthorCode('command', { argv }, params, context);
  },
} satisfies HostModule<typeof params>;
