import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  judge,
  type KnownHosts,
  knownHosts,
  knownHostsName,
  parseKnownHosts,
  typesOnFile,
} from '../../src/ssh/known-hosts.ts';
import { fingerprint, keyType } from '../../src/ssh/public-key.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-known-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const keyLine = (type: string, ...fields: Buffer[]): string =>
  `${type} ${Buffer.concat([Buffer.from(type), ...fields].map(field)).toString('base64')}`;

/** A key that nobody has, as known_hosts writes it. */
function ed25519(): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  return keyLine('ssh-ed25519', publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
}

const [keyA, keyB, keyC] = [ed25519(), ed25519(), ed25519()];
const rsa = keyLine('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0, 200]), randomBytes(255)]));
const blob = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64');
const web: { address: string; port: number } = { address: 'web1.example', port: 22 };
const read = (text: string, file = 'known_hosts'): KnownHosts => knownHosts(parseKnownHosts(text, file));
const verdict = (text: string, key: string, endpoint = web): string => judge(read(text), endpoint, blob(key)).kind;

describe('a known_hosts file says about a key', () => {
  test.each<[string, string, string]>([
    ['nothing, when it is empty', '', 'unknown'],
    ['known, when the host has it', `web1.example ${keyA}`, 'known'],
    ['known, whatever the case of the name', `WEB1.Example ${keyA}`, 'known'],
    [
      'known, with a comment behind it and tabs between',
      `\t web1.example\t${keyA.replace(' ', '\t')} me@here`,
      'known',
    ],
    ['known, from a file with Windows line ends', `web2 ${keyB}\r\nweb1.example ${keyA}\r\n`, 'known'],
    ['known, in a list of names', `10.0.0.1,web1.example,web1 ${keyA}`, 'known'],
    ['known, by a pattern', `*.example ${keyA}`, 'known'],
    ['known, by a pattern of single characters', `web?.exampl? ${keyA}`, 'known'],
    ['unknown, when a pattern excludes it', `*.example,!web1.* ${keyA}`, 'unknown'],
    ['unknown, when only excluded', `!web1.example ${keyA}`, 'unknown'],
    ['known, when another line has another key', `web1.example ${keyB}\nweb1.example ${keyA}`, 'known'],
    ['changed, when the host has another one', `web1.example ${keyB}`, 'changed'],
    ['changed, when the host has one of another type', `web1.example ${rsa}`, 'changed'],
    ['unknown, when it belongs to another host', `web2.example ${keyA}`, 'unknown'],
    ['unknown, when the entry is for another port', `[web1.example]:2222 ${keyA}`, 'unknown'],
    ['revoked, even when the host has it', `web1.example ${keyA}\n@revoked web1.example ${keyA}`, 'revoked'],
    ['revoked, for all hosts', `@revoked * ${keyA}`, 'revoked'],
    ['unknown, when another key is revoked', `@revoked * ${keyB}`, 'unknown'],
    ['unknown, when the host is trusted by certificates', `@cert-authority *.example ${keyA}`, 'unknown'],
    ['unknown, when the marker is a stranger', `@future web1.example ${keyA}`, 'unknown'],
    ['unknown, when the line is a comment', `# web1.example ${keyA}`, 'unknown'],
    ['unknown, when the key is cut off', `web1.example ${keyA.slice(0, -8)}`, 'unknown'],
    ['unknown, when the key has a letter that is none', `web1.example ${keyA.replace('AAAA', 'AA*A')}`, 'unknown'],
    [
      'unknown, when the type is not the key’s own',
      `web1.example ${keyA.replace('ssh-ed25519', 'ssh-rsa')}`,
      'unknown',
    ],
    ['unknown, when the line has no key', 'web1.example ssh-ed25519', 'unknown'],
    ['unknown, in an old line of SSH 1', 'web1.example 1024 35 1234567890', 'unknown'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text, keyA)).toBe(expected);
  });

  test('the host is trusted by certificates only, and where that stands', () => {
    const text = `web2 ${keyB}\n@cert-authority *.example ${keyC}`;
    expect(judge(read(text, 'kh'), web, blob(keyA))).toMatchObject({
      kind: 'unknown',
      authority: { file: 'kh', line: 2 },
    });
  });

  test('which lines a changed key contradicts', () => {
    const found = judge(read(`# old\nweb1.example ${keyB}\n\nweb1.example ${rsa}`), web, blob(keyA));
    expect(found.kind === 'changed' && found.entries.map(({ line }) => line)).toEqual([2, 4]);
  });

  test('a server on another port stands under [host]:port, or has the key of the host itself', () => {
    const other = { address: 'web1.example', port: 2222 };
    expect(knownHostsName(other)).toBe('[web1.example]:2222');
    expect(verdict(`[web1.example]:2222 ${keyA}`, keyA, other)).toBe('known');
    expect(verdict(`web1.example ${keyA}`, keyA, other)).toBe('known');
    expect(verdict(`web1.example ${keyB}`, keyA, other)).toBe('unknown');
    expect(verdict(`[web1.example]:2222 ${keyB}\nweb1.example ${keyA}`, keyA, other)).toBe('changed');
  });

  test('which key types to ask the server for', () => {
    const entries = read(`web1.example ${rsa}\nweb1.example ${keyB}\n@revoked * ${keyA}`);
    expect(typesOnFile(entries, web)).toEqual(['ssh-rsa', 'ssh-ed25519']);
    expect(typesOnFile(entries, { ...web, port: 2222 })).toEqual(['ssh-rsa', 'ssh-ed25519']);
    expect(typesOnFile(read(''), web)).toEqual([]);
  });
});

test('a fingerprint is the one that ssh-keygen prints', () => {
  const file = join(dir, 'one.pub');
  writeFileSync(file, `${keyA}\n`);
  const said = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' });
  expect(said).toContain(fingerprint(blob(keyA)));
  expect(keyType(blob(keyA))).toBe('ssh-ed25519');
});

test('no bytes make the parser throw, and what it cannot read is no key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
      parseKnownHosts(text, 'kh');
      keyType(Buffer.from(bytes));
      return verdict(`web1.example ssh-ed25519 ${Buffer.from(bytes).toString('base64')}`, keyA) === 'unknown';
    }),
  );
}, 120_000);

/** Names and patterns that meet often enough to matter. */
const names = ['web1', 'web2', 'web10', 'web1.example', 'db.example', '10.0.0.1', '10.0.0.11', '::1', 'fe80::1%eth0'];
const patterns = [
  'WEB1',
  '*',
  'web*',
  'web?',
  '*.example',
  '10.0.0.?',
  '!web1',
  '!*.example',
  'w*1',
  '[web1]:2222',
  '[*]:2222',
  '[*',
];

/** A file of 240 lines, always the same. */
function corpus(): string {
  let seed = 7;
  const pick = <T>(list: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return list[Math.floor((seed / 2_147_483_648) * list.length)] as T;
  };
  const line = (): string => {
    const list = Array.from({ length: pick([1, 1, 2, 3]) }, () => pick(pick([names, patterns])));
    return `${pick(['', '', '', '@revoked ', '@cert-authority '])}${list.join(',')} ${pick([keyA, keyB, keyC])}\n`;
  };
  return Array.from({ length: 240 }, line).join('');
}

test.each(['plain', 'hashed'])(
  '240 lines and 18 names, %s: a line speaks about a host when ssh-keygen -F finds it',
  (form) => {
    const file = join(dir, form);
    writeFileSync(file, corpus());
    // Patterns stay as they are, names become hashes.
    if (form === 'hashed') execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const known = read(readFileSync(file, 'utf8'));
    const found = names
      .flatMap((name) => [name, knownHostsName({ address: name, port: 2222 })])
      .map((name) => {
        const said = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' }).stdout;
        const theirs = [...said.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
        const ours = known.about(name.toLowerCase()).map(({ line }) => line);
        expect({ name, lines: ours }).toEqual({ name, lines: theirs });
        return theirs.length;
      });
    expect(Math.min(...found)).toBeGreaterThan(5);
  },
);

test('a hashed name is found under its own hash alone', () => {
  const file = join(dir, 'hashed');
  writeFileSync(file, `web1.example ${keyA}\n[web1.example]:2222 ${keyB}\n`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^\|1\|/);
  expect(verdict(text, keyA)).toBe('known');
  expect(verdict(text, keyB, { ...web, port: 2222 })).toBe('known');
  expect(verdict(text, keyA, { address: 'web2.example', port: 22 })).toBe('unknown');
  const broken = `|1|${randomBytes(20).toString('base64')} ${keyA}\n|2|a|b ${keyA}\n|| ${keyA}\n`;
  expect(verdict(broken, keyA)).toBe('unknown');
});
