import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nameTest } from '../../util/name-pattern.ts';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const fileglob = defineFunction({
  name: 'fileglob',
  summary: 'The files of one folder on the controller whose names fit a pattern, in their order, as absolute paths.',
  params: { pattern: { kind: 'text', about: 'a path whose last part may hold `*`, `?` and `[a-z]`' } },
  result: 'list',
  call: (args, context) => {
    const path = pathOf(args.pattern, context);
    const folder = dirname(path);
    if (/[*?[]/.test(folder)) throw new FunctionError('only the last part of the path may hold *, ? and [ ]');
    const pattern = basename(path);
    const test = nameTest(pattern);
    // POSIX: a name that begins with a dot fits only a pattern that does.
    const fits = (name: string) => test(name) && (!name.startsWith('.') || pattern.startsWith('.'));
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && fits(entry.name))
        .map((entry) => join(folder, entry.name))
        .sort();
    } catch {
      return [];
    }
  },
  examples: [{ args: ['/no/such/folder/*.conf'], result: [] }],
  alsoCalled: ['glob', 'with_fileglob', 'find_files'],
});
