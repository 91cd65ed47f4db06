import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { BothContext, ControllerResult } from '../../model/module.ts';
import type { FileAttributes, Resource } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import type { Attributes } from './attributes.ts';
import { absent, directory, existing, link } from './file-states.ts';
import { type LocalEntry, sumOfFile } from './local-tree.ts';
import { writeFile } from './write.ts';

/** A tree as it is to be on the host. */
export interface TreeWork {
  /** The folder on the host. */
  dest: string;
  entries: readonly LocalEntry[];
  owner?: string;
  group?: string;
  /** Modes of files and directories that are not those of the source. `keep`: those on the host are left alone. */
  modes: { file?: FileAttributes['mode'] | 'keep'; directory?: FileAttributes['mode'] | 'keep' };
  /** Take away what the source does not have; paths for which `spared` holds stay. */
  remove?: { spared(path: string): boolean };
  backup?: boolean;
}

/** Names of one step's shell text: a step is a few dozen kilobytes at most. */
const most = 200;

/** Makes a tree of the host like one of this machine: files are compared by content, and only those that differ are sent. */
export async function sendTree(work: TreeWork, context: BothContext): Promise<ControllerResult> {
  const { dest, entries } = work;
  const files = entries.filter((entry) => entry.kind === 'file');
  const found = await sumsOn(
    files.map(({ path }) => posix.join(dest, path)),
    context,
  );
  const steps: { path: string; resource: Resource; does: keyof Changes }[] = [];
  const add = (path: string, resource: Resource, does: keyof Changes = 'others'): void =>
    void steps.push({ path, resource, does });
  if (work.remove)
    for (const path of await surplus(work, context)) add(path, absent(posix.join(dest, path)), 'removed');
  add('.', directory({ path: dest, attributes: {}, follow: true }, false));
  for (const entry of entries) {
    const path = posix.join(dest, entry.path);
    const attributes = attributesOf(entry, work);
    if (entry.kind === 'directory')
      add(entry.path, directory({ path, attributes: ofState(attributes), follow: true }, false));
    else if (entry.kind === 'link') add(entry.path, link({ path, attributes: {}, follow: false }, entry.target, true));
    else if (found.get(path) === (await sumOfFile(entry.source)))
      add(entry.path, existing({ path, attributes: ofState(attributes), follow: false }, true));
    else {
      const bytes = await readFile(entry.source);
      add(entry.path, writeFile({ dest: path, bytes, attributes, ...(work.backup && { backup: true }) }), 'sent');
    }
  }
  const answers = await context.visit(steps.map(({ resource }) => resource));
  const changed = steps.filter((_, i) => ['changed', 'would-change'].includes(answers[i]?.status ?? ''));
  const by = (does: keyof Changes): string[] => changed.filter((step) => step.does === does).map(({ path }) => path);
  const changes = { sent: by('sent'), removed: by('removed'), others: by('others') };
  const { sent, removed, others } = changes;
  return {
    changed: changed.length > 0,
    fields: { dest, sent, removed, corrected: others, files: files.length },
    ...(changed.length > 0 && { message: told(changes), diff: diffOf(changes) }),
  };
}

/** What `register` holds of a tree. */
export const treeResult = {
  dest: 'The folder on the host.',
  sent: 'The files whose content was sent, by their path in the folder.',
  removed: 'What was taken away.',
  corrected: 'Directories, links and modes that were made or set right.',
  files: 'How many files the source has.',
};

function attributesOf(entry: LocalEntry, { owner, group, modes }: TreeWork): FileAttributes {
  const mode = entry.kind === 'directory' ? modes.directory : modes.file;
  return {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(mode !== 'keep' && { mode: mode ?? entry.mode }),
  };
}

function ofState({ mode, ...rest }: FileAttributes): Attributes {
  return {
    ...rest,
    ...(mode !== undefined && { mode: typeof mode === 'string' ? { kind: 'fixed', digits: mode } : mode }),
  };
}

/** The sums of files of the host, by path; of what is no regular file there is none. */
async function sumsOn(paths: readonly string[], { visit }: BothContext): Promise<Map<string, string>> {
  const parts = Array.from({ length: Math.ceil(paths.length / most) }, (_, i) => paths.slice(i * most, (i + 1) * most));
  const answers = await visit(
    parts.map((part) => ({
      kind: 'action',
      reads: true,
      run: sh`for play_tree_f in ${joinSh(
        part.map((path) => sh`${path}`),
        ' ',
      )}; do
if [ -f "$play_tree_f" ] && [ ! -L "$play_tree_f" ] && [ -r "$play_tree_f" ]; then play_tree_s=$($play_sumtool <"$play_tree_f"); echo "\${play_tree_s%%[ *]*}"; else echo -; fi
done`,
    })),
  );
  const lines = answers.flatMap(({ stdout }) => stdout.toString('latin1').trimEnd().split('\n'));
  return new Map(paths.flatMap((path, i) => (lines[i] === '-' || lines[i] === undefined ? [] : [[path, lines[i]]])));
}

/** What is in the folder of the host and not in the source; of a directory that goes only the directory itself. */
async function surplus({ dest, entries, remove }: TreeWork, { visit }: BothContext): Promise<string[]> {
  const [answer] = await visit([
    {
      kind: 'action',
      reads: true,
      run: sh`if [ -d ${dest} ]; then find ${`${dest.replace(/\/$/, '')}/.`} ! -name . -exec sh -c ${raw(`'for f do printf "%s\\0" "$f"; done'`)} sh {} +; fi`,
    },
  ]);
  const wanted = new Set(entries.map(({ path }) => path));
  const prefix = `${dest.replace(/\/$/, '')}/./`;
  const there = (answer?.stdout.toString('utf8') ?? '')
    .split('\0')
    .flatMap((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : []));
  const spared = there.filter((path) => remove?.spared(path));
  const holds = (path: string): boolean => spared.some((kept) => kept === path || kept.startsWith(`${path}/`));
  const extra = there.filter((path) => !wanted.has(path) && !holds(path));
  const gone = new Set(extra);
  return extra.filter((path) => !gone.has(posix.dirname(path))).sort();
}

interface Changes {
  sent: string[];
  removed: string[];
  others: string[];
}

function told({ sent, removed, others }: Changes): string {
  const parts = [
    ...(sent.length > 0 ? [`${sent.length} sent`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
    ...(others.length > 0 ? [`${others.length} set right`] : []),
  ];
  return parts.join(', ');
}

function diffOf({ sent, removed, others }: Changes): string {
  const lines = [
    ...removed.map((path) => `-${path}`),
    ...sent.map((path) => `+${path}`),
    ...others.map((path) => `+${path} (type, owner or mode)`),
  ];
  return `${lines.join('\n')}\n`;
}
