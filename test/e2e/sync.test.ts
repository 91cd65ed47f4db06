import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Trees of this machine on hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
  const file = (path: string, text: string | Buffer, mode = 0o644): void => {
    const full = stage.desk.file(path, '');
    writeFileSync(full, text);
    chmodSync(full, mode);
  };
  file('public/index.html', '<p>hello\n');
  file('public/run.sh', '#!/bin/sh\n', 0o755);
  file('public/a folder/it\'s "here" $HOME.txt', 'quotes\n', 0o640);
  file('public/-dash', 'x');
  file('public/img/big.bin', Buffer.alloc(700_000, 7));
  file('public/app.log', 'not this\n');
  symlinkSync('index.html', join(stage.desk.dir, 'public/home'));
  mkdirSync(join(stage.desk.dir, 'public/empty'));
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const at = (host: string, path: string): string => join(stage.rig?.accounts['app']?.home ?? '', 'places', host, path);
/** Gives what a test has made to the user of the hosts. */
const own = (...paths: string[]): void => {
  const { uid, gid } = stage.rig?.accounts['app'] ?? { uid: 0, gid: 0 };
  for (const path of paths) chownSync(at('web1', path), uid, gid);
};
const book = (more = ''): string =>
  `- hosts: all\n  tasks:\n    - sync: { src: public/, dest: '{{place}}/www', exclude: ['*.log']${more} }\n      register: www\n    - debug: '{{length www.sent}} sent, {{length www.removed}} removed'\n`;

describe('sync', () => {
  test('sends a whole tree once: files, modes, links, empty folders and hostile names', async () => {
    const check = await stage.run(book(), ['--check', '--diff']);
    expect(check.did('web1')[0]).toMatch(/^would-change sync/);
    expect(check.told('web1', 'sync')).toContain('+img/big.bin');
    expect(existsSync(at('web1', 'www'))).toBe(false);
    const first = await stage.run(book());
    expect(first.exit, first.stdout).toBe(0);
    expect(first.told('web2', 'debug')).toContain('5 sent, 0 removed');
    expect(readFileSync(at('web1', 'www/a folder/it\'s "here" $HOME.txt'), 'utf8')).toBe('quotes\n');
    expect(statSync(at('web1', 'www/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(at('web1', 'www/img/big.bin')).size).toBe(700_000);
    expect(readlinkSync(at('web1', 'www/home'))).toBe('index.html');
    expect(lstatSync(at('web1', 'www/empty')).isDirectory()).toBe(true);
    expect(existsSync(at('web1', 'www/app.log'))).toBe(false);
    const second = await stage.run(book());
    expect(second.did('web1')[0]).toMatch(/^ok sync/);
  });

  test('sends only what differs, and leaves the times of the rest alone', async () => {
    await stage.run(book());
    const old = new Date('2020-01-01T00:00:00Z');
    utimesSync(at('web1', 'www/run.sh'), old, old);
    writeFileSync(at('web1', 'www/index.html'), 'changed by hand\n');
    chmodSync(at('web1', 'www/run.sh'), 0o600);
    const again = await stage.run(book());
    expect(again.told('web1', 'debug')).toContain('1 sent, 0 removed');
    expect(again.told('web1', 'sync')).toContain('1 sent, 1 set right');
    expect(readFileSync(at('web1', 'www/index.html'), 'utf8')).toBe('<p>hello\n');
    expect(statSync(at('web1', 'www/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(at('web1', 'www/run.sh')).mtime).toEqual(old);
    expect(again.did('web2')[0]).toMatch(/^ok sync/);
  });

  test('with delete takes away what the source does not have, whatever its name, and spares what is excluded', async () => {
    await stage.run(book());
    mkdirSync(at('web1', 'www/old/deep'), { recursive: true });
    writeFileSync(at('web1', 'www/old/deep/x'), '');
    writeFileSync(at('web1', 'www/two\nlines'), '');
    writeFileSync(at('web1', "www/it's"), '');
    writeFileSync(at('web1', 'www/here.log'), 'of the host\n');
    own('www/old', 'www/old/deep');
    const check = await stage.run(book(', delete: true'), ['--check']);
    expect(check.told('web1', 'sync')).toContain('3 removed');
    expect(existsSync(at('web1', 'www/old/deep/x'))).toBe(true);
    const run = await stage.run(book(', delete: true'));
    expect(run.told('web1', 'debug')).toContain('0 sent, 3 removed');
    expect(['old', 'two\nlines', "it's"].filter((name) => existsSync(at('web1', `www/${name}`)))).toEqual([]);
    expect(readFileSync(at('web1', 'www/here.log'), 'utf8')).toBe('of the host\n');
    expect((await stage.run(book(', delete: true'))).did('web1')[0]).toMatch(/^ok sync/);
  });

  test('says what is wrong before it begins, or which file it was', async () => {
    rmSync(at('web1', 'www'), { recursive: true, force: true });
    mkdirSync(at('web1', 'www/index.html'), { recursive: true });
    own('www');
    const { stdout, exit } = await stage.run(`
- hosts: web1
  tasks:
    - sync: { src: hosts.yml, dest: '{{place}}/www' }
      ignore_errors: true
    - sync: { src: public/, dest: '{{place}}/www' }
`);
    expect(exit).not.toBe(0);
    expect(stdout).toContain('src "hosts.yml" is no folder');
    expect(stdout).toMatch(/www\/index\.html is a directory/);
  });
});

describe('copy of a folder', () => {
  const folder = `
- hosts: all
  tasks:
    - copy: { content: first, dest: '{{place}}/first' }
    - copy: { src: public, dest: '{{place}}/{{item}}', mode: '0600' }
      loop: [one, two]
    - copy: { src: public/, dest: '{{place}}/bare', directory_mode: '0700' }
    - copy: { content: last, dest: '{{place}}/last' }
`;

  test('puts it, or what is in it, on the host, in its place among the tasks, once', async () => {
    const check = await stage.run(folder, ['--check']);
    expect(check.did('web1').map((line) => line.split(' ')[0])).toEqual(Array(5).fill('would-change'));
    const first = await stage.run(folder);
    expect(first.exit, first.stdout).toBe(0);
    expect(readFileSync(at('web2', 'one/public/index.html'), 'utf8')).toBe('<p>hello\n');
    expect(statSync(at('web2', 'two/public/run.sh')).mode & 0o777).toBe(0o600);
    expect(statSync(at('web2', 'bare/a folder')).mode & 0o777).toBe(0o700);
    expect(readlinkSync(at('web1', 'bare/home'))).toBe('index.html');
    const second = await stage.run(folder);
    expect(second.did('web1').map((line) => line.split(' ')[0])).toEqual(Array(5).fill('ok'));
  });

  test('or of one file can have the modes of this machine, or what symbols make of those that are there', async () => {
    const kept = `
- hosts: all
  tasks:
    - copy: { src: public/run.sh, dest: '{{place}}/run.sh', mode: preserve }
    - copy: { src: public/, dest: '{{place}}/kept', mode: preserve }
    - copy: { src: public/, dest: '{{place}}/more', mode: 'g+w', directory_mode: 'o=' }
`;
    const modeOf = (path: string): string => (statSync(at('web1', path)).mode & 0o777).toString(8);
    const first = await stage.run(kept);
    expect(first.exit, first.stdout).toBe(0);
    expect(['run.sh', 'kept/run.sh', 'kept/index.html'].map(modeOf)).toEqual(['755', '755', '644']);
    expect(['more/run.sh', 'more/a folder'].map(modeOf)).toEqual(['664', '750']);
    chmodSync(at('web1', 'more/run.sh'), 0o700);
    const second = await stage.run(kept);
    expect(second.did('web1').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok', 'changed']);
    expect(modeOf('more/run.sh')).toBe('720');
    const third = await stage.run(kept);
    expect(third.did('web1').map((line) => line.split(' ')[0])).toEqual(Array(3).fill('ok'));
  });

  test('that is missing, or has a validate, is told by lint', async () => {
    stage.desk.file(
      'bad.yml',
      "- hosts: all\n  tasks:\n    - copy: { src: publik/, dest: /x }\n    - sync: { src: pubilc/, dest: /x }\n    - copy: { src: public, dest: /x, validate: 'true %s' }\n",
    );
    const { exit, stdout } = await stage.desk.play(['lint', 'bad.yml', '-i', 'hosts.yml']);
    expect(exit).toBe(2);
    expect(stdout).toContain('publik/');
    expect(stdout).toContain('pubilc/');
    expect(stdout).toContain('validate is for single files');
  });
});
