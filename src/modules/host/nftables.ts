import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { attributes, choice, flag, text } from '../shared/params.ts';
import { decodeText } from '../shared/text.ts';
import { writeFile, writeResult } from '../shared/write.ts';
import { attributeShellWords, expectFile, settleMode, writtenAttributes } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: Type.Optional(text('A ruleset of this machine, looked up beside the playbook and in `files/`.')),
    content: Type.Optional(text('The ruleset itself.')),
    dest: Type.Optional(text('The file on the host.', '/etc/nftables.conf')),
    state: Type.Optional(
      choice(
        ['loaded', 'present'],
        '`loaded`: in the file and in the kernel, in one step or not at all. `present`: only in the file, after nft has checked it.',
        'loaded',
      ),
    ),
    backup: Type.Optional(flag('Keep the old file beside the new one, with the UTC time in its name.')),
    ...attributes,
  },
  { additionalProperties: false },
);

/** The rules of the packet filter as one file. Loaded when the file changes, or when a table of it is missing in the kernel. */
export const nftables = {
  name: 'nftables',
  on: 'host',
  summary: 'A file has this nftables ruleset, which nft has accepted, and its tables are loaded.',
  params,
  result: { ...writeResult, tables: 'The tables that the ruleset names: `inet filter`.' },
  examples: [
    { nftables: { src: 'nftables.conf', mode: '0600' } },
    {
      nftables: {
        dest: '/etc/nftables.d/shop.nft',
        content:
          'table inet shop\nflush table inet shop\ntable inet shop {\n  chain input {\n    type filter hook input priority 0\n    tcp dport 8080 drop\n  }\n}\n',
      },
    },
    { nftables: { src: 'next.nft', dest: '/etc/nftables.next', state: 'present', backup: true } },
  ],
  idempotent: true,
  reads: { src: 'files' },
  exclusive: [['src', 'content']],
  requireOne: [['src', 'content']],
  async resource(params, context): Promise<Converge> {
    checkArgs(nftables, params);
    const { src, content = '', state = 'loaded', backup } = params;
    const bytes = src === undefined ? new TextEncoder().encode(content) : await context.readFile(src, 'files');
    const tables = tablesOf(bytes, state);
    const dest = hostPath('nftables', 'dest', params.dest ?? '/etc/nftables.conf');
    const attributes = writtenAttributes('nftables', params);
    // Loading is a check, too: nft takes all of a file or nothing. What it refuses leaves the file and the kernel as they were.
    const validate = state === 'loaded' ? 'nft -f %s' : 'nft -c -f %s';
    const file = writeFile({ dest, bytes, attributes, validate, ...(backup !== undefined && { backup }) });
    const [look, sum] = file.probe;
    if (look === undefined || sum === undefined || file.content === undefined) throw new Error('not a file');
    const summed = `sha256 ${file.content.sha256}`;
    const loaded = state === 'loaded' ? tables : [];
    return {
      ...file,
      probe: [{ sh: needsNft }, look, ...(loaded.length > 0 ? [{ sh: tableLines(loaded) }] : []), sum],
      expect: expectFile(attributes, {
        before: ['nft is there'],
        after: [...loaded.map((table) => `table ${table} loaded`), summed].join('\n'),
      }),
      apply: sh`${settleMode(attributes)}case $play_o in
*${summed}) { case $play_o in *'not loaded'*) nft -f ${dest} ;; esac; } && play_attr ${dest} ${attributeShellWords(attributes)} ;;
*) ${file.apply} ;;
esac`,
      result: (outcome) => ({ ...file.result?.(outcome), tables }),
    };
  },
} satisfies HostModule<typeof params>;

const needsNft = sh`if command -v nft >/dev/null 2>&1; then echo 'nft is there'
else echo 'there is no nft here; it is part of the package nftables' >&2; (exit 10); fi`;

/** The tables that the text makes, by family and name; without a family it is `ip` (nft(8)). */
function tablesOf(bytes: Uint8Array, state: 'loaded' | 'present'): string[] {
  const rules = decodeText(bytes);
  if (rules === undefined) throw badArgs('nftables', 'the ruleset is not text');
  const plain = rules.replaceAll(/^\s*#.*$/gm, '');
  if (state === 'loaded' && !/(^|[;}\s])(flush|delete|destroy)\s+(ruleset|table)\b/.test(plain)) {
    throw badArgs(
      'nftables',
      'the ruleset takes no old rules away, so that loading it again would double them',
      'begin it with "flush ruleset", or for one table: "table inet shop" and "flush table inet shop"',
    );
  }
  const made = plain.matchAll(
    /(?:^|[;}])\s*(?:add\s+|create\s+)?table\s+(?:(ip|ip6|inet|arp|bridge|netdev)\s+)?([A-Za-z_][\w/.\\-]*)\s*(?:[{;]|$)/gm,
  );
  return [...new Set([...made].map(([, family = 'ip', name]) => `${family} ${name}`))];
}

/** A line for each table. What is in it is not compared: the kernel prints rules in a form of its own. */
function tableLines(tables: string[]): Sh {
  return joinSh([
    sh`play_nft=$play_nl$(nft list tables)$play_nl`,
    ...tables.map(
      (table) => sh`case $play_nft in
*"$play_nl"${`table ${table}`}"$play_nl"*) echo ${`table ${table} loaded`} ;;
*) echo ${`table ${table} not loaded`} ;;
esac`,
    ),
  ]);
}
