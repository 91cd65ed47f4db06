import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { contentType } from '../../aws/tasks/content-type.ts';
import { listObjects } from '../../aws/tasks/object-list.ts';
import { hasBytes, headObject, type ObjectState, type Source, sizeOf } from '../../aws/tasks/object-state.ts';
import { getObject, putObject } from '../../aws/tasks/object-transfer.ts';
import { presigned } from '../../aws/tasks/presign.ts';
import type { Service } from '../../aws/tasks/service.ts';
import type { ControllerContext, ControllerModule, ControllerResult } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { ProblemError, problem } from '../../problems/problem.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { keptParams, keptWith } from '../shared/aws-objects.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    bucket: text('The bucket.'),
    object: Type.Optional(text('Key of the object: `backups/db.tar.gz`. Not for `list`.')),
    mode: choice(
      ['get', 'put', 'delobj', 'getstr', 'geturl', 'list'],
      'What to do: download to `dest`; upload `src` or `content`; delete; read as text; make a URL that holds for a while; list keys.',
    ),
    src: Type.Optional(text('File of this machine to upload.')),
    content: Type.Optional(Type.String({ description: 'Text to upload.' })),
    content_base64: Type.Optional(Type.String({ description: 'Bytes to upload, in base64.' })),
    dest: Type.Optional(text('File of this machine to download to; with a `/` at its end, the folder for it.')),
    overwrite: Type.Optional(
      choice(
        ['different', 'always', 'never'],
        'What becomes of a file or an object that is there: replaced when its content differs, always or never.',
        'different',
      ),
    ),
    expiry: Type.Optional(
      Type.Integer({ description: 'Seconds for which the URL holds.', minimum: 1, maximum: 604800, default: 600 }),
    ),
    method: Type.Optional(choice(['GET', 'PUT'], 'What the URL is for.', 'GET')),
    version: Type.Optional(text('A version of the object, where the bucket keeps them.')),
    prefix: Type.Optional(text('Only keys that begin so.')),
    marker: Type.Optional(text('Only keys behind this one.')),
    max_keys: Type.Optional(Type.Integer({ description: 'At most so many keys; all when not said.', minimum: 1 })),
    ...keptParams,
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

const rules = { name: 's3_object', exclusive: [['src', 'content', 'content_base64']] };
const bad = (detail: string) => badArgs('s3_object', detail);

/** Text that is read into a result; more belongs into a file. */
const mostText = 8 * 1024 * 1024;

/** One object of a bucket. */
export const s3Object = {
  name: 's3_object',
  on: 'controller',
  pure: false,
  summary: 'An object of S3 is uploaded, downloaded, deleted, listed, or has a URL. Not run on a real system.',
  params,
  result: {
    etag: 'What S3 calls its content.',
    size: 'Bytes.',
    dest: 'With `get`: the file.',
    contents: 'With `getstr`: the text.',
    url: 'With `geturl`: the URL. Whoever has it may do this, so it is not shown.',
    s3_keys: 'With `list`: the keys.',
    objects: 'With `list`: `key`, `size`, `etag` and `last_modified` of each.',
    ...faultFields,
  },
  examples: [
    { s3_object: { bucket: 'shop-backups', object: 'db/{{host.name}}.sql.gz', src: 'db.sql.gz', mode: 'put' } },
    { s3_object: { bucket: 'shop-releases', object: 'shop-1.4.tar.gz', dest: 'downloads/', mode: 'get' } },
    {
      name: 'a link for an hour',
      s3_object: { bucket: 'shop-releases', object: 'shop-1.4.tar.gz', mode: 'geturl', expiry: 3600 },
      register: 'release',
    },
    { s3_object: { bucket: 'shop-backups', prefix: 'db/', mode: 'list' }, register: 'backups' },
    {
      s3_object: {
        bucket: 'www.example.com',
        object: 'version.json',
        content: '{"version": "1.4"}',
        mode: 'put',
        cache_control: 'no-cache',
      },
    },
    { s3_object: { bucket: 'shop-backups', object: 'db/old.sql.gz', mode: 'delobj' } },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'object',
  reads: { src: 'files' },
  exclusive: rules.exclusive,
  run(given, context) {
    checkArgs(rules, given);
    const { mode, object, dest } = given;
    if (mode === 'list' && object !== undefined)
      throw badArgs('s3_object', 'object is given with mode: list', 'prefix: lists the keys that begin so');
    if (mode !== 'list' && object === undefined) throw bad(`object is missing for mode: ${mode}`);
    if (mode === 'get' && dest === undefined) throw bad('dest is missing for mode: get');
    return withAws('s3_object', given, context, async (open) => {
      const s3 = open('s3');
      const key = object ?? '';
      if (mode === 'put') return put(s3, key, given, context);
      if (mode === 'get') return get(s3, key, given, context);
      if (mode === 'delobj') return remove(s3, key, given, context);
      if (mode === 'getstr') return getText(s3, key, given);
      if (mode === 'geturl') return link(s3, key, given, context);
      return list(s3, given);
    });
  },
} satisfies ControllerModule<typeof params>;

async function put(s3: Service, Key: string, given: Params, context: ControllerContext): Promise<ControllerResult> {
  const { bucket: Bucket, overwrite = 'different', content_type: type } = given;
  const source = await sourceOf(given, context);
  const kept = keptWith(given, type ?? contentType(given.src ?? Key));
  const before = overwrite === 'always' ? undefined : await headObject(s3, Bucket, Key);
  const size = sizeOf(source);
  if (before && (overwrite === 'never' || (isKeptSo(before, given) && (await hasBytes(before, source)))))
    return { changed: false, fields: { etag: before.etag, size: before.size } };
  const message = `${size} bytes to s3://${Bucket}/${Key}`;
  if (context.check) return { changed: true, fields: { size }, isForecast: true, message };
  const etag = await putObject(s3, { Bucket, Key }, source, kept);
  return { changed: true, fields: { etag, size }, message };
}

/** Metadata and type that were asked for are compared; the rest only goes along with an upload. */
function isKeptSo({ metadata, contentType: type }: ObjectState, given: Params): boolean {
  if (given.content_type !== undefined && given.content_type !== type) return false;
  return Object.entries(given.metadata ?? {}).every(([name, value]) => metadata[name.toLowerCase()] === value);
}

async function sourceOf(given: Params, context: ControllerContext): Promise<Source> {
  if (given.content !== undefined) return { bytes: Buffer.from(given.content) };
  if (given.content_base64 !== undefined) return { bytes: Buffer.from(given.content_base64, 'base64') };
  if (given.src === undefined) throw bad('one of src, content, content_base64 is needed for mode: put');
  const path = context.localSource(given.src, 'files');
  if (path === undefined) return { bytes: await context.readFile(given.src, 'files') };
  const about = await stat(path);
  if (!about.isFile())
    throw new ProblemError(
      problem('E_MODULE_ARGS', {
        module: 's3_object',
        detail: `src ${given.src} is no file`,
        advice: 's3_sync uploads folders',
      }),
    );
  return { path, size: about.size };
}

async function get(s3: Service, Key: string, given: Params, context: ControllerContext): Promise<ControllerResult> {
  const { bucket: Bucket, overwrite = 'different', dest: to = '', version } = given;
  const path = context.localTarget(to);
  const dest = to.endsWith('/') ? join(path, basename(Key)) : path;
  const there = await stat(dest).catch(() => undefined);
  if (there?.isDirectory()) throw bad(`dest ${to} is a folder; end it with a /`);
  if (there && overwrite === 'never') return { changed: false, fields: { dest, size: there.size } };
  const about = await headObject(s3, Bucket, Key, version);
  if (!about) return missing(given, context.check);
  if (there && overwrite === 'different' && (await hasBytes(about, { path: dest, size: there.size })))
    return { changed: false, fields: { dest, size: about.size, etag: about.etag } };
  const message = `s3://${Bucket}/${Key} to ${dest}`;
  const { etag } = about;
  if (context.check) return { changed: true, fields: { dest, etag }, isForecast: true, message };
  const size = await getObject(s3, { Bucket, Key }, dest, { version });
  return { changed: true, fields: { dest, size, etag }, message: `${message}, ${size} bytes` };
}

function missing({ bucket, object, version }: Params, check: boolean): ControllerResult {
  const what = version === undefined ? `object ${object}` : `version ${version} of ${object}`;
  const failed = `there is no ${what} in the bucket ${bucket}`;
  return { changed: false, fields: {}, failed, ...(check && { mayBeEarly: true as const }) };
}

async function remove(s3: Service, Key: string, given: Params, context: ControllerContext): Promise<ControllerResult> {
  const { bucket: Bucket } = given;
  if (!(await headObject(s3, Bucket, Key))) return { changed: false, fields: {} };
  if (!context.check) await s3.call('DeleteObject', { Bucket, Key });
  return { changed: true, fields: {}, message: `s3://${Bucket}/${Key}` };
}

interface Got {
  Body: { transformToByteArray(): Promise<Uint8Array> };
  ContentLength?: number;
  ETag?: string;
}

async function getText(s3: Service, Key: string, { bucket: Bucket, version }: Params): Promise<ControllerResult> {
  const got = await s3.call<Got>('GetObject', { Bucket, Key, VersionId: version });
  const { ContentLength: size = 0, ETag: etag = '' } = got;
  if (size > mostText)
    return { changed: false, fields: { size }, failed: `${Key} has ${size} bytes; mode: get downloads it to a file` };
  const bytes = await s3.asked('s3:GetObject', () => got.Body.transformToByteArray());
  const contents = Buffer.from(bytes).toString();
  return { changed: false, fields: { contents, size, etag }, message: contents };
}

async function link(s3: Service, Key: string, given: Params, context: ControllerContext): Promise<ControllerResult> {
  const { bucket: Bucket, expiry = 600, method = 'GET', version } = given;
  const input = { Bucket, Key, ...(method === 'GET' && { VersionId: version }) };
  const url = await presigned(s3, method === 'GET' ? 'GetObject' : 'PutObject', input, expiry);
  context.secret(url);
  context.secret(new URL(url).searchParams.get('X-Amz-Signature'));
  return { changed: false, fields: { url }, message: `a URL to ${method} s3://${Bucket}/${Key} for ${expiry} s` };
}

async function list(s3: Service, given: Params): Promise<ControllerResult> {
  const { bucket, prefix, marker: after, max_keys: most } = given;
  const found = await listObjects(s3, bucket, { prefix, after, most });
  const objects: Fields[] = found.map(({ key, size, etag, modified }) => ({
    ...{ key, size, etag },
    last_modified: modified.toISOString(),
  }));
  const keys = found.map(({ key }) => key);
  return { changed: false, fields: { s3_keys: keys, objects }, message: keys.join('\n') };
}
