import { tokens } from './tokens.ts';

/**
 * The engine keeps some names of functions for itself, and these cannot be given another meaning: `matches` with a matcher that some
 * patterns stop for ever, `join` for texts alone. So calls of ours go under an alias of the same length, which keeps every offset.
 */
export interface CallNames {
  /** The text with aliases in the place of names. `see` gets every name that is called. */
  disguise(text: string, see: (name: string) => void): string;
  /** Words of the engine with the names that authors know. */
  reveal(text: string): string;
  /** What the engine knows a function of ours as. */
  aliasOf(name: string): string;
}

/** Aliases for the names that we define and the engine has. */
export function callNames(ours: Iterable<string>, engine: ReadonlySet<string>): CallNames {
  const aliases = new Map([...ours].filter((name) => engine.has(name)).map((name) => [name, alias(name)]));
  const names = new Map([...aliases].map(([name, other]) => [other, name]));
  const disguised = new RegExp(`\\b(?:${[...names.keys()].join('|')})\\b`, 'g');
  return {
    disguise(text, see) {
      const all = tokens(text);
      let out = text;
      for (const [i, token] of all.entries()) {
        if (token.kind !== 'name' || all[i + 1]?.text !== '(') continue;
        see(token.text);
        const other = aliases.get(token.text);
        if (other !== undefined) out = out.slice(0, token.start) + other + out.slice(token.end);
      }
      return out;
    },
    reveal: (text) => text.replace(disguised, (other) => names.get(other) ?? other),
    aliasOf: (name) => aliases.get(name) ?? name,
  };
}

/** `join` is `jOIN`. */
function alias(name: string): string {
  return name.slice(0, 1) + name.slice(1).toUpperCase();
}
