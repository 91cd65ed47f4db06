import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { listed } from '../shared/packages.ts';
import { choice, mode, text, wordList } from '../shared/params.ts';
import { writeFile } from '../shared/write.ts';
import { writtenAttributes } from '../shared/written-attributes.ts';

const yesNo = (description: string) => Type.Optional(Type.Boolean({ description }));

const params = Type.Object(
  {
    name: text('What the source is called; its file is named after it: small letters, digits and `-`.'),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the source is to be there.', 'present')),
    types: Type.Optional(
      Type.Array(choice(['deb', 'deb-src'], 'One of them.'), {
        description: '`deb` for packages, `deb-src` for their sources; `[deb]` when not said.',
      }),
    ),
    uris: Type.Optional(wordList('Addresses of the repository.')),
    suites: Type.Optional(wordList('Suites as `bookworm`, or an exact path that ends in `/`.')),
    components: Type.Optional(wordList('Components as `main`; none where the suite is an exact path.')),
    signed_by: Type.Optional(
      text(
        'The key that signs the repository: the path of a keyring on the host, a fingerprint, or the armored key itself.',
      ),
    ),
    enabled: yesNo('`false`: apt passes over it.'),
    architectures: Type.Optional(wordList('Only these architectures.')),
    languages: Type.Optional(wordList('Translations to fetch: `none` for no language at all.')),
    targets: Type.Optional(wordList('What else to fetch, as `Contents-deb`.')),
    trusted: yesNo('`true`: take the packages for authentic although nothing is signed.'),
    allow_insecure: yesNo('Whether to use the repository although it is not signed.'),
    allow_weak: yesNo('Whether to accept weak signatures.'),
    allow_downgrade_to_insecure: yesNo('Whether it may cease to be signed.'),
    by_hash: yesNo('Whether to fetch lists by their checksum.'),
    check_date: yesNo('Whether to mistrust lists of the future.'),
    check_valid_until: yesNo('Whether to mistrust lists that have run out.'),
    pdiffs: yesNo('Whether to fetch only differences of lists.'),
    mode: Type.Optional(mode('Permissions of the file; `0644` when not said.')),
  },
  { additionalProperties: false },
);

/** A source of packages in apt's newer format, deb822. */
export const deb822Repository = {
  name: 'deb822_repository',
  on: 'host',
  summary:
    'The package manager apt has a source of packages, in a file of its own, or has it not; its lists are fetched by the `apt` task that follows.',
  params,
  result: { dest: 'The path of the file.', repo: 'Its text; empty when it is to be absent.' },
  examples: [
    {
      deb822_repository: {
        name: 'docker',
        uris: 'https://download.docker.com/linux/debian',
        suites: 'bookworm',
        components: 'stable',
        architectures: 'amd64',
        signed_by: '/etc/apt/keyrings/docker.asc',
      },
    },
    {
      deb822_repository: {
        name: 'backports',
        uris: ['http://deb.debian.org/debian'],
        suites: ['bookworm-backports'],
        components: ['main', 'contrib'],
      },
    },
    { deb822_repository: { name: 'docker', state: 'absent' } },
  ],
  idempotent: true,
  resource(asked): Converge {
    const { state = 'present' } = asked;
    const dest = `/etc/apt/sources.list.d/${slug(asked.name)}.sources`;
    if (state === 'absent') {
      return {
        kind: 'converge',
        probe: [{ stat: dest, fields: [] }],
        expect: 'absent',
        apply: sh`rm -f -- ${dest}`,
        only: dest,
        result: () => ({ dest, repo: '' }),
      };
    }
    const repo = stanza(asked);
    const attributes = writtenAttributes('deb822_repository', { mode: asked.mode ?? '0644' });
    return {
      ...writeFile({ dest, bytes: new TextEncoder().encode(repo), attributes }),
      result: () => ({ dest, repo }),
    };
  },
} satisfies HostModule<typeof params>;

function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-')
    .replaceAll(/[^a-z0-9-]+/g, '');
  if (plain === '') throw badArgs('deb822_repository', `name "${name}" has no letters or digits to name a file after`);
  return plain;
}

/** Fields in the order of their parameters' names, which keeps a file that Ansible wrote as it is. */
function stanza(asked: Static<typeof params>): string {
  const { state: _, mode: __, uris, suites, components, types = ['deb'], signed_by, ...rest } = asked;
  const lists = { uris: listed(uris), suites: listed(suites), components: listed(components) };
  for (const needed of ['uris', 'suites'] as const)
    if (lists[needed].length === 0) throw badArgs('deb822_repository', `${needed} is missing`);
  const exact = lists.suites.every((suite) => suite.endsWith('/'));
  if (exact !== (lists.components.length === 0)) {
    throw badArgs(
      'deb822_repository',
      exact ? 'components do not go with a suite that ends in /' : 'components is missing',
      'a suite that ends in / is an exact path and has no components; any other has',
    );
  }
  if (signed_by?.includes('://')) {
    throw badArgs(
      'deb822_repository',
      `signed_by "${signed_by}" is an address`,
      'fetch the key with get_url first, and name its path',
    );
  }
  const fields = { ...rest, ...lists, types, ...(signed_by !== undefined && { signed_by: several(signed_by) }) };
  return Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([param, value]) => [fieldName(param), fieldText(param, value)] as const)
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `${field}:${value.startsWith('\n') ? '' : ' '}${value}\n`)
    .join('');
}

function fieldName(param: string): string {
  if (param === 'name') return 'X-Repolib-Name';
  if (param === 'uris') return 'URIs';
  return param
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-');
}

function fieldText(param: string, value: string | boolean | string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const words = param === 'name' || param === 'signed_by' ? String(value) : listed(value).join(' ');
  if (/[\r\n]/.test(words) && param !== 'signed_by') throw badArgs('deb822_repository', `${param} holds several lines`);
  return words;
}

/** A text of several lines: each is indented, and an empty one is a dot. */
function several(key: string): string {
  const lines = key
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  return lines.length === 1 ? (lines[0] ?? '') : lines.map((line) => `\n    ${line || '.'}`).join('');
}
