/** Plain data, as YAML and JSON know it: what variables, parameters, facts and results are made of. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** A mapping of plain data. */
export type Fields = { [key: string]: Value };
