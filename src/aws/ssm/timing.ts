/** Milliseconds of all that is waited for. */
export interface Timing {
  /** Equal scripts that are ordered within `quiet` of each other go together; none waits longer than `longest` for others. */
  quiet: number;
  longest: number;
  /** The first look at what became of a command, and the longest pause between two later ones. */
  firstLook: number;
  longestLook: number;
  /** So long a command may be missing from the lists: they are eventually consistent. */
  unlisted: number;
  /** What is left alone beyond the delivery timeout before play calls a delivery off itself. */
  deliveryMargin: number;
  /** When a command is silent for so long, its instance is asked for, and again after as long. */
  doubt: number;
  /** How long a command is looked for whose sending got no answer. */
  unsure: number;
  /** What saying goodbye may take. */
  farewell: number;
}

/** A command takes about a second by itself; what takes longer may take hours. */
export const usualTiming: Timing = {
  quiet: 30,
  longest: 300,
  firstLook: 500,
  longestLook: 10_000,
  unlisted: 60_000,
  deliveryMargin: 30_000,
  // The service itself takes five minutes to notice that an agent is gone.
  doubt: 300_000,
  unsure: 20_000,
  farewell: 3_000,
};
