import type { Module } from '../model/module.ts';
import type { Context } from './context.ts';
import { shortened } from './describe.ts';
import { paramsOf } from './params.ts';

/** One `key=value` of Ansible's one-line form, the value in quotes or without white space. */
const PAIR = /(?:^|\s)([a-z_]+)=("[^"]*"|'[^']*'|(?:\{\{.*?\}\}|\S)+)/g;

/** Longer texts are no one-line form, and are not searched for one. */
const LONGEST = 1_000;

/**
 * The mapping that Ansible's `k=v k=v` text stands for; undefined when the text is no such form.
 * For modules whose short form is a command line only the parameters that Ansible takes out of it count, because a program has arguments with `=` too.
 */
export async function keyValueForm(context: Context, module: Module, text: string): Promise<string | undefined> {
  if (!text.includes('=') || text.includes('\n') || text.length > LONGEST) return undefined;
  const pairs = [...text.matchAll(PAIR)].map(([whole, key = '', value = '']) => ({ whole, key, value }));
  if (pairs.length === 0) return undefined;
  const known = new Set(await paramsOf(context, module));
  const { shorthand } = module;
  if (shorthand !== undefined && module.shellText?.[shorthand] !== undefined) {
    const taken = pairs.filter(({ key }) => TAKEN_FROM_COMMANDS.has(key) && known.has(key));
    if (taken.length === 0) return undefined;
    const command = taken.reduce((rest, { whole }) => rest.replace(whole, ''), text).trim();
    return form(module.name, [`${shorthand}: ${word(command)}`, ...taken.map(entry)]);
  }
  const first = pairs[0];
  if (first === undefined || !known.has(first.key) || !text.trimStart().startsWith(`${first.key}=`)) return undefined;
  return form(module.name, pairs.map(entry));
}

const TAKEN_FROM_COMMANDS = new Set(['chdir', 'creates', 'removes', 'executable', 'stdin']);

function entry({ key, value }: { key: string; value: string }): string {
  return `${key}: ${word(value.replace(/^(["'])(.*)\1$/, '$2'))}`;
}

function word(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function form(module: string, entries: readonly string[]): string {
  return shortened(`${module}: { ${entries.join(', ')} }`, 200);
}
