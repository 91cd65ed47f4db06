/**
 * JavaScript that tells what of the asked is not so, run by the node that npm runs on. Its one argument is an NpmQuestion as JSON.
 * Prints `as asked` when nothing is to be done. Reads what npm itself wrote: package.json of each package, and the lockfile that
 * npm 7 and later keep in node_modules.
 */
export const npmProbe = `const fs = require('fs'), path = require('path'), { execFileSync, spawnSync } = require('child_process');
const asked = JSON.parse(process.argv[1]);
const read = (file) => { try { return JSON.parse(fs.readFileSync(file, 'utf8')); } catch (error) { return undefined; } };
const fail = (text) => { process.stderr.write(text + '\\n'); process.exit(10); };
const npm = (args, options) => spawnSync('npm', args, { encoding: 'utf8', ...options });
let root = path.join(asked.path, 'node_modules');
if (asked.global) root = npm(['root', '-g', ...asked.prefix]).stdout.trim();
const hidden = (read(path.join(root, '.package-lock.json')) || {}).packages || {};
const semver = () => {
  const found = npm(['root', '-g']).stdout.trim();
  const from = [path.join(found, 'npm'), path.dirname(fs.realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()))];
  return require(require.resolve('semver', { paths: from }));
};
const wrong = (name, spec) => {
  const found = read(path.join(root, name, 'package.json'));
  if (asked.state === 'absent') return found && name + ' ' + found.version;
  if (!found) return name + ' absent';
  if (!spec) return undefined;
  if (spec.startsWith('file:')) {
    const link = fs.lstatSync(path.join(root, name));
    const from = link.isSymbolicLink() ? fs.realpathSync(path.join(root, name)) : (hidden['node_modules/' + name] || {}).resolved;
    if (from === undefined) return undefined;
    const plain = path.resolve(asked.path, from.replace(/^file:/, ''));
    return plain === path.resolve(asked.path, spec.slice(5)) ? undefined : name + ' ' + found.version + ', from ' + from;
  }
  const exact = /^[v=]?\\d+\\.\\d+\\.\\d+([-+].*)?$/.test(spec);
  if (!exact && !/^[\\d^~<>=*xX]/.test(spec)) return undefined;
  const good = exact ? found.version === spec.replace(/^[v=]/, '').replace(/\\+.*/, '') : semver().satisfies(found.version, spec, { loose: true });
  return good ? undefined : name + ' ' + found.version + ', not ' + spec;
};
const project = () => {
  const manifest = read(path.join(asked.path, 'package.json'));
  if (!manifest) fail('there is no readable package.json in ' + asked.path);
  const wanted = { ...manifest.dependencies, ...(asked.production ? {} : manifest.devDependencies) };
  const lock = read(path.join(asked.path, 'package-lock.json'));
  if (asked.ci && !lock) fail('ci needs a package-lock.json in ' + asked.path);
  const said = Object.keys(wanted).filter((name) => !read(path.join(root, name, 'package.json'))).map((name) => name + ' absent');
  if (!lock || !lock.packages || (!asked.ci && said.length > 0)) return said;
  const fits = (entry) => !entry.optional && !entry.devOptional && !entry.peer && !(asked.production && entry.dev);
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '' || !fits(entry) || !place.includes('node_modules/')) continue;
    const found = read(path.join(asked.path, place, 'package.json'));
    if (!found) said.push(place + ' absent');
    else if (entry.version && found.version !== entry.version) said.push(place + ' ' + found.version + ', not ' + entry.version);
  }
  if (asked.ci) for (const place of Object.keys(hidden)) if (!lock.packages[place]) said.push(place + ' is not in package-lock.json');
  return [...new Set(said)];
};
const outdated = () => {
  const run = npm(['outdated', '--json', ...(asked.global ? ['-g'] : []), ...asked.prefix, ...asked.extra, ...asked.names.map((one) => one.name)], { cwd: asked.path });
  const listed = run.stdout.trim() === '' ? {} : JSON.parse(run.stdout);
  if (listed.error || (run.status !== 0 && run.status !== 1) || (run.status === 1 && Object.keys(listed).length === 0)) { process.stderr.write(run.stderr); process.exit(1); }
  const end = asked.global || asked.names.length > 0 ? 'latest' : 'wanted';
  return Object.entries(listed).map(([name, one]) => [name, [one].flat()[0]]).filter(([, one]) => one.current !== one[end])
    .map(([name, one]) => name + ' ' + one.current + ', there is ' + one[end]);
};
let said = asked.names.length > 0 ? asked.names.map(({ name, spec }) => wrong(name, spec)).filter(Boolean) : project();
if (asked.state === 'latest' && said.length === 0) said = outdated();
console.log(said.join('\\n') || 'as asked');
`;

/** What the script is asked. */
export interface NpmQuestion {
  state: 'present' | 'latest' | 'absent';
  /** Absolute folder of the project; `/` for global packages. */
  path: string;
  global: boolean;
  /** Empty: all that package.json names. */
  names: { name: string; spec?: string }[];
  ci: boolean;
  production: boolean;
  /** Options that say where packages come from. */
  extra: string[];
  /** Options that say where global packages are. */
  prefix: string[];
}
