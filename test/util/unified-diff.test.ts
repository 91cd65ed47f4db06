import { expect, it } from 'vitest';
import { unifiedDiff } from '../../src/util/unified-diff.ts';

it('shows what changes, with context', async () => {
  const diff = await unifiedDiff({ path: '/etc/site.conf', before: 'a\nb\nc\n', after: 'a\nB\nc\n' });
  expect(diff).toBe('--- /etc/site.conf\n+++ /etc/site.conf\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n');
});

it('shows a new and a removed file against /dev/null', async () => {
  expect(await unifiedDiff({ path: '/f', before: undefined, after: 'x' })).toBe(
    '--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+x\n\\ No newline at end of file\n',
  );
  expect(await unifiedDiff({ path: '/f', before: 'x\n', after: undefined })).toContain('--- /f\n+++ /dev/null\n');
});

it('says nothing about equal texts', async () => {
  expect(await unifiedDiff({ path: '/f', before: 'x', after: 'x' })).toBe('');
});

it('tells binary and hopeless diffs in one line', async () => {
  expect(await unifiedDiff({ path: '/f', before: 'a\0', after: 'b' })).toContain(
    '@@ binary, 2 bytes before, 1 bytes after @@',
  );
  const lines = (mark: string): string => Array.from({ length: 30_000 }, (_, i) => `${mark}${i}\n`).join('');
  expect(await unifiedDiff({ path: '/f', before: lines('a'), after: lines('b') })).toContain('too many changes');
});
