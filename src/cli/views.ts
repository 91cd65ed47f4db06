import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Reporter } from '../model/event.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { createReporter, type ReporterName, reporterNames, type View } from '../reporters/create.ts';
import { similar } from '../util/similar.ts';
import type { RunOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** The views that `-o` asks for, and the one that has the terminal. */
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
      const out = createWriteStream(resolve(around.cwd, file), { mode: 0o600 });
      const view = createReporter(name, { ...common, out, width: 120, height: 50, color: 0 });
      views.push({
        on: (event) => view.on(event),
        async close() {
          await view.close?.();
          await new Promise((done) => out.end(done));
        },
      });
    }
  }
  return { views, terminal };
}

function isReporter(name: string): name is ReporterName {
  return reporterNames.some((known) => known === name);
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
