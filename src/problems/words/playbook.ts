import { words } from './entry.ts';

/** Mistakes in what a playbook says. */
export const playbookWords = {};
