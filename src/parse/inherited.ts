import type { Become, Inherited } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, report } from './context.ts';
import { describe } from './describe.ts';
import { variableNameProblems } from './names.ts';
import { merged, type Outer } from './outer.ts';
import { eitherKey, readFlag, readMapping, readText, readTexts } from './read.ts';

/** What plays, blocks and tasks have in common. Their own word wins over what is around them, key by key. */
export function readInherited(context: Context, entries: Entries, outer: Omit<Outer, 'handlers'>): Inherited {
  const become = readBecome(context, entries, outer.become) ?? outer.become;
  const vars = readVars(context, entries);
  const own = readEnv(context, entries);
  const env = own ? merged(outer.env, own) : outer.env;
  const noLog = readFlag(context, entries, 'no_log') ?? outer.noLog;
  const tags = readTexts(context, entries, 'tags').flatMap((text) => text.value.split(',').map((tag) => tag.trim()));
  return {
    tags: [...new Set([...outer.tags, ...tags.filter((tag) => tag !== '')])],
    ...(become && { become }),
    ...(vars && { vars }),
    ...(env && { env }),
    ...(noLog !== undefined && { noLog }),
  };
}

/** `become_user` alone means to become that user: whoever names one wants it. `become: false` still wins. */
function readBecome(context: Context, entries: Entries, outer: Become | undefined): Become | undefined {
  const enabled = readFlag(context, entries, 'become');
  const user = readText(context, entries, 'become_user')?.value;
  if (enabled === undefined && user === undefined) return undefined;
  return { enabled: enabled ?? outer?.enabled ?? true, user: user ?? outer?.user ?? 'root' };
}

/** `vars`, with its names checked. Values are anything. */
export function readVars(context: Context, entries: Entries): Located<Fields> | undefined {
  const vars = readMapping(context, entries, 'vars');
  if (vars) context.problems.push(...variableNameProblems(vars));
  return vars;
}

/** `env`: one text for each name; numbers and booleans are taken as written. */
function readEnv(context: Context, entries: Entries): Located<Fields> | undefined {
  const key = eitherKey(context, entries, 'env', 'environment');
  const env = readMapping(context, entries, key);
  for (const [name, value] of Object.entries(env?.value ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const facts = {
        what: 'the name of an environment variable',
        wanted: 'letters, digits and _',
        found: `"${name}"`,
      };
      report(context, 'E_ITEM_TYPE', facts, entries.locate([key, name], 'key'));
    } else if (typeof value === 'object') {
      const facts = { what: `the environment variable ${name}`, wanted: 'text', found: describe(value) };
      const advice = value === null ? { advice: `for an empty text write: ${name}: ''` } : {};
      report(context, 'E_ITEM_TYPE', { ...facts, ...advice }, entries.locate([key, name]));
    }
  }
  return env;
}
