#!/usr/bin/env node
import module from 'node:module';

// Newer Node keeps compiled code between runs; where it does not, nothing is lost.
module.enableCompileCache?.();
await import('../dist/main.js');
