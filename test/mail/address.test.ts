import { describe, expect, test } from 'vitest';
import { readAddress, shownAddress } from '../../src/mail/address.ts';

describe('addresses', () => {
  test.each([
    ['a@example.com', '', 'a@example.com'],
    [' a@example.com ', '', 'a@example.com'],
    ['Ann Lee <a@example.com>', 'Ann Lee', 'a@example.com'],
    ['"Lee, Ann" <a@example.com>', 'Lee, Ann', 'a@example.com'],
    ['"Ann \\"A\\" Lee" <a@example.com>', 'Ann "A" Lee', 'a@example.com'],
    ['Jürgen <jürgen@bücher.example>', 'Jürgen', 'jürgen@bücher.example'],
    ['<a@example.com>', '', 'a@example.com'],
    ["o'neil+tag@sub.example.co.uk", '', "o'neil+tag@sub.example.co.uk"],
    ['root@localhost', '', 'root@localhost'],
    ['a@[192.0.2.1]', '', 'a@[192.0.2.1]'],
    ['a@[IPv6:2001:db8::1]', '', 'a@[IPv6:2001:db8::1]'],
  ])('%s', (text, name, address) => {
    expect(readAddress(text)).toEqual({ name, address });
    expect(readAddress(shownAddress({ name, address }))).toEqual({ name, address });
  });

  test.each([
    ['', 'has no "@"'],
    ['ann', 'has no "@"'],
    ['a@', 'cannot have "" after'],
    ['@x.io', 'cannot have "" before'],
    ['a@b@c', 'more than one "@"'],
    ['a b@x.io', 'has a space'],
    ['a@x .io', 'has a space'],
    ['a@x..io', 'after the "@"'],
    ['a@-x.io', 'after the "@"'],
    ['a@x_y.io', 'after the "@"'],
    ['.a@x.io', 'before the "@"'],
    ['a..b@x.io', 'before the "@"'],
    ['a@x.io,b@x.io', 'an entry of its own'],
    ['a@x.io;b@x.io', 'an entry of its own'],
    ['Ann <a@x.io>, b@x.io', 'an entry of its own'],
    ['Lee, Ann <a@x.io>', 'needs "quotes"'],
    ['Ann <a@x.io> <b@x.io>', 'more than one "@"'],
    ['a@x.io\nBcc: b@x.io', 'control character'],
    ['a@x.io\u2028b', 'control character'],
    ['a\0@x.io', 'control character'],
    [`${'a'.repeat(65)}@x.io`, 'more than 64 bytes'],
    ['undisclosed: a@x.io;', 'an entry of its own'],
    ['a@[evil]', 'after the "@"'],
    ['(comment)a@x.io', 'before the "@"'],
  ])('not %j', (text, words) => {
    expect(readAddress(text)).toContain(words);
  });
});
