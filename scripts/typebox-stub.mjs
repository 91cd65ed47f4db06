// Stands in for `typebox` in the bundle. Schemas are needed only while building (compiled checks, schemas/, docs/),
// and loading the real library would cost every start more than everything else together.
// Every builder gives undefined, so that code which reads a schema at run time fails at once and is noticed.
export const Type = new Proxy({}, { get: () => () => undefined });
export default Type;
