import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Fields, Value } from '../model/value.ts';
import { type BookHead, bookHead } from '../params/book-head.ts';
import { readYaml } from '../parse/yaml.ts';

/** How often a broken file is read again without its end. */
const attempts = 5;

/** What a file holds; of a broken one, what stands before the mistake. Null when there is nothing to be had. */
function contentOf(path: string): Value {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  for (let i = 0; i < attempts; i += 1) {
    const { root, problems } = readYaml({ file: '', text, sources: new Map() });
    if (root) return root.value;
    const start = Math.min(...problems.map(({ at }) => at?.start ?? 0));
    text = text.slice(0, text.lastIndexOf('\n', start - 1) + 1);
  }
  return null;
}

/** What a playbook says before its command line can be read: its commands, and its parameters with those of the command that is meant. */
export function headOf(path: string, entry: string | undefined): BookHead {
  return bookHead(contentOf(path), entry);
}

/** Keys under which tasks, or what holds tasks, are found. */
const holders = ['plays', 'tasks', 'handlers', 'block', 'rescue', 'always'];

/** Every tag that a playbook names, in files that it includes and roles that it uses too, where their names hold no templates. */
export function tagsOf(path: string): string[] {
  const tags = new Set<string>();
  const seen = new Set<string>();
  const roles = join(dirname(path), 'roles');
  const readFile = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    look(contentOf(file), file);
  };
  const look = (value: Value | undefined, file: string): void => {
    if (Array.isArray(value)) for (const each of value) look(each, file);
    if (!isFields(value)) return;
    for (const tag of [value['tags'] ?? []].flat())
      if (typeof tag === 'string') for (const one of tag.split(',')) tags.add(one.trim());
    for (const key of holders) look(value[key], file);
    if (isFields(value['commands'])) for (const command of Object.values(value['commands'])) look(command, file);
    const { include, role } = value;
    if (typeof include === 'string') readFile(resolve(dirname(file), include));
    if (typeof role === 'string')
      for (const part of ['tasks', 'handlers']) readFile(join(roles, role, part, 'main.yml'));
  };
  readFile(path);
  return [...tags].filter((tag) => tag !== '' && !tag.includes('{{')).sort();
}

function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
