import { words } from './entry.ts';

/** Mistakes in inventories, patterns and limits. */
export const inventoryWords = {};
