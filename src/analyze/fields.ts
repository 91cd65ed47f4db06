import { similar } from '../util/similar.ts';

/** Names below a name. Empty: what is below it is not declared, and anything may be. */
export interface Fields extends ReadonlyMap<string, Fields> {}

/** A name that is not there. */
export interface MissingField {
  /** The path up to it. */
  above: string[];
  field: string;
  similar: string | undefined;
  /** What there is in its place. */
  fields: string[];
}

/** Reads dotted names, as modules and facts declare them: `os.family`. */
export function fieldsOf(names: Iterable<string>): Fields {
  const root = new Map<string, Fields>();
  for (const name of names) {
    let at: Map<string, Fields> = root;
    for (const part of name.split('.')) {
      const below = (at.get(part) ?? new Map()) as Map<string, Fields>;
      at.set(part, below);
      at = below;
    }
  }
  return root;
}

/** The first name of a path that is not declared; undefined when all are, as far as anything is declared. Indexes of lists are passed over. */
export function missingField(path: readonly string[], fields: Fields): MissingField | undefined {
  let at = fields;
  for (const [i, field] of path.entries()) {
    if (at.size === 0) return undefined;
    if (/^\d+$/.test(field) && i > 0) continue;
    const below = at.get(field);
    if (!below) return { above: path.slice(0, i), field, similar: similar(field, at.keys()), fields: [...at.keys()] };
    at = below;
  }
  return undefined;
}

/** A path as it is written: `disks[0].mount`. */
export function spell(path: readonly string[]): string {
  return path.reduce((all, part) => all + (/^\d+$/.test(part) ? `[${part}]` : all === '' ? part : `.${part}`), '');
}
