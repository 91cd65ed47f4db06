import { dirname, join } from 'node:path';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isFields, isTemplate, report } from './context.ts';
import { describe } from './describe.ts';
import { isThere, loadYaml } from './library.ts';
import { within } from './located.ts';
import { variableNameFault } from './names.ts';
import { merged } from './outer.ts';
import { readTexts } from './read.ts';

/** `vars_files` of a play on top of its `vars`, as in Ansible: a later file wins. */
export function readVarsFiles(
  context: Context,
  entries: Entries,
  vars: Located<Fields> | undefined,
): Located<Fields> | undefined {
  let all = vars;
  for (const name of readTexts(context, entries, 'vars_files')) {
    if (isTemplate(name.value)) {
      const facts = { what: 'an entry of "vars_files"', wanted: 'a name without templates', found: `"${name.value}"` };
      const advice = 'to choose by host, use group_vars/; to choose by a parameter, use include with "when"';
      report(context, 'E_ITEM_TYPE', { ...facts, advice }, name.locate());
      continue;
    }
    const path = join(dirname(context.file), name.value);
    if (!isThere(context.folders, path)) {
      report(context, 'E_VARS_FILE_MISSING', { name: name.value, looked: path }, name.locate());
      continue;
    }
    const root = loadYaml(context, path);
    if (!root || root.value === null) continue;
    if (!isFields(root.value)) {
      const facts = { what: path, wanted: 'a mapping of variables', found: describe(root.value) };
      report(context, 'E_ITEM_TYPE', facts, root.locate());
      continue;
    }
    const given = within(root, [], root.value);
    for (const key of Object.keys(given.value)) {
      const fault = variableNameFault(key);
      if (fault) report(context, 'E_VAR_NAME', { name: key, ...fault }, given.locate([key], 'key'));
    }
    all = merged(all, given);
  }
  return all;
}
