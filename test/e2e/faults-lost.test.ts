import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessionProcesses, signal } from '../rig/processes.ts';
import { type FaultProxy, startProxy } from '../rig/proxy.ts';
import { eventually } from '../rig/run.ts';
import { createScene, type HostVars, type Scene, type Told } from './scene.ts';

let scene: Scene;
let proxy: FaultProxy;
let proxied: HostVars;
beforeAll(async () => {
  scene = await createScene();
});
beforeEach(async () => {
  proxy = await startProxy({ target: { host: '127.20.0.1', port: scene.rig.port } });
  proxied = scene.through(proxy);
  // A dead host is noticed within two seconds.
  scene.desk.file('~/.ssh/config', 'Host *\n  ServerAliveInterval 1\n  ServerAliveCountMax 2\n  ConnectTimeout 2\n');
});
afterEach(async () => {
  await proxy.stop();
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

/** Tasks around one that takes a while on the host `bad`; every one of them tells that it ran. */
const around = (slow: string): string => `- hosts: all
  tasks:
    - name: before
      shell: echo before >> "log-{{host.name}}"
    - name: slow
      shell: |
        echo slow >> "log-{{host.name}}"
        if [ "{{host.name}}" = bad ]; then
          ${slow}
        fi
    - name: after
      shell: echo after >> "log-{{host.name}}"
    - name: file
      copy:
        dest: "{{home}}/file-{{host.name}}"
        content: "all of it\\n"
`;

/** Runs a playbook and does something once the host `bad` is in the middle of its slow task. */
async function during(
  book: string,
  fault: () => void | Promise<void>,
  { reported, env = {} }: { reported?: RegExp; env?: Record<string, string> } = {},
): Promise<Told> {
  scene.desk.file('slow.yml', book);
  scene.hosts({ bad: proxied });
  const playing = await scene.start(['slow.yml'], { env });
  if (reported) await playing.says(reported);
  else await eventually('the slow task', 15_000, () => (scene.read('log-bad').includes('slow') ? true : undefined));
  // What is not seen yet would be told after the fault.
  if (book.includes('name: before')) await playing.says(/bad +changed +before/);
  await fault();
  const told = scene.tell(await playing.done);
  expect(told.raw.stderr).toBe('');
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

/** What a lost session wrote down and had to leave behind, which a note has said; it is removed. */
function takeLedger(told: Told): string {
  const noted = /^note (\/tmp\/play-\w+) may be left on bad: it holds what ran there, and can be removed$/m;
  const dir = noted.exec(told.of('bad'))?.[1] ?? '/nowhere';
  const name = readdirSync(dir).find((each) => each.endsWith('.ledger')) ?? '';
  const ledger = readFileSync(join(dir, name), 'utf8');
  rmSync(dir, { recursive: true });
  return ledger;
}

const gone = '127.0.0.1:PORT is not an SSH server, it said: go away';

function unbegun(task: string, reason: string): string {
  return `? bad  ${task}  E_LOST
    the connection to bad was lost (${reason}) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: ${gone}
    → it may have run: look at the host before you run it again`;
}

/** A reset that is found in one look with bytes, or by a write, looks like a plain end. */
const asReset = (text: string): string =>
  text.replaceAll('the other side closed the connection', 'the connection was reset');

const goodTold = 'changed before\nchanged slow\nchanged after\nchanged file';

interface Cut {
  name: string;
  cut(line: FaultProxy): void;
  reason: string;
  read(text: string): string;
}
const cuts: Cut[] = [
  { name: 'row 15: a reset', cut: (line) => line.reset(), reason: 'the connection was reset', read: asReset },
  {
    name: 'row 16: a plain end',
    cut: (line) => line.fin(),
    reason: 'the other side closed the connection',
    read: (text) => text,
  },
];

describe.each(cuts)('$name in the middle of a command', ({ cut, reason, read }) => {
  test('which ends soon: its status is asked for, and the rest runs once', async () => {
    const { exit, of, verdict } = await during(around('sleep 1.5'), () => cut(proxy));
    expect({ exit, verdict }).toEqual({ exit: 0, verdict: '✔ done · 2 hosts · 8 changed' });
    expect(of('good')).toBe(goodTold);
    expect(read(of('bad'))).toBe(
      [
        'changed before',
        `note connection lost: ${reason}`,
        'changed slow',
        `  the connection was lost while it ran (${reason}), so its output may not be complete`,
        'changed after',
        'changed file',
      ].join('\n'),
    );
    expect(scene.read('log-bad')).toBe('before\nslow\nafter\n');
  });

  test('which then fails: that is what is told', async () => {
    const { exit, trouble, of } = await during(around('sleep 1; exit 7'), () => cut(proxy));
    expect(exit).toBe(3);
    expect(of('good')).toBe(goodTold);
    expect(read(trouble)).toBe(
      `✖ bad  slow  slow.yml:5
    exited with 7; the connection was lost while it ran (${reason}), so its output may not be complete`,
    );
    expect(scene.read('log-bad')).toBe('before\nslow\n');
  });

  test('and the host cannot be reached any more: nobody knows', async () => {
    const told = await during(around('sleep 1.5'), () => {
      cut(proxy);
      proxy.garbage('go away\r\n');
    });
    const { exit, trouble, verdict, of } = told;
    expect({ exit, verdict }).toEqual({ exit: 5, verdict: '? unknown · 2 hosts · 5 changed · 3 unknown' });
    expect(of('good')).toBe(goodTold);
    expect(read(trouble)).toBe(
      [
        ...['after  slow.yml:11', 'file  slow.yml:13'].map((task) => unbegun(task, reason)),
        `? bad  slow  slow.yml:5  E_LOST
    the connection to bad was lost (${reason}) while this ran, and the host cannot be asked how it ended: ${gone}
    → look at what it did on the host before you run it again`,
      ].join('\n\n'),
    );
    // The old session ends without another task, and leaves only what it wrote down; that is said.
    await eventually('the end of the command', 5_000, () => sessionProcesses(scene.rig.port).length === 0 || undefined);
    expect(scene.read('log-bad')).toBe('before\nslow\n');
    expect(takeLedger(told)).toBe('start 1\nend 1 0\nstart 2\nend 2 0\n');
  });
});

test('row 15: a command that goes on for long is left running, and its result is unknown', async () => {
  const { exit, trouble, verdict, of } = await during(around('sleep 20; echo late >> log-bad'), () => proxy.reset());
  expect({ exit, verdict }).toEqual({ exit: 5, verdict: '? unknown · 2 hosts · 5 changed · 1 unknown' });
  expect(asReset(trouble)).toMatchInlineSnapshot(`
    "? bad  slow  slow.yml:5  E_LOST
        the connection to bad was lost (the connection was reset) while this ran; it still ran when play had connected again, and was left alone
        → wait until it ends, and look at what it did before you run it again"
  `);
  expect(asReset(of('bad'))).toMatchInlineSnapshot(`
    "changed before
    note connection lost: the connection was reset
    unknown slow slow.yml:5
      the connection to bad was lost (the connection was reset) while this ran; it still ran when play had connected again, and was left alone
      → wait until it ends, and look at what it did before you run it again"
  `);
  expect(of('good')).toBe(goodTold);
  expect(scene.read('log-bad')).toBe('before\nslow\n');
  // Play leaves it alone; the test does not.
  expect(sessionProcesses(scene.rig.port)).not.toEqual([]);
  signal(sessionProcesses(scene.rig.port), 'SIGKILL');
});

test('row 15: a command that died with its connection is not taken for a success', async () => {
  // It is in the middle of its output, which nobody reads any more.
  const { exit, of, trouble } = await during(around('while :; do echo more; sleep 0.1; done'), () => proxy.reset());
  expect(exit).toBe(3);
  expect(of('good')).toBe(goodTold);
  expect(asReset(trouble)).toMatchInlineSnapshot(`
    "✖ bad  slow  slow.yml:5
        killed by SIGPIPE (status 141); the connection was lost while it ran (the connection was reset), so its output may not be complete
        │ more"
  `);
});

test('row 21: a host that was restarted meanwhile has forgotten what ran, so nothing is run again', async () => {
  // Only its clocks tell. Ours is put forward instead, which looks the same: the session is older than the host is up.
  const late = join(scene.desk.dir, 'late');
  const clock = `const { now } = Date; Date.now = () => now() + (require('node:fs').existsSync('${late}') ? 1e12 : 0);`;
  const env = { NODE_OPTIONS: `--require ${scene.desk.file('clock.cjs', clock)}` };
  const { uid } = statSync(scene.home);
  const runDirectories = (): string[] =>
    readdirSync('/tmp').filter((name) => name.startsWith('play-') && statSync(join('/tmp', name)).uid === uid);
  const cut = async (): Promise<void> => {
    // The neighbour has the same account; when it is done, only one session has something written down.
    await eventually('the end of the neighbour', 5_000, () => (runDirectories().length === 1 ? true : undefined));
    for (const name of runDirectories()) rmSync(join('/tmp', name), { recursive: true });
    writeFileSync(late, '');
    proxy.reset();
    signal(sessionProcesses(scene.rig.port), 'SIGKILL');
  };
  const { exit, trouble, of, verdict } = await during(around('sleep 20'), cut, { env });
  rmSync(late);
  expect(exit).toBe(5);
  expect(verdict).toMatch(/^\? unknown · 2 hosts · 5 changed · 3 unknown/);
  expect(of('good')).toBe(goodTold);
  expect(asReset(trouble)).toMatchInlineSnapshot(`
    "? bad  after  slow.yml:11  E_LOST
        the connection to bad was lost (the connection was reset) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: it has been restarted since
        → it may have run: look at the host before you run it again

    ? bad  file  slow.yml:13  E_LOST
        the connection to bad was lost (the connection was reset) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: it has been restarted since
        → it may have run: look at the host before you run it again

    ? bad  slow  slow.yml:5  E_LOST
        the connection to bad was lost (the connection was reset) while this ran, and the host cannot be asked how it ended: it has been restarted since
        → look at what it did on the host before you run it again"
  `);
  expect(scene.read('log-bad')).toBe('before\nslow\n');
});

describe('between two tasks', () => {
  const book = `- hosts: all
  tasks:
    - name: before
      shell: echo before >> "log-{{host.name}}"
    - name: wait
      pause: { seconds: 2 }
    - name: after
      shell: echo after >> "log-{{host.name}}"
`;

  test.each(cuts)('$name is made good by connecting again', async ({ cut, reason, read }) => {
    const { exit, of } = await during(book, () => cut(proxy), { reported: /bad +changed +before/ });
    expect(exit).toBe(0);
    expect(read(of('bad'))).toBe(`changed before\nok wait waited 2 s\nnote connection lost: ${reason}\nchanged after`);
    expect(scene.read('log-bad')).toBe('before\nafter\n');
  });

  test('and the host is gone then: it is unreachable, nothing is unknown', async () => {
    const told = await during(
      book,
      () => {
        proxy.fin();
        proxy.garbage('go away\r\n');
      },
      { reported: /bad +changed +before/ },
    );
    const { exit, trouble, of } = told;
    expect(takeLedger(told)).toBe('start 1\nend 1 0\n');
    expect(exit).toBe(4);
    expect(of('good')).toBe('changed before\nok wait waited 2 s\nchanged after');
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_NOT_SSH
          127.0.0.1:PORT is not an SSH server, it said: go away
          → check the port (ansible_port)"
    `);
  });
});

describe('while content is on its way', () => {
  const size = 3_000_000;
  const book = `- hosts: all
  tasks:
    - name: big
      copy: { src: big.bin, dest: "{{home}}/file-{{host.name}}" }
    - name: after
      shell: echo after >> "log-{{host.name}}"
`;
  beforeEach(() => {
    scene.desk.file('big.bin', 'x'.repeat(size));
    scene.desk.file('big.yml', book);
    scene.hosts({ bad: proxied });
  });

  test.each(['reset', 'fin', 'flip'] as const)('a %s: the file comes whole over the next connection', async (fault) => {
    proxy.afterBytes(1_000_000, fault, 'up');
    const playing = await scene.start(['big.yml']);
    await eventually('the connection', 15_000, () => (proxy.connections.total === 1 ? true : undefined));
    // For later ones.
    proxy.heal();
    const { exit, of } = scene.tell(await playing.done);
    expect({ exit, bad: of('bad').replace(/lost: .*/, 'lost: …') }).toEqual({
      exit: 0,
      bad: 'note connection lost: …\nchanged big\nchanged after',
    });
    expect(statSync(join(scene.home, 'file-bad')).size).toBe(size);
    expect(scene.read('log-bad')).toBe('after\n');
  });

  test('and the host cannot be reached any more: the old file stands', async () => {
    proxy.afterBytes(1_000_000, 'reset', 'up');
    const playing = await scene.start(['big.yml']);
    await eventually('the fault', 15_000, () => (proxy.bytes.up >= 1_000_000 ? true : undefined));
    proxy.garbage('go away\r\n');
    const { exit, trouble } = scene.tell(await playing.done);
    expect(exit).toBe(5);
    expect(asReset(trouble)).toMatchInlineSnapshot(`
      "? bad  after  big.yml:5  E_LOST
          the connection to bad was lost (the connection was reset) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: 127.0.0.1:PORT is not an SSH server, it said: go away
          → it may have run: look at the host before you run it again

      ? bad  big  big.yml:3  E_LOST
          the connection to bad was lost (the connection was reset) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: 127.0.0.1:PORT is not an SSH server, it said: go away
          → it may have run: look at the host before you run it again"
    `);
    expect(readdirSync(scene.home).filter((name) => name.includes('bad'))).toEqual([]);
  });
});

describe('row 17: a host that says nothing any more', () => {
  /** Stops the server's side of all sessions, as a machine does that hangs; the listener goes on. */
  function freezeSessions(): number[] {
    const shells = sessionProcesses(scene.rig.port);
    const servers = [...new Set(shells.flatMap(sshdsAbove))];
    signal(servers, 'SIGSTOP');
    return servers;
  }

  test('is given up after ServerAliveInterval times ServerAliveCountMax, and nothing runs twice', async () => {
    let frozen: number[] = [];
    scene.desk.file('slow.yml', around('sleep 3.5'));
    // Alone: its neighbour would be frozen as well.
    scene.hosts({ bad: proxied });
    const playing = await scene.start(['slow.yml', '-l', 'bad']);
    await eventually('the slow task', 15_000, () => (scene.read('log-bad').includes('slow') ? true : undefined));
    frozen = freezeSessions();
    const { exit, of, ms } = scene.tell(await playing.done);
    // The old session wakes up and finds that it is to do nothing any more.
    signal(frozen, 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(scene.read('log-bad')).toBe('before\nslow\nafter\n');
    expect(of('bad')).toMatchInlineSnapshot(`
      "changed before
      note connection lost: the host no longer answers
      changed slow
        the connection was lost while it ran (the host no longer answers), so its output may not be complete
      changed after
      changed file"
    `);
    expect(exit).toBe(0);
    expect(ms).toBeLessThan(20_000);
  });

  test('and does not answer a new connection either: nobody knows', async () => {
    const told = await during(around('sleep 1'), () => proxy.freeze());
    const { exit, trouble, of, ms } = told;
    // All was on its way to the host already, so it went on.
    await proxy.stop();
    await eventually('the end of the session', 5_000, () => sessionProcesses(scene.rig.port).length === 0 || undefined);
    expect(takeLedger(told)).toBe('start 1\nend 1 0\nstart 2\nend 2 0\nstart 3\nend 3 0\n');
    expect(exit).toBe(5);
    expect(of('good')).toBe(goodTold);
    expect(trouble).toMatchInlineSnapshot(`
      "? bad  after  slow.yml:11  E_LOST
          the connection to bad was lost (the host no longer answers) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: no answer from 127.0.0.1:PORT within N s while waiting for the SSH greeting (phase banner)
          → it may have run: look at the host before you run it again

      ? bad  file  slow.yml:13  E_LOST
          the connection to bad was lost (the host no longer answers) after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: no answer from 127.0.0.1:PORT within N s while waiting for the SSH greeting (phase banner)
          → it may have run: look at the host before you run it again

      ? bad  slow  slow.yml:5  E_LOST
          the connection to bad was lost (the host no longer answers) while this ran, and the host cannot be asked how it ended: no answer from 127.0.0.1:PORT within N s while waiting for the SSH greeting (phase banner)
          → look at what it did on the host before you run it again"
    `);
    expect(ms).toBeLessThan(20_000);
  });
});

test('row 18: flipped bits are noticed and never taken for a result', async () => {
  const book = around('while [ ! -e log-go ]; do sleep 0.1; done; echo more');
  const { exit, of } = await during(book, () => {
    proxy.flip('down');
    writeFileSync(join(scene.home, 'log-go'), '');
  });
  expect(exit).toBe(0);
  const remark =
    '  the connection was lost while it ran (data was corrupted on the wire), so its output may not be complete';
  expect(of('bad')).toContain(`changed slow\n${remark}\n`);
  // How far the host came before the line was given up is not known here.
  const bare = of('bad')
    .replaceAll(`${remark}\n`, '')
    .replace(/\n {2}as asked after a lost connection.*/, '');
  expect(bare).toMatchInlineSnapshot(`
    "changed before
    note connection lost: data was corrupted on the wire
    changed slow
    changed after
    changed file"
  `);
  expect(scene.read('log-bad')).toBe('before\nslow\nafter\n');
});

test('a command whose output is registered is unknown when half of the output is lost', async () => {
  const book = `- hosts: all
  tasks:
    - name: slow
      shell: echo slow >> "log-{{host.name}}"; echo one; sleep 1
      register: slow
    - name: after
      shell: echo "{{slow.stdout}}" >> "log-{{host.name}}"
`;
  const { exit, trouble, of } = await during(book, () => proxy.reset());
  expect(exit).toBe(5);
  expect(of('good')).toBe('changed slow\n  │ one\nchanged after');
  // A reset may overtake what was on its way.
  expect(asReset(trouble).replace(/\n *│ one$/, '')).toMatchInlineSnapshot(`
    "? bad  slow  slow.yml:3  E_LOST
        the connection to bad was lost (the connection was reset) while this ran; it ended with status 0, but its output, which this task registers or decides on, is not complete
        → look at what it did on the host before you run it again"
  `);
  expect(scene.read('log-bad')).toBe('slow\n');
});

test('a command that kills the shell it runs in is not taken for anything', async () => {
  scene.hosts({ bad: { ansible_host: '127.20.0.1' } });
  scene.desk.file('kill.yml', around('kill -9 $PPID').replaceAll('echo slow >>', 'true >>'));
  const { exit, trouble, of } = await scene.run(['kill.yml']);
  expect(exit).toBe(5);
  expect(of('good')).toBe(goodTold);
  expect(trouble).toMatchInlineSnapshot(`
    "? bad  slow  kill.yml:5  E_LOST
        the connection to bad was lost (the shell of the session ended with status 137) while this ran; it runs no longer, and how it ended is not written down on the host
        → look at what it did on the host before you run it again"
  `);
  expect(scene.read('log-bad')).toBe('before\n');
});

test('a host that is lost again and again before anything comes of it is given up', async () => {
  scene.hosts({ bad: { ansible_host: '127.20.0.1' } });
  const check = "if [ -e '{{home}}/kill-{{host.name}}' ]; then kill -9 $PPID; fi; true %s";
  const tasks = [
    { name: 'file', copy: { dest: '{{home}}/file-{{host.name}}', content: 'all of it\n', validate: check } },
    { name: 'last', shell: 'echo last >> "log-{{host.name}}"' },
  ];
  scene.desk.file('check.yml', JSON.stringify([{ hosts: 'all', tasks }]));
  writeFileSync(join(scene.home, 'kill-bad'), '');
  const { exit, trouble, of } = await scene.run(['check.yml']);
  rmSync(join(scene.home, 'kill-bad'));
  expect(exit).toBe(5);
  expect(of('good')).toBe('changed file\nchanged last');
  expect(trouble).toMatchInlineSnapshot(`
    "✖ bad  unreachable  E_CONNECTION_LOST
        the connection was lost: the shell of the session ended with status 137 (3 times in a row)
        → check the network and the log of sshd on the host; what it was doing then is not known"
  `);
  expect(scene.read('log-bad')).toBe('');
});

/** The processes of sshd above another process. */
function sshdsAbove(pid: number): number[] {
  const found: number[] = [];
  for (let at = pid; at > 1; ) {
    const stat = readFileSync(`/proc/${at}/stat`, 'latin1');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const args = readFileSync(`/proc/${at}/cmdline`, 'latin1');
    if (name.startsWith('sshd') && !args.includes('[listener]') && !args.includes(' -D ')) found.push(at);
    at = parent;
  }
  return found;
}
