import { words } from './entry.ts';

/** Faults on the way to a host. */
export const connectWords = {};
