import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Edit, Resource } from '../../model/resource.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { editFile, placeOf } from '../shared/edit.ts';
import { ensureLine, removeLines } from '../shared/edit-line.ts';
import { choice, flag, text, writing } from '../shared/params.ts';
import { type Compile, type Regex, regexCompiler } from '../shared/regex.ts';
import { replacement } from '../shared/replacement.ts';
import { chomp } from '../shared/text.ts';

const params = Type.Object(
  {
    path: text('The file on the host.'),
    line: Type.Optional(Type.String({ description: 'The line; with `backrefs` it may hold `\\1` and `\\g<name>`.' })),
    regexp: Type.Optional(text('The line that `line` takes the place of, or the lines that go: a regular expression.')),
    search_string: Type.Optional(text('The same as plain text that the line holds.')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the line is to be there.', 'present')),
    insertafter: Type.Optional(
      text('Where a new line goes: after the last line that fits this regular expression, `BOF` or `EOF`.'),
    ),
    insertbefore: Type.Optional(
      text('Where a new line goes: before the last line that fits this regular expression, or `BOF`.'),
    ),
    backrefs: Type.Optional(flag('Fill groups of `regexp` into `line`; nothing is done when no line fits.')),
    firstmatch: Type.Optional(flag('Take the first line that fits, not the last.')),
    create: Type.Optional(flag('Make the file when it is missing; otherwise that is a failure.')),
    ...writing,
  },
  { additionalProperties: false },
);

/** One line of a file that belongs to somebody else. */
export const lineinfile = {
  name: 'lineinfile',
  on: 'host',
  summary: 'A file has one particular line, or none that fits a pattern.',
  params,
  result: {
    msg: 'What was done; empty when nothing was.',
    found: 'How many lines fitted before.',
  },
  examples: [
    { lineinfile: { path: '/etc/ssh/sshd_config', regexp: '^#?PermitRootLogin', line: 'PermitRootLogin no' } },
    { lineinfile: { path: '/etc/hosts', line: '192.0.2.7 db.internal', insertafter: '^127\\.0\\.0\\.1' } },
    { lineinfile: { path: '/etc/fstab', regexp: '\\sswap\\s', state: 'absent', backup: true } },
  ],
  idempotent: true,
  exclusive: [
    ['insertafter', 'insertbefore'],
    ['regexp', 'search_string'],
    ['backrefs', 'search_string'],
  ],
  requireOne: [['line', 'regexp', 'search_string']],
  async resource(params): Promise<Resource> {
    checkArgs(lineinfile, params);
    const compile = await regexCompiler('lineinfile');
    const transform = params.state === 'absent' ? absent(params, compile) : present(params, compile);
    return editFile('lineinfile', params, transform);
  },
} satisfies HostModule<typeof params>;

function present(params: Params, compile: Compile): Edit['transform'] {
  const line = params.line?.replace(/\r?\n$/, '');
  if (line === undefined) throw badArgs('lineinfile', 'line is missing', 'state: absent needs only a pattern');
  if (/[\r\n]/.test(line)) {
    throw badArgs('lineinfile', 'line holds several lines', 'blockinfile keeps several lines together');
  }
  const regexp = compiled('regexp', params.regexp, compile);
  if (params.backrefs && regexp === undefined) throw badArgs('lineinfile', 'backrefs needs regexp');
  const instead = regexp ?? params.search_string;
  const wanted = {
    line,
    ...(instead !== undefined && { instead }),
    ...(params.backrefs && regexp && { expand: replacement('lineinfile', 'line', line, regexp) }),
    place: placeOf(params, (param, pattern) => compile(param, pattern, 'line'), { after: ['BOF'] }),
    first: params.firstmatch ?? false,
    create: params.create ?? false,
  };
  return (text) => ensureLine(text, wanted);
}

function absent(params: Params, compile: Compile): Edit['transform'] {
  const regexp = compiled('regexp', params.regexp, compile);
  const search = params.search_string;
  const fits = (line: string): boolean =>
    regexp !== undefined
      ? regexp.test(line)
      : search !== undefined
        ? line.includes(search)
        : chomp(line) === params.line;
  return (text) => removeLines(text, fits);
}

function compiled(param: string, pattern: string | undefined, compile: Compile): Regex | undefined {
  return pattern === undefined ? undefined : compile(param, pattern, 'line');
}

type Params = Static<typeof params>;
