import { words } from './entry.ts';

/** Mistakes in templates, conditions and shell text. */
export const exprWords = {};
