const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/**
 * Runs a file of the bundle, and the others as it asks for them, with the code that V8 compiled for each while building where it fits
 * this Node: a start then takes half the time. Another version of Node refuses that code by itself and compiles anew. Each
 * file is a function in ASCII, which is read fastest as Latin-1. Gives what V8 has made of each file so far, by name.
 */
exports.load = (folder, entry) => {
  const scripts = new Map();
  const loaded = new Map();
  const requireHere = (id) => (id.startsWith('./') ? loadFile(id.slice(2)) : require(id));
  const loadFile = (name) => {
    const known = loaded.get(name);
    if (known) return known.exports;
    const filename = join(folder, name);
    const cache = `${filename}.cache`;
    const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
    const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
    const module = { exports: {} };
    scripts.set(name, script);
    loaded.set(name, module);
    script.runInThisContext()(module.exports, requireHere, module, filename, folder);
    return module.exports;
  };
  loadFile(entry);
  return scripts;
};
