// File names say what is inside, in one spelling; files stay short enough to be read in one go.
import { basename } from 'node:path';
import { report, sources, textOf } from './sources.mjs';

const long = 250;
const tooLong = 300;
const drawers = /^(utils?|helpers|misc|common|(.*-)?manager)\.ts$/;

const files = [...sources('src'), ...sources('test'), ...sources('bench')];
const lengths = new Map(files.map((file) => [file, textOf(file).split('\n').length - 1]));
const inSource = (file) => file.startsWith('src/');

for (const [file, lines] of lengths) {
  if (inSource(file) && lines > long && lines <= tooLong) console.log(`${file}: ${lines} lines, more than ${long}`);
}

report('files', [
  ...files.filter(misspelt).map((file) => `${file}: the name is not kebab-case`),
  ...files
    .filter((file) => inSource(file) && drawers.test(basename(file)))
    .map((file) => `${file}: the name says nothing about what is inside`),
  ...files
    .filter((file) => inSource(file) && lengths.get(file) > tooLong)
    .map((file) => `${file}: ${lengths.get(file)} lines, more than ${tooLong}; split it by meaning`),
]);

/** A module's file is named like its YAML key, which has underscores. */
function misspelt(file) {
  const name = basename(file).replace(/(\.test|\.d)?\.ts$/, '');
  const isModule = /^src\/modules\/(host|controller|both)\//.test(file);
  return !(isModule ? /^[a-z0-9]+(_[a-z0-9]+)*$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/).test(name);
}
