import { Type } from 'typebox';
import { flag } from './params.ts';

/** Tags by their keys. */
export const tagMap = (description: string) =>
  Type.Record(Type.String({ minLength: 1, maxLength: 128 }), Type.String({ maxLength: 256 }), { description });

/** Tags that a thing shall have. */
export const tagParams = {
  tags: Type.Optional(tagMap('Tags that it shall have; left as they are when not said.')),
  purge_tags: Type.Optional(flag('Tags that are not said go.', true)),
};
