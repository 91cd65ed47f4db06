import { describe, expect, test } from 'vitest';
import { mayBeSeen } from '../../src/saved/influence.ts';
import { masked } from '../../src/saved/masked.ts';

describe('what an earlier step of a plan may have to do with a later one', () => {
  test.each([
    { changed: ['/srv/app'], seen: ['/srv/app'], may: true },
    { changed: ['/srv/app'], seen: ['/srv/app/conf'], may: true },
    { changed: ['/srv/app/conf'], seen: ['/srv/app'], may: true },
    { changed: ['/srv/app'], seen: ['/srv/application'], may: false },
    { changed: ['/'], seen: ['/etc/hosts'], may: true },
    { changed: ['/srv'], seen: ['/etc/hosts'], may: false },
    { changed: 'any' as const, seen: ['/etc/hosts'], may: true },
    { changed: ['/srv'], seen: 'any' as const, may: true },
  ])('$changed, then a look at $seen: $may', ({ changed, seen, may }) => {
    expect(mayBeSeen(changed, seen)).toBe(may);
  });
});

test('text of a plan for people shows no secret and no whole hash', () => {
  const sum = 'ab'.repeat(32);
  expect(masked(`file swordfish sha256 ${sum}`, (text) => text.replaceAll('swordfish', '***'))).toBe(
    'file *** sha256 abababababab…',
  );
});
