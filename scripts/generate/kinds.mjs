/** The kinds of values that keys of the language take, as JSON Schema. `more` adds to it: `default`, `examples`. */

export const text = (description, more) => ({ description, type: 'string', ...more });
export const flag = (description, more) => ({ description, type: 'boolean', ...more });
export const texts = (description, more) => ({
  description,
  type: ['string', 'array'],
  items: { type: 'string' },
  ...more,
});
export const fields = (description, more) => ({ description, type: 'object', ...more });

export const duration = (description, more) => ({
  description: `${description} A number of seconds, or a number with \`ms\`, \`s\`, \`m\` or \`h\`.`,
  type: ['number', 'string'],
  examples: [30, '10m'],
  ...more,
});

export const condition = (description, more) => ({
  description: `${description} A CEL expression, or a list of which all must be true.`,
  type: ['string', 'boolean', 'array'],
  items: { type: ['string', 'boolean'] },
  ...more,
});

/** A mapping that has only these keys. */
export function closed(properties, required = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}
