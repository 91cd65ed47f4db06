import { Type } from 'typebox';
import { choice } from './params.ts';

/** The tables that a capture is summed up in; what is said of them depends on where it comes from. */
export const captureTables = (description: string) =>
  Type.Array(choice(['packets', 'flows', 'conversations', 'talkers', 'protocols'], 'A table.'), { description });

/** How many rows of the table `packets` are registered. */
export const packetLimit = Type.Integer({
  description: 'At most so many rows of `packets`; 1000 when not said.',
  minimum: 0,
  maximum: 1_000_000,
});
