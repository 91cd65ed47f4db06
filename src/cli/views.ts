import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Reporter } from '../model/event.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { createReporter, type ReporterName, reporterNames, type View } from '../reporters/create.ts';
import type { Output } from '../reporters/options.ts';
import { fileReason } from '../util/errno.ts';
import { similar } from '../util/similar.ts';
import type { RunOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** The views that `-o` asks for, and the one that has the terminal. Throws ProblemError for a view or a file that cannot be had. */
export function createViews(
  options: RunOptions,
  around: Surroundings,
  recorded: string,
): { views: Reporter[]; terminal: View | undefined } {
  const wanted = options.output.length > 0 ? options.output : [around.live ? 'live' : 'lines'];
  const views: Reporter[] = [];
  let terminal: View | undefined;
  for (const word of wanted) {
    const [name = '', file] = splitOnce(word);
    if (!isReporter(name)) {
      const near = similar(name, reporterNames);
      const advice = near ? `did you mean "${near}"?` : `views are ${reporterNames.join(', ')}`;
      throw new ProblemError(problem('E_USAGE', { detail: `there is no view "${name}"`, advice }));
    }
    const common = {
      verbose: options.verbose ?? false,
      diff: options.diff ?? false,
      unicode: around.unicode,
      now: around.now,
      recorded,
    };
    if (file === undefined) {
      if (terminal) {
        const detail = `-o ${word}: standard output has a view already`;
        throw new ProblemError(problem('E_USAGE', { detail, advice: `give one of them a file: -o ${name}=FILE` }));
      }
      const shown = name === 'live' && !around.live ? 'lines' : name;
      terminal = createReporter(shown, {
        ...common,
        out: around.stdout,
        width: around.width,
        height: around.height,
        color: around.color,
      });
      views.push(terminal);
    } else {
      views.push(
        toFile(word, resolve(around.cwd, file), (out) =>
          createReporter(name, { ...common, out, width: 120, height: 50, color: 0 }),
        ),
      );
    }
  }
  return { views, terminal };
}

/**
 * A view that writes to a file, each line at once: nothing queues up in memory, and what was seen is there after a crash.
 * Throws ProblemError now when the file cannot be made, and at its close when it could not be written to the end.
 */
function toFile(word: string, path: string, make: (out: Output) => Reporter): Reporter {
  let fd: number;
  try {
    fd = openSync(path, 'w', 0o600);
  } catch (error) {
    const detail = `-o ${word}: the file cannot be written: ${fileReason(error)}`;
    throw new ProblemError(problem('E_USAGE', { detail }));
  }
  let fault: unknown;
  const view = make({
    write(text) {
      try {
        if (fault === undefined) writeWhole(fd, Buffer.from(text));
      } catch (error) {
        fault = error;
      }
    },
  });
  return {
    on: (event) => view.on(event),
    async close() {
      await view.close?.();
      closeSync(fd);
      if (fault !== undefined) throw new ProblemError(problem('E_OUTPUT_LOST', { path, reason: fileReason(fault) }));
    },
  };
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function isReporter(name: string): name is ReporterName {
  return reporterNames.some((known) => known === name);
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
