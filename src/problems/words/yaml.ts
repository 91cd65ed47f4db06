import { words } from './entry.ts';

/** Mistakes in the YAML itself. */
export const yamlWords = {};
