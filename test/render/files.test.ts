import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { createFiles, type Files } from '../../src/render/files.ts';

let dir = '';
let files: Files;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'play-files-'));
  await mkdir(join(dir, 'book/files/pages'), { recursive: true });
  await mkdir(join(dir, 'book/templates'));
  files = createFiles({ playbookDir: join(dir, 'book'), cwd: dir, home: join(dir, 'home') });
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const put = (path: string, text: string): Promise<void> => writeFile(join(dir, path), text);

async function read(path: string, kind: 'files' | 'templates' = 'files'): Promise<string> {
  try {
    return Buffer.from(await files.read(path, { kind })).toString();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map((each) => [sentence(each).message, sentence(each).hint].join(' | ')).join('; ');
  }
}

describe('a file of the controller', () => {
  test('is looked for beside the playbook, then in files/ or templates/', async () => {
    await put('book/a', 'beside');
    await put('book/files/a', 'in files');
    await put('book/files/b', 'in files');
    await put('book/templates/b', 'in templates');
    expect(await read('a')).toBe('beside');
    expect(await read('b')).toBe('in files');
    expect(await read('b', 'templates')).toBe('in templates');
    expect(await read('files/b', 'templates')).toBe('in files');
    expect(await read(join(dir, 'book/a'))).toBe('beside');
    expect(await read('../book/a')).toBe('beside');
  });

  test('may be in the home directory', async () => {
    await mkdir(join(dir, 'home'));
    await put('home/a', 'at home');
    expect(await read('~/a')).toBe('at home');
  });

  test('that is missing is told with everywhere it was looked for', async () => {
    expect(await read('c')).toBe('no such file: c | looked in book/c, book/files/c');
    expect(await read('c', 'templates')).toBe('no such file: c | looked in book/c, book/templates/c');
    await put('book/file', 'x');
    expect(await read('file/below')).toContain('no such file: file/below');
    expect(await read('/no/such/file')).toContain('no such file: /no/such/file');
    expect(await read('~/missing')).toBe('no such file: ~/missing | looked in home/missing');
  });

  test('that is a folder, or may not be read, is told', async () => {
    expect(await read('pages')).toContain('book/files/pages is a directory, a file is needed here');
    await put('book/secret', 'x');
    await chmod(join(dir, 'book/secret'), 0);
    // Nothing is unreadable for root.
    if (process.getuid?.() !== 0) expect(await read('secret')).toContain('book/secret cannot be read: EACCES');
    await put('book/name', 'x');
    expect(await read(`${'x'.repeat(300)}`)).toContain('cannot be read: ENAMETOOLONG');
  });

  test('is read once, so that all hosts get the same', async () => {
    await put('book/a', 'before');
    expect(await read('a')).toBe('before');
    await put('book/a', 'after');
    expect(await read('a')).toBe('before');
  });

  test('is known by its place and its hash, for the record of the run', async () => {
    await put('book/files/a', 'hello');
    await read('a');
    await read('missing');
    expect(files.found('a', { kind: 'files' })).toBe('book/files/a');
    expect(files.found('missing', { kind: 'files' })).toBe('missing');
    expect(files.hashes()).toEqual({
      'book/files/a': '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
  });
});
