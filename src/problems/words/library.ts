import { didYouMean, words } from './entry.ts';

/** Mistakes in modules and libraries that are not play's own. */
export const libraryWords = {
  E_OWN_NAME: words<{
    path: string;
    fault: 'characters' | 'built-in' | 'keyword' | 'twice';
    name: string;
    other?: string;
  }>({
    exit: 2,
    say: (f) =>
      ({
        characters: `${f.path} cannot be used: a module is called by small letters, digits and "_"`,
        'built-in': `${f.path} has the name of a module that play has itself, which it would hide`,
        keyword: `${f.path} has the name of a key that every task has`,
        twice: `${f.path} and ${f.other} are both the module "${f.name}"`,
      })[f.fault],
    hint: (f) =>
      f.fault === 'twice'
        ? 'keep one of them'
        : f.fault === 'characters'
          ? `rename it to ${f.other}, or put it into a folder of its own when it is no module`
          : 'give it another name, and use that in the playbook',
  }),
  E_OWN_UNREADABLE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot be read: ${f.reason}`,
  }),
  E_OWN_SYNTAX: words<{ path: string; detail: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.path} is not written as it must be: ${f.detail}`,
    hint: (f) => f.advice,
  }),
  E_OWN_IMPORT: words<{ id: string; path: string; detail?: string }>({
    exit: 2,
    say: (f) => `${f.path} imports "${f.id}", which ${f.detail ?? 'is not there'}`,
    hint: (f) =>
      f.id.startsWith('.')
        ? 'the path counts from the folder of this file'
        : `install it beside the playbook: npm install ${f.id}`,
  }),
  E_OWN_LOAD: words<{ path: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.path} stops while it is loaded: ${f.detail}`,
    hint: () => 'a module file only describes; what it does belongs into its resource or run function',
  }),
  E_OWN_EXPORT: words<{ path: string; name: string; found: string[] }>({
    exit: 2,
    say: (f) =>
      f.found.length === 0 ? `${f.path} exports nothing` : `${f.path} exports ${f.found.join(', ')}, but no module`,
    hint: (f) => `write: export default { name: '${f.name}', on: 'host', … }`,
  }),
  E_OWN_SHAPE: words<{ name: string; detail: string; advice?: string; similar?: string }>({
    exit: 2,
    say: (f) => `the module "${f.name}" ${f.detail}`,
    hint: (f) => didYouMean(f.similar) ?? f.advice,
  }),
  E_OWN_SCHEMA: words<{ name: string; where: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.where} of the module "${f.name}" is not JSON Schema: ${f.detail}`,
  }),
  E_OWN_PROGRAM: words<{ path: string; fault: 'missing' | 'undescribed' | 'mode'; name: string }>({
    exit: 2,
    say: (f) =>
      ({
        missing: `${f.path} describes a module, but there is no program "${f.name}" beside it`,
        undescribed: `${f.path} is a program without a description, so it is no module yet`,
        mode: `${f.path} is a module, but not executable`,
      })[f.fault],
    hint: (f) =>
      ({
        missing: `write ${f.name}, ${f.name}.sh, ${f.name}.py … in the same folder and make it executable`,
        undescribed: `write ${f.name}.json beside it: { "summary": "…", "params": { "type": "object", "properties": { … } } }`,
        mode: `run: chmod +x ${f.path}; or say in ${f.name}.json what reads it: "interpreter": "/usr/bin/python3"`,
      })[f.fault],
  }),
  E_OWN_THREW: words<{ module: string; detail: string; place?: string }>({
    exit: 2,
    say: (f) => `${f.module}: ${f.detail}${f.place === undefined ? '' : ` (${f.place})`}`,
  }),
  E_OWN_RESOURCE: words<{ module: string; detail: string; what: string }>({
    exit: 2,
    say: (f) => `${f.module}: its ${f.what} gave ${f.detail}`,
    hint: (f) =>
      f.what === 'run'
        ? 'give { changed: true or false, fields: { … } }'
        : "give { kind: 'converge', probe, expect, apply }, { kind: 'action', run } or { kind: 'edit', path, transform, attributes }",
  }),
  E_LIBRARY_MISSING: words<{ name: string; looked: string[] }>({
    exit: 2,
    say: (f) => `there is no library "${f.name}"`,
    hint: (f) => `looked for ${f.looked.length > 0 ? f.looked.join(', ') : 'a folder node_modules, and found none'}`,
  }),
  E_LIBRARY_EMPTY: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} is no library: it has neither modules/ nor roles/`,
  }),
  E_LIBRARY_NAME: words<{ path: string; name: string }>({
    exit: 2,
    say: (f) => `the library ${f.path} cannot be called "${f.name}" in front of its modules`,
    hint: () => 'say "play": { "namespace": "acme" } in its package.json: small letters, digits and "_"',
  }),
  E_LIBRARY_TWICE: words<{ name: string; first: string; second: string }>({
    exit: 2,
    say: (f) => `${f.first} and ${f.second} both put "${f.name}." in front of their modules`,
    hint: () => 'say another "play": { "namespace": … } in the package.json of one of them',
  }),
};
