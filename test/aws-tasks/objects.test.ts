import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScene, type Scene } from './scene.ts';

/* Objects of S3, one at a time and whole folders. */

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ buckets: ['shop'] });
});
afterAll(() => scene[Symbol.asyncDispose]());

const keys = (): string[] => [...(scene.aws.buckets.get('shop')?.keys() ?? [])].sort();
const body = (key: string): string => scene.aws.buckets.get('shop')?.get(key)?.body.toString() ?? '';

describe('s3_object', () => {
  test('a file goes up and comes back, once; check mode only tells', async () => {
    scene.stage.desk.file('files/page.html', '<h1>shop</h1>\n');
    const tasks = `
      - s3_object: { bucket: shop, object: www/page.html, src: page.html, mode: put, metadata: { by: play } }
        register: up
      - s3_object: { bucket: shop, object: www/page.html, dest: down/, mode: get }
        register: down
    `;
    const check = await scene.run(tasks, ['--check']);
    expect(check.did('web1')).toEqual(['would-change s3_object www/page.html', 'unknown s3_object www/page.html']);
    expect(keys()).toEqual([]);
    const [first, second] = await scene.twice(tasks);
    expect(first.did('web1')).toEqual(['changed s3_object www/page.html', 'changed s3_object www/page.html']);
    expect(second.did('web1')).toEqual(['ok s3_object www/page.html', 'ok s3_object www/page.html']);
    expect(readFileSync(join(scene.dir, 'down/page.html'), 'utf8')).toBe('<h1>shop</h1>\n');
    expect(scene.aws.buckets.get('shop')?.get('www/page.html')?.headers).toMatchObject({
      'content-type': 'text/html',
      'x-amz-meta-by': 'play',
    });
    const retold = await scene.run(tasks.replace('by: play', 'by: ann'));
    expect(retold.did('web1')[0]).toBe('changed s3_object www/page.html');
  });

  test('a large file goes up in parts, and its content is compared by the digests of those', async () => {
    writeFileSync(join(scene.dir, 'big.bin'), randomBytes(20 * 1024 * 1024 + 5));
    const [first, second] = await scene.twice('- s3_object: { bucket: shop, object: big, src: big.bin, mode: put }');
    expect([first.did('web1'), second.did('web1')].flat()).toEqual(['changed s3_object big', 'ok s3_object big']);
    expect(scene.aws.count('s3:UploadPart')).toBe(3);
    expect(
      scene.aws.buckets
        .get('shop')
        ?.get('big')
        ?.body.equals(readFileSync(join(scene.dir, 'big.bin'))),
    ).toBe(true);
    const got = await scene.run('- s3_object: { bucket: shop, object: big, dest: big.copy, mode: get }');
    expect(got.exit).toBe(0);
    expect(readFileSync(join(scene.dir, 'big.copy')).equals(readFileSync(join(scene.dir, 'big.bin')))).toBe(true);
    expect(readdirSync(scene.dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('parts of an upload that is refused are taken back', async () => {
    scene.aws.faults.deny = ['s3:UploadPart'];
    const story = await scene.run('- s3_object: { bucket: shop, object: other, src: big.bin, mode: put }');
    scene.aws.faults.deny = [];
    expect(story.exit).not.toBe(0);
    expect(story.told('web1', 's3_object')).toContain('s3:UploadPart: AWS denies it');
    expect(story.stdout).toContain('the identity needs s3:PutObject');
    expect(scene.aws.count('s3:AbortMultipartUpload')).toBe(1);
    expect(keys()).not.toContain('other');
  });

  test('text is written, read, listed, linked to and deleted', async () => {
    const story = await scene.run(
      `
      - s3_object: { bucket: shop, object: notes/a.txt, content: hello, mode: put }
      - s3_object: { bucket: shop, object: notes/b.txt, content_base64: aGk=, mode: put }
      - s3_object: { bucket: shop, object: notes/a.txt, mode: getstr }
        register: a
      - s3_object: { bucket: shop, prefix: notes/, mode: list, max_keys: 1 }
        register: first
      - s3_object: { bucket: shop, prefix: notes/, mode: list, marker: notes/a.txt }
        register: rest
      - assert: { that: ['a.contents == "hello"', 'first.s3_keys == ["notes/a.txt"]', 'rest.objects[0].size == 2'] }
      - s3_object: { bucket: shop, object: notes/b.txt, mode: geturl, expiry: 60 }
        register: link
      - http: { url: '{{link.url}}', expect: { text: hi }, allow_local: true }
      - s3_object: { bucket: shop, object: notes/b.txt, mode: delobj }
      - s3_object: { bucket: shop, object: notes/b.txt, mode: delobj }
        register: again
      - assert: { that: '!again.changed' }
      `,
      ['-vv'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(story.stdout + JSON.stringify(story.events)).not.toContain('X-Amz-Signature');
    expect(keys().filter((key) => key.startsWith('notes/'))).toEqual(['notes/a.txt']);
  });

  test('a version is downloaded once', async () => {
    const [first, second] = await scene.twice(
      '- s3_object: { bucket: shop, object: notes/a.txt, version: v1, dest: old.txt, mode: get }',
    );
    expect([first, second].flatMap((each) => each.did('web1'))).toEqual([
      'changed s3_object notes/a.txt',
      'ok s3_object notes/a.txt',
    ]);
  });

  test('what is wrong is said in words', async () => {
    const story = await scene.run(`
      - s3_object: { bucket: shop, object: notes/a.txt, mode: list }
        ignore_errors: true
      - s3_object: { bucket: shop, object: nowhere, version: v1, dest: x, mode: get }
        ignore_errors: true
      - s3_object: { bucket: shop, object: nowhere, dest: x, mode: get }
        ignore_errors: true
      - s3_object: { bucket: elsewhere, object: a, content: b, mode: put }
        ignore_errors: true
      - s3_object: { bucket: shop, object: notes/a.txt, dest: /dev/null/x, mode: get }
        ignore_errors: true
    `);
    expect(story.stdout).toContain('object is given with mode: list');
    expect(story.stdout).toContain('there is no object nowhere in the bucket shop');
    expect(story.stdout).toContain('there is no version v1 of nowhere in the bucket shop');
    expect(story.stdout).toContain('NoSuchBucket');
    expect(story.stdout).toContain('/dev/null/x cannot be written: something else is in its place');
    expect(await scene.refused('- s3_object: { bucket: shop, object: a, src: nothing.txt, mode: put }')).toContain(
      'no such file: nothing.txt',
    );
  });
});

describe('s3_sync', () => {
  const push = `- s3_sync: { bucket: shop, file_root: site, key_prefix: site/, delete: true, exclude: ['.*', '*.bak'] }`;
  const site = (): string[] => keys().filter((key) => key.startsWith('site/'));

  test('a folder is pushed; what differs, is new or gone is told first', async () => {
    for (const [path, text] of Object.entries({
      'index.html': 'one',
      'css/a.css': 'a{}',
      '.git/x': 'x',
      'old.bak': 'b',
    }))
      scene.stage.desk.file(`site/${path}`, text);
    const check = await scene.run(push, ['--check']);
    expect(check.told('web1', 's3_sync')).toContain('up s3://shop/site/css/a.css');
    expect(site()).toEqual([]);
    const [first, second] = await scene.twice(push);
    expect([first.did('web1'), second.did('web1')].flat()).toEqual(['changed s3_sync shop', 'ok s3_sync shop']);
    expect(site()).toEqual(['site/css/a.css', 'site/index.html']);

    scene.stage.desk.file('site/index.html', 'longer');
    rmSync(join(scene.dir, 'site/css'), { recursive: true });
    scene.aws.buckets.get('shop')?.set('site/kept.bak', scene.aws.buckets.get('shop')!.get('site/index.html')!);
    const third = await scene.run(push);
    expect(third.told('web1', 's3_sync')).toContain('gone s3://shop/site/css/a.css');
    expect(site()).toEqual(['site/index.html', 'site/kept.bak']);
    expect(body('site/index.html')).toBe('longer');
  });

  test('what has the same size counts as changed when it is newer, or when its content is looked at', async () => {
    scene.stage.desk.file('site/index.html', 'lenger');
    const old = new Date('2001-01-01T00:00:00Z');
    utimesSync(join(scene.dir, 'site/index.html'), old, old);
    expect((await scene.run(push)).did('web1')).toEqual(['ok s3_sync shop']);
    const checksum = push.replace('delete: true', 'file_change_strategy: checksum');
    expect((await scene.run(checksum)).did('web1')).toEqual(['changed s3_sync shop']);
    expect((await scene.run(checksum)).did('web1')).toEqual(['ok s3_sync shop']);
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(scene.dir, 'site/index.html'), later, later);
    expect((await scene.run(push)).did('web1')).toEqual(['changed s3_sync shop']);
  });

  test('keys are pulled into a folder with their times, and no further', async () => {
    const bucket = scene.aws.buckets.get('shop');
    const object = bucket?.get('site/index.html');
    if (!bucket || !object) throw new Error('the test before has put it there');
    const modified = new Date('2020-02-03T04:05:06Z');
    for (const key of ['in/a/b.txt', 'in/c.txt']) bucket.set(key, { ...object, modified });
    const pull = `- s3_sync: { bucket: shop, file_root: in, key_prefix: in/, mode: pull, delete: true }`;
    scene.stage.desk.file('in/stale.txt', 'x');
    const [first, second] = await scene.twice(pull);
    expect([first.did('web1'), second.did('web1')].flat()).toEqual(['changed s3_sync shop', 'ok s3_sync shop']);
    expect(readdirSync(join(scene.dir, 'in')).sort()).toEqual(['a', 'c.txt']);
    expect(statSync(join(scene.dir, 'in/a/b.txt')).mtime).toEqual(modified);
    bucket.set('in/a/../../../escaped', object);
    const escaping = await scene.run(pull);
    expect(escaping.exit).not.toBe(0);
    expect(escaping.stdout).toContain('the key in/a/../../../escaped cannot become a file: it leads out of the folder');
    expect(existsSync(join(scene.dir, '../escaped'))).toBe(false);
  });
});
