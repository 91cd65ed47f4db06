import type { ColorSupportLevel } from 'chalk';

/** Where a reporter writes. It may throw (the reader is gone); the run goes on without being watched. */
export interface Output {
  write(text: string): unknown;
}

/** What every reporter is told about its surroundings. */
export interface ReporterOptions {
  out: Output;
  /** Columns; a function when the terminal can be resized. */
  width: number | (() => number);
  /** Rows, likewise. */
  height: number | (() => number);
  /** 0 = none, 1 = 16, 2 = 256, 3 = all colours. */
  color: ColorSupportLevel;
  /** Whether the locale is UTF-8. Default true. */
  unicode?: boolean;
  verbose: boolean;
  diff: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** How to say where the run is recorded: an id or a folder. Left out: nothing is said. */
  recorded?: string;
}

/** Writes lines until the reader is gone, then nothing. */
export interface Printer {
  lines(lines: readonly string[]): void;
  raw(text: string): void;
}

/** A printer that survives an output that throws (EPIPE of `play … | head`). */
export function printer(out: Output): Printer {
  let gone = false;
  const raw = (text: string): void => {
    if (gone || text === '') return;
    try {
      out.write(text);
    } catch {
      gone = true;
    }
  };
  return { raw, lines: (lines) => raw(lines.map((line) => `${line}\n`).join('')) };
}

/** The present value of a size that may change. */
export function sizeOf(size: number | (() => number)): number {
  return typeof size === 'number' ? size : size();
}
