import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { editFile, placeOf } from '../shared/edit.ts';
import { placeBlock } from '../shared/edit-block.ts';
import { choice, flag, text, writing } from '../shared/params.ts';
import { regexCompiler } from '../shared/regex.ts';

const params = Type.Object(
  {
    path: text('The file on the host.'),
    block: Type.Optional(Type.String({ description: 'The lines between the markers; empty takes the block out.' })),
    marker: Type.Optional(
      Type.String({
        description: 'The line around the block; `{mark}` becomes BEGIN and END.',
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        pattern: '\\{mark\\}',
      }),
    ),
    marker_begin: Type.Optional(text('What `{mark}` becomes before the block.', 'BEGIN')),
    marker_end: Type.Optional(text('What `{mark}` becomes after the block.', 'END')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the block is to be there.', 'present')),
    insertafter: Type.Optional(
      text('Where a new block goes: after the last line that fits this regular expression, or `EOF`.'),
    ),
    insertbefore: Type.Optional(
      text('Where a new block goes: before the last line that fits this regular expression, or `BOF`.'),
    ),
    create: Type.Optional(flag('Make the file when it is missing; otherwise that is a failure.')),
    prepend_newline: Type.Optional(flag('An empty line before the block, unless it is the first thing in the file.')),
    append_newline: Type.Optional(flag('An empty line after the block, unless it is the last thing in the file.')),
    ...writing,
  },
  { additionalProperties: false },
);

/** Several lines of a file that belongs to somebody else, between two markers. */
export const blockinfile = {
  name: 'blockinfile',
  on: 'host',
  summary: 'A file has these lines between two marker lines, or no such block.',
  params,
  result: { msg: 'What was done; empty when nothing was.' },
  examples: [
    { blockinfile: { path: '/etc/hosts', block: '192.0.2.7 db\n192.0.2.8 cache\n' } },
    { blockinfile: { path: '/etc/ssh/sshd_config', insertbefore: '^Match', block: 'PasswordAuthentication no' } },
    { blockinfile: { path: '/etc/shop.html', marker: '<!-- {mark} shop -->', state: 'absent' } },
  ],
  idempotent: true,
  exclusive: [['insertafter', 'insertbefore']],
  async resource(params): Promise<Resource> {
    checkArgs(blockinfile, params);
    const compile = await regexCompiler('blockinfile');
    const present = params.state !== 'absent';
    const wanted = {
      ...markers(params),
      block: params.block ?? '',
      place: placeOf(params, (param, pattern) => compile(param, pattern, 'line'), { after: [] }),
      create: params.create ?? false,
      spaceBefore: params.prepend_newline ?? false,
      spaceAfter: params.append_newline ?? false,
    };
    return editFile('blockinfile', params, (text) => placeBlock(text, wanted, present));
  },
} satisfies HostModule<typeof params>;

/** Both marker lines. They must be two different lines that can be found again, or each run would add a block. */
function markers(params: { marker?: string; marker_begin?: string; marker_end?: string }): {
  begin: string;
  end: string;
} {
  const marker = params.marker ?? '# {mark} ANSIBLE MANAGED BLOCK';
  if (!marker.includes('{mark}')) {
    throw badArgs('blockinfile', `marker "${marker}" has no {mark}`, 'write for example: # {mark} shop');
  }
  const begin = marker.replaceAll('{mark}', params.marker_begin ?? 'BEGIN');
  const end = marker.replaceAll('{mark}', params.marker_end ?? 'END');
  if (begin === end) throw badArgs('blockinfile', 'marker_begin and marker_end are the same');
  if (/[\r\n]/.test(begin + end)) throw badArgs('blockinfile', 'a marker is one line');
  return { begin, end };
}
