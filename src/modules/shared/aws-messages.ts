import { Type } from 'typebox';

/** Attributes of a message by name. */
export const attributeMap = Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.String(), Type.Number()]), {
  description: 'Attributes beside the message, texts and numbers, that receivers can choose by.',
});
