import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { contentType } from '../../aws/tasks/content-type.ts';
import { deleteObjects, type Listed, listObjects } from '../../aws/tasks/object-list.ts';
import { hasBytes } from '../../aws/tasks/object-state.ts';
import { FileFault, getObject, putObject } from '../../aws/tasks/object-transfer.ts';
import type { Service } from '../../aws/tasks/service.ts';
import { chosen, noFile, planSync, type Side, type SyncPlan } from '../../aws/tasks/sync-plan.ts';
import type { ControllerModule, ControllerResult } from '../../model/module.ts';
import { fileReason } from '../../util/errno.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { keptParams, keptWith } from '../shared/aws-objects.ts';
import { localTree } from '../shared/local-tree.ts';
import { choice, flag, text, wordList } from '../shared/params.ts';

const params = Type.Object(
  {
    bucket: text('The bucket.'),
    file_root: text(
      'Folder of this machine: for `push` looked up like other files that tasks read, for `pull` beside the playbook.',
    ),
    key_prefix: Type.Optional(text('What the keys begin with: `site/`.')),
    mode: Type.Optional(choice(['push', 'pull'], 'Into the bucket, or out of it.', 'push')),
    file_change_strategy: Type.Optional(
      choice(
        ['date_size', 'size', 'checksum', 'force'],
        'What differs: what has another size or is newer where it comes from, as `aws s3 sync` has it; what has another size; what has another content; everything.',
        'date_size',
      ),
    ),
    delete: Type.Optional(flag('What is not there where it comes from goes. What is left out stays.')),
    include: Type.Optional(
      wordList('Patterns of what counts: `*.html`; `*` also stands for `/`. Everything when not said.'),
    ),
    exclude: Type.Optional(wordList('Patterns of what is left out; `.*` when not said.')),
    ...keptParams,
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** Files that are under way at a time. */
const AT_ONCE = 8;

/** A folder and a bucket. */
export const s3Sync = {
  name: 's3_sync',
  on: 'controller',
  pure: false,
  summary: 'A folder of this machine and keys of a bucket hold the same files. Not run on a real system.',
  params,
  result: {
    uploaded: 'Keys that were uploaded.',
    downloaded: 'Files that were downloaded.',
    removed: 'Keys or files that are gone.',
    unchanged: 'How many were right already.',
    ...faultFields,
  },
  examples: [
    { s3_sync: { bucket: 'www.example.com', file_root: 'site', delete: true, cache_control: 'max-age=300' } },
    {
      s3_sync: {
        bucket: 'shop-assets',
        key_prefix: 'v2/',
        file_root: 'dist',
        include: ['*.js', '*.css'],
        exclude: ['*.test.js'],
        file_change_strategy: 'checksum',
      },
    },
    { s3_sync: { bucket: 'shop-backups', key_prefix: 'db/', file_root: 'backups', mode: 'pull' } },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'bucket',
  foreignParams: { retries: 'leave it out: each file is tried again as often as AWS tools do' },
  run: (given, context) =>
    withAws('s3_sync', given, context, async (open) => {
      const { mode = 'push', file_root: root, bucket } = given;
      const isPush = mode === 'push';
      const folder = isPush ? context.localSource(root, 'files') : context.localTarget(root);
      if (folder === undefined) throw badArgs('s3_sync', `there is no folder ${root}`);
      if (isPush && !(await stat(folder)).isDirectory())
        throw badArgs('s3_sync', `${root} is no folder`, 's3_object uploads a file');
      const s3 = open('s3');
      const job = await compared(s3, folder, given);
      if (!context.check) await (isPush ? pushed(s3, job, given) : pulled(s3, job, given));
      return told(job, { isPush, bucket, check: context.check });
    }),
} satisfies ControllerModule<typeof params>;

/** What is to be done, and where things are. */
interface Job extends SyncPlan {
  folder: string;
  prefix: string;
  files: ReadonlyMap<string, Side & { source: string }>;
  objects: ReadonlyMap<string, Side & Listed>;
}

async function compared(s3: Service, folder: string, given: Params): Promise<Job> {
  const { bucket, key_prefix: prefix = '', mode = 'push', file_change_strategy: strategy = 'date_size' } = given;
  const counts = chosen(words(given.include ?? []), words(given.exclude ?? ['.*']));
  const files = await filesIn(folder, counts);
  const objects = new Map<string, Side & Listed>();
  for (const each of await listObjects(s3, bucket, { prefix })) {
    const path = each.key.slice(prefix.length);
    // A key that ends in a slash stands for a folder in the console of AWS.
    if (path === '' || path.endsWith('/') || !counts(path)) continue;
    const why = mode === 'pull' ? noFile(path) : undefined;
    if (why !== undefined)
      throw new FileFault(`the key ${each.key} cannot become a file: ${why}; exclude leaves it out`);
    objects.set(path, { ...each, path });
  }
  const isPush = mode === 'push';
  const [from, to] = isPush ? [files, objects] : [objects, files];
  const plan = await planSync({
    from: [...from.values()],
    to: [...to.values()],
    strategy,
    remove: given.delete ?? false,
    async isSame(path) {
      const [file, object] = [files.get(path), objects.get(path)];
      return !!file && !!object && hasBytes(object, { path: file.source, size: file.size });
    },
  });
  return { ...plan, folder, prefix, files, objects };
}

/** Files by their path; a link counts as the file that it leads to. A folder that is not there yet has none. */
async function filesIn(folder: string, counts: (path: string) => boolean): Promise<Job['files']> {
  const files = new Map<string, Side & { source: string }>();
  if (!existsSync(folder)) return files;
  try {
    for (const { kind, path } of await localTree(folder, { leaveOut: () => false })) {
      if (kind === 'directory' || !counts(path)) continue;
      const source = join(folder, path);
      const about = await stat(source).catch(() => undefined);
      if (about?.isFile()) files.set(path, { path, source, size: about.size, modified: about.mtime });
    }
    return files;
  } catch (error) {
    throw new FileFault(`${folder} cannot be read: ${fileReason(error)}`);
  }
}

/** Words of a list, or of a text with commas. */
function words(given: string | string[]): string[] {
  return [given]
    .flat()
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

async function pushed(s3: Service, { copy, remove, prefix, files }: Job, given: Params): Promise<void> {
  const { bucket: Bucket } = given;
  await together(copy, async (path) => {
    const { source = '', size = 0 } = files.get(path) ?? {};
    const kept = keptWith(given, given.content_type ?? contentType(path));
    await putObject(s3, { Bucket, Key: prefix + path }, { path: source, size }, kept);
  });
  await deleteObjects(
    s3,
    Bucket,
    remove.map((path) => prefix + path),
  );
}

async function pulled(s3: Service, { copy, remove, prefix, folder }: Job, { bucket: Bucket }: Params): Promise<void> {
  await together(copy, async (path) => {
    await getObject(s3, { Bucket, Key: prefix + path }, join(folder, path), { keepTime: true });
  });
  for (const path of remove) await rm(join(folder, path), { force: true });
}

/** Does the same for all, a few at a time; the first failure stops the rest. */
async function together(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const left = [...paths];
  let broken: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let path = left.shift(); path !== undefined && !broken; path = left.shift())
      await work(path).catch((error: unknown) => {
        broken ??= { error };
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (broken) throw broken.error;
}

function told(
  { copy, remove, prefix, folder, files, objects }: Job,
  { isPush, bucket, check }: { isPush: boolean; bucket: string; check: boolean },
): ControllerResult {
  const [copied, removed] = [copy, remove].map((paths) =>
    paths.map((path) => (isPush ? prefix + path : join(folder, path))),
  );
  const there = isPush ? files.size : objects.size;
  const lines = [
    ...copy.map((path) => (isPush ? `up s3://${bucket}/${prefix}${path}` : `down ${join(folder, path)}`)),
    ...remove.map((path) => `gone ${isPush ? `s3://${bucket}/${prefix}` : ''}${path}`),
  ];
  return {
    changed: copy.length + remove.length > 0,
    fields: {
      [isPush ? 'uploaded' : 'downloaded']: copied ?? [],
      removed: removed ?? [],
      unchanged: there - copy.length,
    },
    ...(lines.length > 0 && { message: lines.join('\n') }),
    ...(check && lines.length > 0 && { isForecast: true as const }),
  };
}
