/** An option of a command, as far as completing needs it. */
export interface OptionShape {
  /** As typed: `-i`, `--inventory`. */
  names: string[];
  description: string;
  /** What stands in its `<…>`; undefined when it takes no value. */
  value?: string;
  /** The only values, where they are few. */
  choices?: readonly string[];
}

/** A command of play. Taken from the command line itself, so that a new command is completed without a word here. */
export interface CommandShape {
  name: string;
  description: string;
  options: OptionShape[];
  /** Names of its arguments, in order: `playbook`, `run`. */
  args: { name: string; variadic: boolean; choices?: readonly string[] }[];
}

/** A word that may be typed. One that ends in `/`, `=` or `,` goes on. */
export interface Suggestion {
  value: string;
  description?: string;
}
