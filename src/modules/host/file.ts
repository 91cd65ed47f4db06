import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { attributesOf } from '../shared/attributes.ts';
import { absent, directory, existing, hard, link, touch } from '../shared/file-states.ts';
import { attributes, choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    path: text('The path on the host.'),
    state: Type.Optional(
      choice(
        ['file', 'directory', 'link', 'hard', 'touch', 'absent'],
        'What the path is to be: `directory` (parents are made too), `link` to `src`, `hard` link to `src`, `touch` (an empty file, or the time of now), `absent`, `file` (must be there). Not said: whatever is there.',
      ),
    ),
    src: Type.Optional(text('What a link leads to; a relative one is relative to the directory of the link.')),
    ...attributes,
    recurse: Type.Optional(flag('Give owner, group and mode to everything below a directory too.')),
    force: Type.Optional(flag('Replace what is in the way of a link, and make links to what does not exist.')),
    modification_time: Type.Optional(
      choice(
        ['preserve', 'now'],
        'With `touch`: whether a file that is there keeps the time of its last change.',
        'now',
      ),
    ),
    access_time: Type.Optional(
      choice(
        ['preserve', 'now'],
        'The same of its last reading; with both, `touch` changes nothing once the file is there.',
        'now',
      ),
    ),
    follow: Type.Optional(flag('Treat a link as what it leads to.', true)),
  },
  { additionalProperties: false },
);

/** Files, directories and links as they are to be, whatever is inside. */
export const file = {
  name: 'file',
  on: 'host',
  summary: 'A path is a file, a directory or a link with these attributes, or does not exist.',
  params,
  result: {
    path: 'The path that is managed.',
    state: 'The state that was asked for; empty when none was.',
  },
  examples: [
    { file: { path: '/srv/shop/releases', state: 'directory', owner: 'shop', mode: '0750' } },
    { file: { path: '/srv/shop/current', state: 'link', src: 'releases/1.4.0' } },
    { file: { path: '/tmp/shop.lock', state: 'absent' } },
    { file: { path: '/var/log/shop.log', state: 'touch', access_time: 'preserve', modification_time: 'preserve' } },
  ],
  idempotent: true,
  resource(params): Resource {
    const path = hostPath('file', 'path', params.path);
    return { ...resourceOf(path, params), result: () => ({ path, state: params.state ?? '' }) };
  },
} satisfies HostModule<typeof params>;

function resourceOf(path: string, params: Params): Resource {
  const state = { path, attributes: attributesOf('file', params), follow: params.follow ?? true };
  const force = params.force ?? false;
  if (params.recurse && params.state !== 'directory') {
    throw badArgs('file', 'recurse is for state: directory');
  }
  if (params.state !== 'touch' && (params.modification_time ?? params.access_time) !== undefined) {
    throw badArgs('file', 'modification_time and access_time are for state: touch');
  }
  switch (params.state) {
    case 'absent':
      if (['/', '.', '..'].includes(posix.normalize(path))) throw badArgs('file', `will not remove ${params.path}`);
      return absent(path);
    case 'directory':
      return directory(state, params.recurse ?? false);
    case 'link':
      return link(state, source(params), force);
    case 'hard':
      return hard(state, source(params), force);
    case 'touch':
      return touch(state, {
        modified: params.modification_time === 'preserve',
        accessed: params.access_time === 'preserve',
      });
    default:
      if (params.src !== undefined) throw badArgs('file', 'src needs state: link or state: hard');
      return existing(state, params.state === 'file');
  }
}

function source(params: Params): string {
  if (params.src === undefined) throw badArgs('file', `state: ${params.state} needs src`, 'src: says where it leads');
  return params.state === 'hard' ? hostPath('file', 'src', params.src) : params.src;
}

type Params = Static<typeof params>;
