import type { Reporter } from '../model/event.ts';
import { jsonReporter } from './json.ts';
import { linesReporter } from './lines.ts';
import { type LiveReporter, liveReporter } from './live.ts';
import type { ReporterOptions } from './options.ts';
import { quietReporter } from './quiet.ts';

/** Every view by the name that `-o` takes. */
const reporters = {
  live: liveReporter,
  lines: linesReporter,
  json: jsonReporter,
  quiet: quietReporter,
} satisfies Record<string, (options: ReporterOptions) => Reporter>;

/** A name that `-o` takes. */
export type ReporterName = keyof typeof reporters;

/** A reporter that may share the terminal with questions; see LiveReporter. */
export type View = Reporter & Partial<Pick<LiveReporter, 'suspend' | 'resume' | 'restore'>>;

/** The names of all views, for help and for messages. */
export const reporterNames = Object.keys(reporters) as ReporterName[];

/** Makes a view. */
export function createReporter(name: ReporterName, options: ReporterOptions): View {
  return reporters[name](options);
}
