/** Every directory on the way to a path, the path last. */
export function pathParts(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  const root = path.startsWith('/') ? '/' : '';
  return names.map((_, i) => root + names.slice(0, i + 1).join('/'));
}
