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

/** Aliases for the names of functions that we define and the engine has. */
export function callNames(isOurs: (name: string) => boolean, engine: ReadonlySet<string>): CallNames {
  const names = new Map([...engine].map((name) => [alias(name), name]));
  const disguised = new RegExp(`\\b(?:${[...names.keys()].join('|')})\\b`, 'g');
  const aliasOf = (name: string): string => (engine.has(name) && isOurs(name) ? alias(name) : name);
  return {
    disguise(text, see) {
      const all = tokens(text);
      let out = text;
      for (const [i, token] of all.entries()) {
        if (token.kind !== 'name' || all[i + 1]?.text !== '(') continue;
        see(token.text);
        out = out.slice(0, token.start) + aliasOf(token.text) + out.slice(token.end);
      }
      return out;
    },
    reveal: (text) => text.replace(disguised, (other) => names.get(other) ?? other),
    aliasOf,
  };
}

/** `join` is `jOIN`. */
function alias(name: string): string {
  return name.slice(0, 1) + name.slice(1).toUpperCase();
}
