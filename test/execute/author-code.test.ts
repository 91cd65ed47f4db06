import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findShells } from '../modules/rig/shells.ts';
import { command, inWholePrograms, type LiveHost, liveHost, type Ran, sha256, statuses, step, text } from './live.ts';

const { shells, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-author-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

const ignored = { ignoreErrors: true };

describe.each([...shells, inWholePrograms])('a session under %s', (name, shell, whole = false) => {
  let host: LiveHost;
  beforeAll(() => {
    host = liveHost({ shell, whole });
  });
  afterAll(async () => {
    await host.link.close();
    expect(host.hasRunDirectory(), 'the run directory is gone').toBe(false);
    // A shell that ends behind each program is told of each time by what holds its output.
    expect(host.notes.filter((note) => !whole || !note.includes('holds the output'))).toEqual([]);
  });
  const only = async (...args: Parameters<LiveHost['run']>) => (await host.run(...args)).steps[0]!;
  const here = (file: string): string => join(base, `${name}-${file}`);

  test('gives the output and the exit status of every step', async () => {
    const ran = await host.run(
      [0, 1, 2, 100, 126, 127, 128, 254, 255].map((code) =>
        text(`echo out ${code}; echo err ${code} >&2; exit ${code}`, ignored),
      ),
    );
    expect(ran.end).toEqual({ kind: 'done' });
    expect(ran.steps.map((each) => [each?.status, each?.rc, each?.stdout, each?.stderr])).toEqual(
      [0, 1, 2, 100, 126, 127, 128, 254, 255].map((code) => [
        code === 0 ? 'changed' : 'failed',
        code,
        `out ${code}\n`,
        `err ${code}\n`,
      ]),
    );
  });

  test('runs a program with exactly the words it is given', async () => {
    const words = ['a b', "it's", '$HOME', '*', '', '-n', '\\', 'é', 'line\nline', '`id`', '"', '!'];
    const { stdout } = await only([command(['printf', '<%s>\\n', ...words])]);
    expect(stdout).toBe(words.map((word) => `<${word}>\n`).join(''));
  });

  test('says which program is not there', async () => {
    const { status, rc, stderr } = await only([command(['no-such-program', 'x'])]);
    expect({ status, rc }).toEqual({ status: 'failed', rc: 127 });
    expect(stderr).toContain('no-such-program');
  });

  // Each of these would end the session, or spoil what follows, if the author's text ran in it.
  test.each([
    ['a syntax error', 'if then fi ((', [1, 2, 127]],
    ['an unclosed quote', 'echo "never closed', [1, 2, 127]],
    ['exit', 'exit 7', [7]],
    ['exec', 'exec sh -c "exit 8"', [8]],
    ['set -e', 'set -e; false; echo not here', [1]],
    ['set -u', 'set -u; echo $nothing_of_that_name', [1, 2, 127]],
    ['a shell that kills itself', 'kill -9 $$', [137]],
    ['a term to itself', 'kill -TERM $$', [143]],
    ['changed settings', 'umask 0; cd /; PATH=; IFS=x; trap "" PIPE; set -f; unset HOME; false', [1]],
    ['functions of our names', 'play_end() { :; }; play_flush() { :; }; play_M=x; exit 9', [9]],
    ['closed descriptors', 'exec 0<&- 1>&- 2>&- 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-; exit 4', [4]],
    ['a dead reader', 'yes 2>/dev/null | head -n 1; exit 3', [3]],
  ])('survives %s', async (_, script, codes) => {
    const ran = await host.run([text(script, ignored), text('echo "$PATH $HOME"; umask; pwd')]);
    expect(statuses(ran)).toEqual(['failed', 'changed']);
    expect(codes).toContain(ran.steps[0]?.rc);
    expect(ran.steps[0]?.stdout.replace('y\n', '')).toBe('');
    expect(ran.steps[1]?.stdout).toBe(`${process.env['PATH']}:/usr/sbin:/sbin /nonexistent\n0022\n${process.cwd()}\n`);
  });

  test('leaves a program no descriptor but the three, and no variable of ours but one', async () => {
    const ran = await host.run([text('ls /proc/$$/fd; env | grep -i play'), command(['ls', '/proc/self/fd'])]);
    const lines = ran.steps.map((each) => each?.stdout.trim().split('\n') ?? []);
    // 3 is the folder that ls reads; above 9 is what the tests themselves were started with.
    const numbers = lines.map((each) => each.filter((word) => /^\d$/.test(word)));
    expect(numbers).toEqual([
      ['0', '1', '2'],
      ['0', '1', '2', '3'],
    ]);
    expect(lines[0]?.filter((each) => /play/i.test(each))).toEqual([
      expect.stringMatching(/^PLAY_STEP=[0-9a-f]{32}:\d+:$/),
    ]);
  });

  test('gives a step nothing to read, and what follows is not eaten', async () => {
    const ran = await host.run([text('cat; read x; echo "got $x"'), command(['cat']), text('echo next')]);
    expect(ran.steps.map((each) => each?.stdout)).toEqual(['got \n', '', 'next\n']);
  });

  test('gives a step what it is to read, exactly', async () => {
    const stdin = `one\n\\two\n'"$x\n${'é'.repeat(50_000)}`;
    const ran = await host.run([text('cat', { stdin }), text('read a; echo "$a"; exit 5', { stdin, ...ignored })]);
    expect(sha256(ran.steps[0]!.stdout)).toBe(sha256(stdin));
    expect(ran.steps[1]).toMatchObject({ stdout: 'one\n', rc: 5 });
  });

  test('ends a step when it ends, whatever it leaves running', async () => {
    const from = performance.now();
    const ran = await host.run([text('sleep 30 & echo started $!'), text('echo next')]);
    expect(performance.now() - from).toBeLessThan(20_000);
    expect(statuses(ran)).toEqual(['changed', 'changed']);
    expect(ran.steps[1]?.stdout).toBe('next\n');
    process.kill(Number(ran.steps[0]?.stdout.split(' ')[1]));
  });

  test('keeps every byte', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const octal = [...all].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const ran = await host.run([
      text(`printf '${octal}'; printf '${octal}' >&2`),
      text("printf 'no newline'; printf 'nor here' >&2"),
      text('printf "\\n\\n"'),
      text(''),
      text('cat', { stdin: `${[...'a"\'`$\\é'].join('\n')}\r\x01\x1e\x7f` }),
    ]);
    expect(ran.steps[0]?.bytes.equals(all)).toBe(true);
    expect(ran.steps.slice(1).map((each) => each?.stdout)).toEqual([
      'no newline',
      '\n\n',
      '',
      `${[...'a"\'`$\\é'].join('\n')}\r\x01\x1e\x7f`,
    ]);
    expect(ran.steps[1]?.stderr).toBe('nor here');
  });

  test('does not take output for a marker that only looks like one', async () => {
    const old = `\x1e${'0'.repeat(32)} E 1 changed 0 0\n\x1e${'f'.repeat(32)} B 3\n\x1e\x1e \x1eE 2 ok 0\n`;
    const { stdout, stderr } = await only([text(`printf '%s' '${old}'; printf '%s' '${old}' >&2`)]);
    expect({ stdout, stderr }).toEqual({ stdout: old, stderr: old });
  });

  test('reads a text of any size, with here-documents, line by line as it was written', async () => {
    const body = `${'0123456789abcde\n'.repeat(65_536)}`;
    const ran = await host.run([
      text(`wc -c <<'EOF'\n${body}EOF\necho "$LINENO" >/dev/null; exit 3`, ignored),
      text("cat <<'#q'\n#l 1\n#q\ncat <<EOF\nEOF\necho done"),
    ]);
    expect(ran.steps[0]).toMatchObject({ stdout: `${body.length}\n`, rc: 3 });
    expect(ran.steps[1]?.stdout).toBe('#l 1\ndone\n');
  });

  test('puts values into a text as variables that nothing else sees', async () => {
    const value = `it's $HOME "x"\n\`id\``;
    const run = { text: 'printf "%s" "$__p1"; env | grep -c __p1', assign: { __p1: value }, env: {} };
    expect((await only([step({ kind: 'action', run }, ignored)])).stdout).toBe(`${value}0\n`);
  });

  test('runs other interpreters, with options and arguments', async () => {
    const run = {
      text: 'print "@ARGV $0\\n"; exit 6',
      executable: '/usr/bin/perl',
      options: ['-w'],
      args: ['a b', 'c'],
      env: {},
    };
    const told = await only([step({ kind: 'action', run }, ignored)]);
    expect(told).toMatchObject({ stdout: 'a b c /dev/fd/9\n', stderr: '', rc: 6 });
  });

  test('passes an environment, also by names that shells keep for themselves', async () => {
    const env = { A_B: "it's\n$x", UID: '7', status: 'x', path: '/nowhere', RANDOM: 'no', EMPTY: '' };
    const { stdout } = await only([command(['env', '-0'], { env })]);
    const got = Object.fromEntries(stdout.split('\0').map((each) => each.split(/=(.*)/s).slice(0, 2)));
    expect(got).toMatchObject(env);
  });

  test('starts where it is told, or says that it cannot', async () => {
    const ran = await host.run([text('pwd', { cwd: '/usr' }), text('pwd', { cwd: `${base}/none`, ...ignored })]);
    expect(ran.steps[0]?.stdout).toBe('/usr\n');
    expect(ran.steps[1]).toMatchObject({ status: 'failed', stdout: '' });
    expect(ran.steps[1]?.stderr).toContain(`${base}/none`);
  });

  test('tells a step that died of a signal by its status', async () => {
    const ran = await host.run([command(['sh', '-c', 'kill -9 $$'], ignored), text('kill -9 $$', ignored)]);
    expect(ran.steps.map((each) => each?.rc)).toEqual([137, 137]);
    // A shell that tells of the death of its children would say so here.
    expect(ran.steps.map((each) => each?.stderr)).toEqual(['', '']);
  });

  test('runs an action only where its guard says so', async () => {
    const path = here('guarded');
    const action = (test: string) =>
      step({ kind: 'action', run: { sh: `echo ran >>'${path}'` }, guard: { sh: `[ ! -e '${test}' ]` } });
    const ran: Ran = await host.run([action(path), action(path), action('/nowhere')]);
    expect(statuses(ran)).toEqual(['changed', 'ok', 'changed']);
    expect(existsSync(path)).toBe(true);
  });
});
