import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { hostPath } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { algorithms, readStat, statFields, statText } from '../shared/stat-text.ts';

const params = Type.Object(
  {
    path: text('The path on the host.'),
    follow: Type.Optional(flag('Look at what a link leads to and not at the link.')),
    get_checksum: Type.Optional(flag('Read the file for its checksum.', true)),
    checksum_algorithm: Type.Optional(choice([...algorithms], 'The kind of checksum.', 'sha256')),
  },
  { additionalProperties: false },
);

/** What is known about a path. It only reads, so it runs in check mode too. */
export const stat = {
  name: 'stat',
  on: 'host',
  summary: 'It is known whether a path exists and what it is.',
  params,
  result: { stat: 'Everything about the path; what does not apply is null.', ...statFields },
  examples: [
    { stat: { path: '/etc/shop.conf' } },
    { stat: { path: '/srv/shop/current', follow: true } },
    { stat: { path: '/var/lib/shop/data.db', get_checksum: false } },
    { stat: { path: '/srv/shop.tar.gz', checksum_algorithm: 'sha512' } },
  ],
  idempotent: true,
  shorthand: 'path',
  resource(params): Resource {
    const bare = hostPath('stat', 'path', params.path);
    // As in a shell, a slash behind a link is a look at the directory that it leads to.
    const path = params.path.endsWith('/') && bare !== '/' ? `${bare}/` : bare;
    return {
      kind: 'action',
      reads: true,
      run: statText(path, {
        follow: params.follow ?? false,
        ...(params.get_checksum !== false && { checksum: params.checksum_algorithm ?? 'sha256' }),
      }),
      result: ({ stdout }) => ({ stat: readStat(path, stdout) }),
    };
  },
} satisfies HostModule<typeof params>;
