// Runs the bundle named first with the arguments that follow, and writes what V8 has compiled by then beside it, as NAME.cache.
const { writeFileSync } = require('node:fs');
const { load } = require('../bin/load.js');

const [file, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], file, ...args];
const script = load(file);
process.on('exit', () => writeFileSync(`${file}.cache`, script.createCachedData()));
