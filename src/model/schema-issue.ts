/**
 * One way in which a value differs from its schema, in the words of JSON Schema.
 * `params` holds what the keyword knows: `{ type: ['string', 'null'] }`, `{ allowedValues: […] }`,
 * `{ additionalProperty: 'pth', allowed: ['path', …] }`, `{ missingProperty: 'path' }`.
 */
export interface SchemaIssue {
  /** Where in the value, from its root. An unknown or a missing property is reported at the mapping that holds it. */
  path: (string | number)[];
  /** The keyword that was not met: `type`, `enum`, `required`, `additionalProperties`, `pattern` … */
  keyword: string;
  params: Record<string, unknown>;
  /** The checker's own short sentence. */
  message: string;
}
