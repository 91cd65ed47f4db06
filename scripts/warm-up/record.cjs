// Runs the bundle in the folder named first with the arguments that follow, and writes what V8 has compiled by then beside each of
// its files, as NAME.cache.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { load } = require('../../bin/load.js');

const [folder, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], join(folder, 'play.cjs'), ...args];
const scripts = load(folder, 'play.cjs');
process.on('exit', () => {
  for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.cache`), script.createCachedData());
});
