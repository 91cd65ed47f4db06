// Imports go one way (docs/architecture.md), and each heavy or delicate package has one owner.
import { dirname, join } from 'node:path';
import { report, sources, textOf } from './sources.mjs';

const base = ['util', 'model', 'problems'];
const stages = [
  ...base,
  'functions',
  'parse',
  'inventory',
  'expr',
  'params',
  'template',
  'program',
  'ssh',
  'journal',
  'secrets',
  'sqlite',
  'mail',
  'aws',
];
const decisions = [...stages, 'modules', 'plan', 'render', 'analyze'];

/** What the files of a folder may import, beside the folder itself. */
const arrows = {
  util: [],
  model: ['util'],
  problems: ['util', 'model'],
  functions: base,
  parse: base,
  // Expressions and text call the functions.
  expr: [...base, 'functions'],
  program: base,
  ssh: base,
  journal: base,
  secrets: base,
  // Inventory files are YAML with spans.
  inventory: [...base, 'parse', 'aws'],
  // Values are told in the words of parsing, and texts such as `[a, b]` are YAML.
  params: [...base, 'parse'],
  // Text may hold `{{= expression }}`.
  template: [...base, 'functions', 'expr'],
  // Modules that are not ours: how files become what src/modules has.
  library: [...base, 'parse', 'program', 'modules'],
  // Requests from here, and as programs of the host; what an answer must be is a check of the functions.
  http: [...base, 'program', 'functions'],
  // Packets: how they are built and read, files of them, filters. Addresses are those of the functions.
  packets: [...base, 'functions'],
  // What is asked of other machines, and which of them may be asked.
  network: [...base, 'functions', 'packets'],
  // The language of SQLite and of its program.
  sqlite: base,
  // SQLite databases are read and written by the same program.
  table: [...base, 'sqlite'],
  // Messages and the servers that take them.
  mail: base,
  // Accounts, regions and services of AWS; what is sent to instances is shell.
  aws: [...base, 'program'],
  // Modules reach the world through what they are handed.
  modules: [...base, 'program', 'http', 'mail', 'packets', 'network', 'sqlite', 'table', 'aws'],
  plan: [...stages, 'modules'],
  // A step comes from a planned task.
  render: [...stages, 'modules', 'plan'],
  // What can be known beforehand is found by planning and rendering without a host.
  analyze: [...stages, 'modules', 'plan', 'render'],
  transports: [...base, 'program', 'ssh', 'aws'],
  execute: decisions,
  // What a run is held to is what an earlier one has found out.
  saved: [...base, 'execute', 'render'],
  // `play runs` and `play show` view the events of earlier runs.
  reporters: [...base, 'journal'],
  // Where events go beside the terminal and the history: reports, logs.
  sinks: [...base, 'reporters', 'http'],
  // What may be typed is found where it is kept.
  completion: [...base, 'parse', 'params', 'inventory', 'journal', 'library', 'modules', 'reporters'],
  cli: [...decisions, 'http', 'completion', 'library', 'transports', 'execute', 'reporters', 'saved', 'sinks', 'table'],
};

/** Who may import a package, as the start of a path. A package that is not here is free. */
const owners = {
  yaml: 'src/parse/ src/functions/yaml-text.ts src/modules/shared/edit-yaml.ts src/modules/host/yaml_edit.ts',
  '@marcbachmann/cel-js': 'src/expr/',
  handlebars: 'src/template/',
  'smol-toml': 'src/functions/ src/modules/host/toml_edit.ts',
  'dns-packet': 'src/packets/layers/dns.ts src/network/',
  'csv-parse': 'src/functions/',
  semver: 'src/functions/semver-ranges.ts',
  listr2: 'src/reporters/live.ts',
  ssh2: 'src/ssh/ src/transports/',
  'ssh-config': 'src/ssh/',
  'age-encryption': 'src/secrets/age.ts',
  '@duckdb/node-api': 'src/table/',
  execa: 'src/transports/local.ts',
  commander: 'src/cli/',
  'node:process': 'src/cli/',
  // Checks of our own modules are compiled by scripts/generate.mjs.
  ajv: 'src/library/schema.ts src/util/json-schema.ts',
  jmespath: 'src/functions/ src/aws/tasks/query.ts',
  nodemailer: 'src/mail/',
  '@aws-sdk': 'src/aws/',
  sucrase: 'src/library/evaluate.ts',
};

const findings = sources('src').flatMap((file) =>
  importsOf(textOf(file)).flatMap(({ target, line }) => {
    const rule = target.startsWith('.') ? arrow(file, target) : owner(file, target);
    return rule ? [`${file}:${line}: imports ${target}: ${rule}`] : [];
  }),
);
report('imports', findings);

/** Every `from '…'`, bare `import '…'` and `import('…')`, types included: a type is a dependency too. */
function importsOf(text) {
  const pattern = /^(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    target: match[1] ?? match[2] ?? match[3],
    line: text.slice(0, match.index).split('\n').length,
  }));
}

function arrow(file, target) {
  const from = folderOf(file);
  const to = folderOf(join(dirname(file), target));
  if (from === to) return undefined;
  const allowed = arrows[from];
  if (!allowed) return `the folder src/${from} is not in scripts/check-imports.mjs`;
  return allowed.includes(to) ? undefined : `src/${from} may import ${allowed.join(', ') || 'nothing'} and not ${to}`;
}

function owner(file, target) {
  const name = Object.keys(owners).find((known) => target === known || target.startsWith(`${known}/`));
  if (!name || owners[name].split(' ').some((place) => file.startsWith(place))) return undefined;
  return `${name} belongs to ${owners[name]}`;
}

function folderOf(path) {
  return path.split('/')[1];
}
