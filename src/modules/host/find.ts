import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Verdict } from '../../model/resource.ts';
import { nameTest } from '../../util/name-pattern.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { checkExtended } from '../shared/extended-regex.ts';
import { kindFields, permissionFields } from '../shared/file-kind.ts';
import { type Answer, type Found, readFound, type Search, searchText } from '../shared/found-files.ts';
import { choice, flag, text } from '../shared/params.ts';
import { regexCompiler } from '../shared/regex.ts';

const list = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))], { description });
const amount = (description: string, units: string) =>
  Type.Union([Type.String({ pattern: `^-?[0-9]+[${units}${units.toUpperCase()}]?$` }), Type.Integer()], {
    description,
  });

const params = Type.Object(
  {
    paths: list('The directories to look in: a list, or text with commas in between.'),
    patterns: Type.Optional(
      list(
        'Names to find, as shell patterns (`*.log`); one of them is enough. A list, or text with commas in between.',
      ),
    ),
    excludes: Type.Optional(list('Names to leave out, of the same kind as `patterns`.')),
    use_regex: Type.Optional(
      flag('`patterns` and `excludes` are regular expressions, which fit the start of a name; a text is one of them.'),
    ),
    file_type: Type.Optional(choice(['file', 'directory', 'link', 'any'], 'What to find.', 'file')),
    recurse: Type.Optional(flag('Look in the directories below, too, hidden ones included.')),
    depth: Type.Optional(Type.Integer({ description: 'How many levels to go down with `recurse`.', minimum: 1 })),
    hidden: Type.Optional(flag('Find names that begin with a dot, too.')),
    age: Type.Optional(
      amount(
        'Only what is at least this old: `2d`; negative: at most. Units: `s` (when not said), `m`, `h`, `d`, `w`.',
        'smhdw',
      ),
    ),
    age_stamp: Type.Optional(choice(['mtime', 'atime', 'ctime'], 'The time that `age` is about.', 'mtime')),
    size: Type.Optional(
      amount(
        'Only files of at least this size: `10m`; negative: at most. Units: `b` (when not said), `k`, `m`, `g`, `t`, by 1024.',
        'bkmgt',
      ),
    ),
    contains: Type.Optional(
      text(
        'Only files with a line whose start fits this extended regular expression; `.*` before it lets it be anywhere in a line.',
      ),
    ),
    follow: Type.Optional(flag('Go into directories that links lead to.')),
    get_checksum: Type.Optional(flag('Read the files for their sha256.')),
    limit: Type.Optional(Type.Integer({ description: 'At most so many, the first by path.', minimum: 1 })),
  },
  { additionalProperties: false },
);

/** What there is below directories. It only reads, so it runs in check mode too. */
export const find = {
  name: 'find',
  on: 'host',
  summary: 'It is known which files below some directories have certain names, ages, sizes or contents.',
  params,
  result: {
    files: 'What was found, sorted by path.',
    matched: 'How many they are.',
    msg: '`All paths examined`, or that some were not.',
    skipped_paths: 'The directories that could not be looked through, or not all of them: path → why.',
    'files.path': 'Its path.',
    'files.mode': 'Permissions as four octal digits.',
    ...inFiles(kindFields),
    ...inFiles(permissionFields),
    'files.uid': 'Number of the owner.',
    'files.gid': 'Number of the group.',
    'files.pw_name': 'Name of the owner.',
    'files.gr_name': 'Name of the group.',
    'files.size': 'Length in bytes.',
    'files.mtime': 'Time of the last change of the content, in seconds since 1970.',
    'files.atime': 'Time of the last reading, in seconds since 1970.',
    'files.ctime': 'Time of the last change of content or attributes, in seconds since 1970.',
    'files.inode': 'Number of the inode.',
    'files.dev': 'Number of the device that it is on.',
    'files.nlink': 'How many names the file has.',
    'files.checksum': 'The sha256 of a regular file, with `get_checksum`.',
  },
  examples: [
    { find: { paths: '/var/log/shop', patterns: '*.log,*.gz', age: '4w', recurse: true }, register: 'old' },
    { find: { paths: ['/srv', '/opt'], file_type: 'directory', use_regex: true, patterns: ['release-[0-9]+$'] } },
    { find: { paths: '/etc/nginx/conf.d', contains: '.*ssl_certificate', hidden: true } },
    { find: { paths: '/home', recurse: true, size: '1g', excludes: '*.iso' } },
  ],
  idempotent: true,
  async resource(params): Promise<Resource> {
    const search = searchOf(params);
    const fits = await filter(params, search);
    return {
      kind: 'action',
      reads: true,
      run: searchText(search),
      judge: ({ rc, stdout }) =>
        rc === 0 ? verdictOf(readFound(stdout, search), fits, params.limit) : { status: 'failed', fields: {} },
    };
  },
} satisfies HostModule<typeof params>;

function searchOf(params: Params): Search {
  const { file_type: type = 'file', size, contains } = params;
  checkExtended('find', 'contains', contains);
  if (contains !== undefined && type !== 'file') throw badArgs('find', 'contains needs file_type: file');
  const depth = params.recurse ? params.depth : 1;
  return {
    paths: wordsOf(params.paths).map((path) => hostPath('find', 'paths', path)),
    type,
    names: params.use_regex ? [] : wordsOf(params.patterns ?? []),
    hidden: params.hidden ?? false,
    ...(depth !== undefined && { depth }),
    follow: params.follow ?? false,
    ...(size !== undefined && { size: amountOf(size, { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }) }),
    ...(contains !== undefined && { contains }),
    checksum: params.get_checksum ?? false,
  };
}

type Fits = (found: Found, now: number) => boolean;

/** Everything that the host has not been asked, or could not tell for sure. */
async function filter(params: Params, { type, size }: Search): Promise<Fits> {
  const wanted = await anyOf('patterns', params);
  const unwanted = await anyOf('excludes', params);
  const { age, age_stamp = 'mtime' } = params;
  const seconds = age === undefined ? undefined : amountOf(age, { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 });
  const types = { file: 0o100000, directory: 0o040000, link: 0o120000 };
  return ({ name, mode, size: bytes, times }, now) => {
    const kind = mode & 0o170000;
    if (type !== 'any' && kind !== types[type]) return false;
    if (size !== undefined && kind === types.file && !within(size, bytes)) return false;
    if (seconds !== undefined && !within(seconds, now - times[age_stamp])) return false;
    return (wanted?.(name) ?? true) && !unwanted?.(name);
  };
}

/** Whether a name fits one of the patterns; undefined: there are none. */
async function anyOf(param: 'patterns' | 'excludes', params: Params): Promise<((name: string) => boolean) | undefined> {
  const given = params[param];
  if (given === undefined) return undefined;
  if (!params.use_regex) {
    const tests = wordsOf(given).map(nameTest);
    return (name) => tests.some((test) => test(name));
  }
  const compile = await regexCompiler('find');
  const regexes = [given].flat().map((pattern) => compile(param, pattern, 'text'));
  return (name) => regexes.some((regex) => regex.find(name)?.start === 0);
}

/** At least the limit, or at most where it is negative. */
function within(limit: number, value: number): boolean {
  return limit < 0 ? value <= -limit : value >= limit;
}

function amountOf(amount: string | number, units: Record<string, number>): number {
  const [, number, unit = ''] = /^(-?[0-9]+)([a-z]?)$/.exec(String(amount).toLowerCase()) ?? [];
  return Number(number) * (units[unit] ?? 1);
}

function wordsOf(list: string | string[]): string[] {
  return typeof list === 'string'
    ? list
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
    : list;
}

/** Directories that were passed over are told: what was not found may well be there. */
function verdictOf({ found, now, skipped }: Answer, fits: Fits, limit?: number): Verdict {
  const files = found
    .filter((one) => fits(one, now))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map((one) => one.fields);
  const passed = Object.entries(skipped).map(([path, why]) => `${path} ${why}`);
  const msg = passed.length === 0 ? 'All paths examined' : 'Not all paths examined';
  return {
    status: 'ok',
    fields: { files, matched: files.length, msg, skipped_paths: skipped },
    ...(passed.length > 0 && { message: `not all paths examined: ${passed.join('; ')}` }),
  };
}

function inFiles(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, sentence]) => [`files.${name}`, sentence]));
}

type Params = Static<typeof params>;
