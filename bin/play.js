#!/usr/bin/env node
require('./load.js').load(require('node:path').join(__dirname, '../dist'), 'play.cjs');
