/** One thing that the author of a module gets wrong: files beside the playbook, and the task that uses them. */
export interface ModuleMistake {
  name: string;
  files: Record<string, string>;
  /** Paths that are executable. */
  programs?: string[];
  task?: string;
}

const ts = (head: string, rest = ''): string => `import { type HostModule, sh } from 'play/module';

export default {
  name: 'widget',
  on: 'host',
  summary: 'A widget is there.',
${head}
  resource: ({ path }) => ({ kind: 'action', run: sh\`touch -- \${path}\` }),
};
${rest}`;
const params = `  params: { type: 'object', properties: { path: { type: 'string' }, size: { enum: ['small', 'large'] } }, required: ['path'] },`;
const good = ts(params);
const json = (more: string): string => `{
  "summary": "A widget is there.",
  ${more}
}
`;
const described = json('"params": { "type": "object", "properties": { "path": { "type": "string" } } }');
const code = (name: string, text: string, task?: string): ModuleMistake => ({
  name,
  files: { 'modules/widget.ts': text },
  ...(task !== undefined && { task }),
});
const program = (name: string, description: string, task?: string): ModuleMistake => ({
  name,
  files: { 'modules/widget.sh': '#!/bin/sh\n', 'modules/widget.json': description },
  programs: ['modules/widget.sh'],
  ...(task !== undefined && { task }),
});

export const mistakes: ModuleMistake[] = [
  // Using one.
  code('param-misspelt', good, 'widget: { pth: /a }'),
  code('param-of-the-wrong-type', good, 'widget: { path: [/a] }'),
  code('param-with-another-word', good, 'widget: { path: /a, size: smal }'),
  code('param-missing', good, 'widget: {}'),
  code('text-without-a-short-form', good, 'widget: /a'),
  code('module-misspelt', good, 'wigdet: { path: /a }'),
  program('param-of-a-program', described, 'widget: { pathh: /a }'),
  // Names of files.
  { name: 'name-with-a-dash', files: { 'modules/my-widget.ts': good }, task: 'my-widget: { path: /a }' },
  { name: 'name-of-a-built-in', files: { 'modules/copy.ts': good }, task: 'debug: hello' },
  { name: 'name-of-a-keyword', files: { 'modules/when.ts': good }, task: 'debug: hello' },
  {
    name: 'two-files-of-one-name',
    files: { 'modules/widget.ts': good, 'modules/widget.js': good },
    task: 'debug: hello',
  },
  { name: 'program-without-description', files: { 'modules/widget': '#!/bin/sh\n' }, programs: ['modules/widget'] },
  { name: 'description-without-program', files: { 'modules/widget.json': described } },
  { name: 'program-not-executable', files: { 'modules/widget.sh': '#!/bin/sh\n', 'modules/widget.json': described } },
  // TypeScript and JavaScript.
  code('typescript-that-is-none', good.replace("on: 'host',", "on: = 'host',")),
  code('javascript-that-is-none', good.replace("name: 'widget'", 'name: 08n')),
  code('await-outside', `${good}await Promise.resolve();\n`),
  code('nothing-exported', good.replace('export default', 'const widget =')),
  code('no-module-exported', "export const version = '1';\nexport function help(): void {}\n"),
  code('another-name', good.replace("name: 'widget'", "name: 'wigdet'")),
  code('throws-while-loading', `${good}throw new Error('no database');\n`),
  code('import-not-there', `import { x } from './nowhere.ts';\n${good}x();\n`),
  code('package-not-installed', `import { x } from 'left-pad-of-play';\n${good}x();\n`),
  code('summary-missing', good.replace("  summary: 'A widget is there.',\n", '')),
  code('key-misspelt', ts(`${params}\n  exmaples: [],`)),
  code('work-missing', good.replace('  resource: ({', '  resources: ({')),
  code('where-it-runs-misspelt', good.replace("on: 'host'", "on: 'hosts'")),
  code('params-missing', ts('')),
  code('schema-with-a-wrong-type', ts("  params: { type: 'object', properties: { path: { type: 'text' } } },")),
  code(
    'schema-with-an-unknown-word',
    ts("  params: { type: 'object', properties: { path: { type: 'string', minLenght: 1 } } },"),
  ),
  code('short-form-of-no-param', ts(`${params}\n  shorthand: 'pth',`)),
  code('work-that-throws', good.replace("({ kind: 'action'", '({ kind: path.nowhere.kind'), 'widget: { path: /a }'),
  code('work-that-gives-nothing', good.replace(/=> \(\{ kind.*\}\),/, '=> undefined,'), 'widget: { path: /a }'),
  code('shell-as-a-plain-text', good.replace(/run: sh`[^`]*`/, "run: 'touch ' + path"), 'widget: { path: /a }'),
  // Descriptions of programs.
  program('json-that-is-none', '{ "summary": "x", }\n'),
  program('json-that-is-a-list', '[]\n'),
  program('description-key-misspelt', json('"parms": {}')),
  program('description-check-mode-as-text', json('"check_mode": "yes", "params": {}')),
  program(
    'description-schema-wrong',
    json('"params": { "type": "object", "properties": { "path": { "type": "strng" } } }'),
  ),
  program(
    'fields-that-it-does-not-give',
    json('"result": { "size": "How big." }, "params": {}'),
    '{ widget: {}, register: w }\n    - debug: "{{w.sise}}"',
  ),
  // Libraries.
  { name: 'library-missing', files: { 'lib.txt': '' }, task: 'LIBRARIES [./lib, nolib]' },
  { name: 'library-empty', files: { 'lib/README.md': '' }, task: 'LIBRARIES [./lib]' },
  {
    name: 'libraries-of-one-name',
    files: { 'a/acme/modules/x.ts': good, 'b/acme/modules/x.ts': good },
    task: 'LIBRARIES [./a/acme, ./b/acme]',
  },
  { name: 'library-name', files: { 'lib 2/modules/x.ts': good }, task: "LIBRARIES ['./lib 2']" },
  {
    name: 'module-of-a-library-misspelt',
    files: {
      'node_modules/acme/package.json': '{"keywords":["play-library"]}',
      'node_modules/acme/modules/widget.ts': good,
    },
    task: 'acme.wigdet: { path: /a }',
  },
  {
    name: 'role-of-a-library-misspelt',
    files: {
      'node_modules/acme/package.json': '{"keywords":["play-library"]}',
      'node_modules/acme/roles/base/tasks/main.yml': '[]',
    },
    task: 'role: acme.bsae',
  },
  { name: 'role-of-no-library', files: { 'roles/web/tasks/main.yml': '[]' }, task: 'role: acme.web' },
  {
    name: 'module-of-a-role-misspelt',
    files: { 'roles/web/modules/widget.ts': good, 'roles/web/tasks/main.yml': '- wigdet: { path: /a }' },
    task: 'role: web',
  },
  {
    name: 'module-of-a-role-named-badly',
    files: { 'roles/web/modules/copy.ts': good, 'roles/web/tasks/main.yml': '- debug: hello' },
    task: 'role: web\n    - role: web',
  },
];
