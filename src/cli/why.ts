import { readdirSync } from 'node:fs';
import { Chalk } from 'chalk';
import { createCertainty } from '../analyze/certainty.ts';
import { isSecretName } from '../analyze/warnings/secret-names.ts';
import { type Source, type Spot, sourcesOf } from '../analyze/why.ts';
import type { Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { exitCode } from '../problems/exit-code.ts';
import { linesOf } from '../problems/lines.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import { definitionTemplate } from '../template/definitions.ts';
import { cleanText } from '../util/clean-text.ts';
import { similar } from '../util/similar.ts';
import { textWidth } from '../util/text-width.ts';
import type { WhyOptions } from './options.ts';
import { type Prepared, prepare } from './prepare.ts';
import { shownProblems } from './shown-problems.ts';
import type { Surroundings } from './surroundings.ts';

/** Also of a playbook with mistakes: perhaps one of them is what is asked about. */
type Seen = NonNullable<Prepared['seen']>;

/** What a variable is, and every place that gives it a value, the strongest first. */
interface Answer {
  name: string;
  host: string;
  /** undefined: only the run tells. */
  value: Value | undefined;
  sources: Source[];
}

/** `play why VAR --host H FILE`: where a value comes from, and what it outdoes. Contacts nothing. */
export async function why(
  variable: string,
  file: string | undefined,
  options: WhyOptions,
  around: Surroundings,
): Promise<number> {
  const { problems, sources, secrets, seen } = await prepare(file ?? onlyPlaybook(around.cwd), options, around);
  if (!seen) {
    around.stderr.write(shownProblems(problems, { sources, secrets, around }));
    return exitCode(problems);
  }
  const answer = answerFor(variable.replace(/^vars\./, ''), seen, options, around);
  const isSecret =
    isSecretName(answer.name) ||
    seen.params.declarations.some((one) => `params.${one.name}` === answer.name && one.secret);
  const show = (value: Value | undefined): string =>
    value === undefined ? '(known only in the run)' : isSecret ? '***' : JSON.stringify(value);
  const places = answer.sources.map(
    ({ at }) => at && `${at.file}:${linesOf(sources.get(at.file) ?? '').at(at.start).line}`,
  );
  const text =
    options.format === 'json'
      ? asJson(answer, { sources, isSecret })
      : asText(answer, { show, places, color: around.color > 0 });
  around.stdout.write(secrets.mask(text));
  return 0;
}

/** The playbook of a folder that holds one. */
function onlyPlaybook(cwd: string): string {
  const names = readdirSync(cwd).filter((name) => /\.ya?ml$/.test(name));
  return names.find((name) => /^(?:site|play|playbook|deploy)\.ya?ml$/.test(name)) ?? names[0] ?? 'play.yml';
}

function answerFor(name: string, seen: Seen, options: WhyOptions, around: Surroundings): Answer {
  const { plan, inventory, params, compiler } = seen;
  const hosts = [...new Set(plan.plays.flatMap((play) => play.hosts))];
  const host = options.host ?? (hosts.length === 1 ? hosts[0] : undefined);
  if (host === undefined || !inventory.hosts.has(host)) {
    throw new ProblemError(
      problem('E_WHY_HOST', { host, similar: similar(host ?? '', inventory.hosts.keys()), hosts }),
    );
  }
  const spot = spotOf(seen, host, options.task);
  const [root = '', ...path] = name.split('.');
  const [play] = spot.plays;
  const planned = spot.task ?? play?.readers[0];
  const certainty = createCertainty({
    plan,
    inventory,
    env: around.env,
    functionContext: seen.functionContext,
    params: { names: params.declarations.map((one) => one.name), values: params.values },
    compile: (definition) => definitionTemplate(compiler, definition),
  });
  const scope = play && planned && certainty.scope({ play, planned, host, given: new Set() });
  const sources = root === 'params' ? ofParam(path[0] ?? '', seen) : sourcesOf(root, spot);
  if (sources.length === 0) {
    const known = root === 'params' ? params.declarations.map((one) => `params.${one.name}`) : (scope?.names() ?? []);
    throw new ProblemError(problem('E_WHY_UNKNOWN', { name, host, similar: similar(name, known) }));
  }
  // What only the run gives is not in the scope, and would be outdone by nothing.
  const isLater = sources[0]?.value === undefined;
  return { name, host, sources, value: isLater || !scope ? undefined : valueAt(() => scope.get(root), path) };
}

function spotOf({ plan, inventory }: Seen, host: string, wanted: string | undefined): Spot {
  const plays = plan.plays.filter((play) => play.hosts.includes(host));
  if (wanted === undefined) return { plan, inventory, host, plays };
  for (const play of plays) {
    const task = [...play.readers, ...play.handlers].find((one) => one.task.id === wanted || one.task.name === wanted);
    if (task) return { plan, inventory, host, plays: [play], task };
  }
  const names = plays.flatMap((play) => play.readers.map((one) => one.task.name));
  throw new ProblemError(problem('E_WHY_TASK', { task: wanted, host, similar: similar(wanted, names) }));
}

function ofParam(name: string, { params, plan }: Seen): Source[] {
  const declaration = params.declarations.find((one) => one.name === name);
  if (!declaration) return [];
  const { default: usual } = declaration;
  const at = plan.playbook.params?.locate([name, 'default']) ?? declaration.at;
  const value = params.values[name];
  const isGiven = value !== undefined && JSON.stringify(value) !== JSON.stringify(usual);
  return [
    ...(isGiven ? [{ layer: 'given for this run', value }] : []),
    ...(usual === undefined ? [] : [{ layer: 'default of the parameter', at, value: usual }]),
    ...(isGiven || usual !== undefined ? [] : [{ layer: 'declared, and not given', at: declaration.at }]),
  ];
}

function valueAt(read: () => Value | undefined, path: readonly string[]): Value | undefined {
  try {
    let value = read();
    for (const field of path)
      value = typeof value === 'object' && value !== null ? (value as { [key: string]: Value })[field] : undefined;
    return value;
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotKnown) return undefined;
    throw error;
  }
}

function asText(
  { name, host, value, sources }: Answer,
  { show, places, color }: { show(value: Value | undefined): string; places: (string | undefined)[]; color: boolean },
): string {
  const paint = new Chalk({ level: color ? 1 : 0 });
  const rows = sources.map(
    (source, i) => [cleanText(show(source.value)), cleanText(source.layer), cleanText(places[i] ?? '')] as const,
  );
  const widths = [0, 1].map((column) => Math.min(60, Math.max(...rows.map((row) => textWidth(row[column] ?? '')))));
  const lines = rows.map((row, i) => {
    const cells = row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))))
      .join('  ')
      .trimEnd();
    if (i === 0) return `  ${paint.green(cells)}`;
    return color ? `  ${paint.strikethrough.dim(cells)}` : `  ${cells}  (overridden)`;
  });
  return `${paint.bold(name)} on ${host}: ${cleanText(show(value))}\n${lines.join('\n')}\n`;
}

function asJson(
  { name, host, value, sources }: Answer,
  { sources: texts, isSecret }: { sources: Sources; isSecret: boolean },
): string {
  const hidden = (one: Value | undefined): Value | undefined =>
    one === undefined ? undefined : isSecret ? '***' : one;
  const list = sources.map(({ layer, at, value: written }, i) => {
    const place = at && linesOf(texts.get(at.file) ?? '').at(at.start);
    return {
      layer,
      ...(at && place && { file: at.file, line: place.line, column: place.column }),
      value: hidden(written),
      wins: i === 0,
    };
  });
  return `${JSON.stringify({ name, host, value: hidden(value), sources: list }, null, 2)}\n`;
}
