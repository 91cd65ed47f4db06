import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { aptRefresh } from '../shared/apt.ts';
import { badArgs } from '../shared/args.ts';
import { withProgram } from '../shared/packages.ts';
import { choice, flag, mode, text } from '../shared/params.ts';
import { modeOfNew } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    repo: text('The source, one line as in `sources.list`: `deb https://example.com/debian bookworm main`.'),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the source is to be there.', 'present')),
    filename: Type.Optional(
      text(
        'The file that a new source goes to, in `sources.list.d` unless it is a full path; `.list` is added. Named after the address when not said.',
      ),
    ),
    mode: Type.Optional(mode('Permissions of a file that is made; `0644` when not said.')),
    update_cache: Type.Optional(
      flag('Fetch the lists of packages after a change; when that fails, the source is taken out again.', true),
    ),
  },
  { additionalProperties: false },
);

/** A source of packages in apt's older format: one line of a file. */
export const aptRepository = {
  name: 'apt_repository',
  on: 'host',
  summary:
    'The package manager apt has a source of packages, as one line of any of its files, or has it nowhere; `deb822_repository` is for the newer format.',
  params,
  result: { repo: 'The source.', state: 'The state that was asked for.' },
  examples: [
    { apt_repository: { repo: 'deb http://deb.debian.org/debian bookworm-backports main', filename: 'backports' } },
    {
      apt_repository: {
        repo: 'deb [signed-by=/etc/apt/keyrings/shop.asc] https://apt.example.com stable main',
        update_cache: false,
      },
    },
    { apt_repository: { repo: 'deb http://deb.debian.org/debian bookworm-backports main', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'repo',
  resource(asked): Converge {
    const { state = 'present', update_cache = true } = asked;
    const line = sourceLine(asked.repo);
    const parts = joinSh([places, find, state === 'absent' || update_cache ? removal : raw(':')]);
    const change = state === 'absent' ? sh`play_src_remove ${line}` : addition(line, asked);
    const undo = state === 'absent' ? raw('false') : sh`{ play_src_remove ${line}; false; }`;
    const work = update_cache ? sh`${aptRefresh({})}\n${change} && { play_pkg_refresh || ${undo}; }` : change;
    return {
      kind: 'converge',
      probe: [{ sh: withProgram('apt-get', joinSh([places, find, sh`play_src_find ${line}`])) }],
      expect: state,
      apply: joinSh([parts, work]),
      result: () => ({ repo: line, state }),
    };
  },
} satisfies HostModule<typeof params>;

/** With one blank between its words; that is also how lines of files are compared. */
function sourceLine(repo: string): string {
  if (/[\r\n]/.test(repo.trim())) throw badArgs('apt_repository', 'repo holds several lines', 'use a loop');
  if (repo.startsWith('ppa:'))
    throw badArgs(
      'apt_repository',
      `repo "${repo}" is a PPA, whose key would have to be fetched`,
      'use deb822_repository with its address and key',
    );
  const line = repo.trim().replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');
  if (!/^deb(-src)? (\[[^\]]*\] )?\S+ (\S+\/|\S+( \S+)+)$/.test(line))
    throw badArgs(
      'apt_repository',
      `repo "${repo}" is not a source`,
      'as "deb https://example.com/debian bookworm main"',
    );
  if (line.includes('#')) throw badArgs('apt_repository', 'repo holds a comment');
  return line;
}

/** play_src_l and play_src_d: apt's file and its folder of files. */
const places = raw(`play_src_l=/etc/apt/sources.list
play_src_d=/etc/apt/sources.list.d/
if command -v apt-config >/dev/null 2>&1; then eval "$(apt-config shell play_src_l Dir::Etc::sourcelist/f play_src_d Dir::Etc::sourceparts/d)"; fi`);

/** A line without its comment, with one blank between its words. */
const awkPlain = `function plain(text) {
  sub(/#.*/, "", text); gsub(/[ \\t\\r]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text)
  sub(/\\[ /, "[", text); sub(/ \\]/, "]", text)
  return text
}`;

const find = sh`play_src_find() {
play_src_s=absent
for play_src_x in "$play_src_l" "$play_src_d"*.list; do
[ -f "$play_src_x" ] || continue
if [ -n "$(WANTED=$1 awk ${`${awkPlain}\nplain($0) == ENVIRON["WANTED"] { print "x" }`} "$play_src_x")" ]; then play_src_s=present; fi
done
echo "$play_src_s"
}`;

/** Takes the line out of every file; a file of the folder in which nothing is left goes too. */
const removal = sh`play_src_remove() {
for play_src_x in "$play_src_l" "$play_src_d"*.list; do
[ -f "$play_src_x" ] || continue
[ -n "$(WANTED=$1 awk ${`${awkPlain}\nplain($0) == ENVIRON["WANTED"] { print "x" }`} "$play_src_x")" ] || continue
play_src_t=$(WANTED=$1 awk ${`${awkPlain}\nplain($0) != ENVIRON["WANTED"]`} "$play_src_x") || return 1
if [ -z "$play_src_t" ] && [ "$play_src_x" != "$play_src_l" ]; then rm -f -- "$play_src_x" || return 1
else printf '%s\\n' "$play_src_t" >"$play_src_x" || return 1; fi
done
}`;

/** A line that is commented out is used again; else it goes to the end of its file. */
function addition(line: string, { filename, mode: asked }: Static<typeof params>): Sh {
  const name = filename ?? fileName(line);
  const file = name.includes('/') ? sh`${withEnding(name)}` : sh`"$play_src_d"${withEnding(name)}`;
  const four = asked === undefined ? '0644' : modeOfNew('apt_repository', asked, 'file');
  return sh`for play_src_x in "$play_src_l" "$play_src_d"*.list; do
[ -f "$play_src_x" ] || continue
play_src_t=$(WANTED=${line} awk ${`${awkPlain}
{ bare = $0; if (sub(/^[ \t]*#+[ \t]*/, "", bare) && plain(bare) == ENVIRON["WANTED"]) { print ENVIRON["WANTED"]; found = 1 } else print }
END { exit !found }`} "$play_src_x") && printf '%s\\n' "$play_src_t" >"$play_src_x"
done
if [ "$(play_src_find ${line})" = absent ]; then
play_src_x=${file}
{ [ -e "$play_src_x" ] || { : >"$play_src_x" && chmod ${four} "$play_src_x"; }; } && printf '%s\\n' ${line} >>"$play_src_x"
fi`;
}

function withEnding(name: string): string {
  if (/[\r\n]/.test(name)) throw badArgs('apt_repository', 'filename holds several lines');
  return name.endsWith('.list') ? name : `${name}.list`;
}

/** Named after the address, without protocol and account, as Ansible does. */
function fileName(line: string): string {
  const address = line.replace(/^deb(-src)? (\[[^\]]*\] )?/, '').split(' ')[0] ?? '';
  const plain = address.replace(/^\w+:\/\//, '').replace(/^[^@/]*@/, '');
  return posix.basename(plain.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')) || 'source';
}
