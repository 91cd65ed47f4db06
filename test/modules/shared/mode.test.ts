import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseMode } from '../../../src/modules/shared/mode.ts';
import { wrongMode } from '../../../src/modules/shared/mode-test.ts';

describe('what a mode means', () => {
  test.each([
    ['644', '0644'],
    ['0644', '0644'],
    ['2775', '2775'],
    ['u=rw,g=r,o=', '0640'],
    ['u=rwx,g=rx,o=rx', '0755'],
    ['a=r', '0444'],
    ['=rw', '0644'],
    ['u=rwxs,go=', '4700'],
    ['a=rwx,o+t', '1777'],
    ['ug=rw,o=,g-w', '0640'],
  ])('%s is %s', (text, digits) => {
    expect(parseMode('copy', text)).toEqual({ kind: 'fixed', digits });
  });

  test.each(['u+x', 'g-w', '+x', 'a=rX', 'u=rw'])('%s depends on the file', (text) => {
    expect(parseMode('file', text).kind).toBe('relative');
  });

  test.each(['888', '64', 'u~x', 'rwx', 'u=rw;o=', '00644'])('%s is no mode', (text) => {
    expect(() => parseMode('file', text)).toThrow('is not a mode');
  });

  test('says what it cannot do', () => {
    expect(() => parseMode('file', 'g=u')).toThrow('copies permissions');
    expect(() => parseMode('file', 'u-x,a+X')).toThrow('before it asks for X');
  });
});

describe('find tells what chmod would change', () => {
  const dir = mkdtempSync(join(tmpdir(), 'play-mode-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const before = [0o000, 0o400, 0o640, 0o644, 0o700, 0o711, 0o750, 0o755, 0o777, 0o666, 0o4755, 0o2750];
  const file = join(dir, 'file');
  const folder = join(dir, 'folder');
  writeFileSync(file, '');
  mkdirSync(folder);

  // One find for all modes would not be the text that runs, so each path is asked alone.
  test.each([
    'u+x',
    'g-w',
    'o-rwx',
    'a+X',
    'a=rX',
    'u=rwX,g=rX,o=',
    '+w',
    'ug=rw',
    'g+s',
    'o+t',
    '0644',
    'u=rw,g=r,o=',
  ])('%s', (text) => {
    const mode = parseMode('file', text);
    const test = wrongMode(mode).sh;
    const script = before.flatMap((bits) =>
      [file, folder].map((path) => {
        const digits = `0${bits.toString(8).padStart(4, '0')}`;
        return `chmod ${digits} '${path}'; find '${path}' -prune ${test} -print; echo --`;
      }),
    );
    const said = execFileSync('/bin/sh', ['-c', script.join('\n')], { encoding: 'utf8' }).split('--\n');
    const wrong = said.slice(0, -1).map((line) => line !== '');
    const arg = mode.kind === 'fixed' ? `0${mode.digits}` : text;
    const chmodded = before.flatMap((bits) =>
      [file, folder]
        .map((path) => {
          chmodSync(path, bits);
          return path;
        })
        .map((path) => ({ path, bits })),
    );
    const really = chmodded.map(({ path, bits }) => {
      chmodSync(path, bits);
      execFileSync('chmod', [arg, path]);
      return (statSync(path).mode & 0o7777) !== bits;
    });
    // `=` without s may or may not clear setuid bits, which is not what it asks for.
    const plain = chmodded.map(({ bits }) => bits <= 0o777 || mode.kind === 'fixed');
    expect(wrong.filter((_, i) => plain[i])).toEqual(really.filter((_, i) => plain[i]));
  });
});
