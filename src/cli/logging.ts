import { hostname } from 'node:os';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import type { Level } from '../model/log.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import { parseSize } from '../params/size.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import { createLog, type NamedSink } from '../sinks/log.ts';
import { fileSink } from '../sinks/log-file.ts';
import type { LogFormat } from '../sinks/log-formats.ts';
import { webhookSink } from '../sinks/log-webhook.ts';
import { shownHook } from '../sinks/post.ts';
import { readSyslogPlace, syslogSink } from '../sinks/syslog.ts';
import type { Facility } from '../sinks/syslog-message.ts';
import { fileReason } from '../util/errno.ts';
import { type BookTexts, bookScope, fillIn } from './fill-in.ts';
import type { RunOptions } from './options.ts';
import { hookOf } from './reports.ts';
import type { Surroundings } from './surroundings.ts';

/** How many old files are kept where nothing is said. */
const KEPT = 5;

/** What opening the log of a run needs. */
export interface LoggingOptions {
  book: BookTexts;
  files: Files;
  options: Pick<RunOptions, 'logFile' | 'verbose'>;
  around: Surroundings;
}

/** Fills in `logging:`, for mistakes that can be told before a run. */
export async function checkLogging(book: BookTexts): Promise<Problem[]> {
  try {
    await filledIn(book);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

/** Opens every sink of a run: those of `logging:` and `--log-file`. Throws ProblemError when one cannot be had; nothing has run then. */
export async function openLog({ book, files, options, around }: LoggingOptions): Promise<ReturnType<typeof createLog>> {
  const usual: Level = options.verbose ? 'debug' : (book.playbook.logging?.level ?? 'info');
  const sinks: NamedSink[] = [];
  const least = (given: Fields): Level => (given['level'] as Level | undefined) ?? usual;
  try {
    if (options.logFile !== undefined) {
      const path = resolve(around.cwd, options.logFile);
      sinks.push(openFile(path, { least: usual, around }));
    }
    const { file, syslog, webhook } = await filledIn(book);
    for (const given of file)
      sinks.push(openFile(files.target(String(given['path'])), { given, least: least(given), around }));
    for (const given of syslog) {
      const to = String(given['to']);
      const place = readSyslogPlace(to);
      if (!place) throw refused('syslog', `"${to}" is no place; write udp://HOST:PORT, tcp://HOST:PORT or unix:/PATH`);
      const { facility = 'user', app = 'play' } = given as { facility?: Facility; app?: string };
      const origin = { facility, app, host: hostname(), pid: process.pid };
      sinks.push({ name: `syslog at ${to}`, sink: syslogSink(place, origin, least(given)) });
    }
    for (const given of webhook) {
      const hook = await hookOf(given, { files, env: book.env }).catch((error: unknown) => {
        throw error instanceof ProblemError ? error : refused('webhook', (error as Error).message);
      });
      sinks.push({ name: `webhook at ${shownHook(hook)}`, sink: webhookSink(hook, least(given)) });
    }
  } catch (error) {
    await createLog(sinks).end();
    throw error;
  }
  return createLog(sinks);
}

async function filledIn({
  playbook,
  compiler,
  ...rest
}: BookTexts): Promise<Record<'file' | 'syslog' | 'webhook', Fields[]>> {
  const { logging } = playbook;
  if (!logging) return { file: [], syslog: [], webhook: [] };
  await compiler.load();
  const scope: Scope = bookScope({ playbook, compiler, ...rest });
  const fill = (kind: 'file' | 'syslog' | 'webhook') => logging[kind].map((one) => fillIn(one, scope, compiler));
  return { file: fill('file'), syslog: fill('syslog'), webhook: fill('webhook') };
}

function openFile(
  path: string,
  { given = {}, least, around }: { given?: Fields; least: Level; around: Surroundings },
): NamedSink {
  const { size, age, keep = KEPT } = (given['rotate'] ?? {}) as Fields;
  const bytes = size === undefined ? undefined : parseSize(size);
  const ms = age === undefined ? undefined : parseAge(String(age));
  const format = (given['format'] as LogFormat | undefined) ?? (/\.jsonl?$/.test(path) ? 'json' : 'text');
  const options = { path, format, least, keep: Number(keep) };
  const shown = relative(around.cwd, path);
  try {
    const more = { ...(bytes !== undefined && { size: bytes }), ...(ms !== undefined && { age: ms }) };
    return { name: shown.startsWith('..') ? path : shown, sink: fileSink({ ...options, ...more }, around.now) };
  } catch (error) {
    throw refused(path, fileReason(error));
  }
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Milliseconds. */
function parseAge(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 1) * 1000;
}

function refused(sink: string, reason: string): ProblemError {
  return new ProblemError(problem('E_LOG_SINK', { sink, reason }));
}
