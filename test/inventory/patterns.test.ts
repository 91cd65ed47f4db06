import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { limitHosts } from '../../src/inventory/limit.ts';
import { matchHosts } from '../../src/inventory/match-hosts.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { load, shown } from './rig.ts';

const text = `
web:
  hosts: { "web[0:3]": }
linux:
  hosts: { web2:, web1:, db1:, "2001:db8::1": }
canary:
  hosts: { web1: }
db:
  hosts: { db1:, db2.example.com: }
empty:
n1:
  hosts: { x5: }
`;

let inventory: Inventory;
let nothing: Inventory;
beforeAll(async () => {
  inventory = (await load({ 'hosts.yml': text })).inventory;
  nothing = (await load({}, { sources: [] })).inventory;
});

const everyone = 'web0 web1 web2 web3 db1 2001:db8::1 db2.example.com x5';

describe('a host pattern', () => {
  it.each([
    ['all', everyone],
    ['*', everyone],
    ['web', 'web0 web1 web2 web3'],
    ['web1', 'web1'],
    ['db:web', 'web0 web1 web2 web3 db1 db2.example.com'],
    ['db, canary', 'web1 db1 db2.example.com'],
    ['web:&linux', 'web1 web2'],
    ['web:&linux:!canary', 'web2'],
    ['!canary:web:&linux', 'web2'],
    ['web,&linux,!canary', 'web2'],
    ['!web', 'db1 2001:db8::1 db2.example.com x5'],
    ['&linux', 'web1 web2 db1 2001:db8::1'],
    ['web*', 'web0 web1 web2 web3'],
    ['web?:!web[1:2]', 'web0 web3'],
    ['*.example.com', 'db2.example.com'],
    ['web[!0-1]', 'web2 web3'],
    ['~web[12]', 'web1 web2'],
    ['~(?:web|db)\\d$', 'web0 web1 web2 web3 db1'],
    ['~^d.{1,2}1:!web', 'db1'],
    ['~eb1', undefined],
    ['web[0]', 'web0'],
    ['web[-1]', 'web3'],
    ['web[0:2]', 'web0 web1 web2'],
    ['web[2:]', 'web2 web3'],
    ['web[:1]', 'web0 web1'],
    ['web[-2:]', 'web2 web3'],
    ['web[1:99]', 'web1 web2 web3'],
    ['all[0]', 'web0'],
    ['web*[1]', 'web1'],
    ['x[5]', 'x5'],
    ['we[0:9]:!web', undefined],
    ['x[3:7],db1', 'db1 x5'],
    ['empty', ''],
    ['empty[0]', ''],
    ['web:&empty', ''],
    ['web:!empty', 'web0 web1 web2 web3'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['!2001:db8::1,linux', 'web1 web2 db1'],
    ['db1:[2001:db8::1]', 'db1 2001:db8::1'],
    ['localhost', 'localhost'],
    ['localhost,db1', 'db1 localhost'],
    ['ungrouped', ''],
  ])('%s', (pattern, hosts) => {
    const found = matchHosts(inventory, pattern);
    expect(found.problems.map((p) => shown(p)).length).toBe(hosts === undefined ? 1 : 0);
    expect(found.hosts.join(' ')).toBe(hosts ?? '');
  });

  it.each([
    ['', 'the host pattern is empty | name a host or a group, or write "all"'],
    [' , :', 'the host pattern is empty | name a host or a group, or write "all"'],
    ['wbe', 'no host or group matches "wbe" | did you mean "web"?'],
    ['web:!canray', 'no host or group matches "canray" | did you mean "canary"?'],
    ['wep[0]', 'no host or group matches "wep[0]" | did you mean "web"?'],
    ['zzzzzzzz*', 'no host or group matches "zzzzzzzz*"'],
    ['web[9]', '"web[9]" asks for a host that is not there | there are 4 hosts, numbered 0 to 3'],
    ['canary[1]', '"canary[1]" asks for a host that is not there | there is 1 host, number 0'],
    ['web:&', 'the host pattern "&" cannot be read: a name is missing | patterns are'],
    ['~web(', 'the host pattern "~web(" cannot be read: '],
    ['web\u001b[2J', 'no host or group matches "web\\x1b[2J"'],
  ])('%j is refused', (pattern, message) => {
    const [first] = matchHosts(inventory, pattern).problems;
    expect(first && shown(first).slice(0, message.length)).toBe(message);
  });

  it('takes a range with leading zeros for names, even where a group has that name', async () => {
    const padded = (await load({ 'hosts.yml': 'web: { hosts: { "web[01:12]": } }\n' })).inventory;
    expect(matchHosts(padded, 'web[01:02]').hosts).toEqual(['web01', 'web02']);
    expect(matchHosts(padded, 'web[1:2]').hosts).toEqual(['web02', 'web03']);
    expect(matchHosts(padded, 'web[09:20]:!web[09:11]').hosts).toEqual(['web12']);
  });

  it('says that there is no inventory', () => {
    expect(matchHosts(nothing, 'localhost').hosts).toEqual(['localhost']);
    for (const pattern of ['all', 'web'])
      expect(matchHosts(nothing, pattern).problems.map((p) => shown(p))).toEqual([
        `no host or group matches "${pattern}" | there is no inventory, so only localhost is known: give one with -i FILE or -i web1,`,
      ]);
  });

  it('points at the part that is wrong', () => {
    const source = "hosts: 'web:&linxu'";
    const at = { file: 'deploy.yml', start: 7, end: 19 };
    const [found] = matchHosts(inventory, 'web:&linxu', at).problems;
    expect(source.slice(found?.at?.start, found?.at?.end)).toBe('&linxu');
  });

  it('answers in linear time', () => {
    const started = performance.now();
    matchHosts(inventory, `~(a+)+$:${'('.repeat(200)}:~${'(x+x+)+'.repeat(20)}y`);
    matchHosts(inventory, '*'.repeat(500));
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('never crashes, and names only hosts of the inventory', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'web',
        'db',
        '[',
        ']',
        ':',
        ',',
        '!',
        '&',
        '~',
        '*',
        '?',
        '[0]',
        '[1:2]',
        '(',
        '\\',
        '2001:db8::1',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { hosts } = matchHosts(inventory, pieces.join(''), { file: 'x', start: 0, end: pieces.join('').length });
        for (const host of hosts) expect(inventory.hosts.has(host)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('--limit', () => {
  const limited = async (limit: string, file = ''): Promise<string> => {
    const cwd = await mkdtemp(join(tmpdir(), 'play-limit-'));
    try {
      await writeFile(join(cwd, 'failed.txt'), file);
      const { hosts, problems } = await limitHosts({ inventory, limit, cwd });
      return problems.length > 0 ? problems.map((p) => shown(p)).join('\n') : hosts.join(' ');
    } finally {
      await rm(cwd, { recursive: true });
    }
  };

  it('takes patterns and the lines of files', async () => {
    expect(await limited('web:!canary')).toBe('web0 web2 web3');
    expect(await limited('@failed.txt', 'db1\r\n\n# not this one\n2001:db8::1\n')).toBe('db1 2001:db8::1');
    expect(await limited('web0,@failed.txt', 'db1\ndb2.example.com')).toBe('web0 db1 db2.example.com');
  });

  it('leaves nothing when its file is missing, empty or wrong', async () => {
    expect(await limited('@faild.txt')).toBe(
      'the limit file "faild.txt" cannot be read: no such file or folder | --limit @FILE takes a file with one host a line',
    );
    expect(await limited('@failed.txt', '\n')).toContain('the host pattern is empty');
    expect(await limited('@failed.txt', 'db11\n')).toBe('no host or group matches "db11" | did you mean "db1"?');
  });
});
