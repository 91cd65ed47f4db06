import type { Action, AuthorCode, Converge, ProbePiece, Sh } from '../model/resource.ts';
import { quote } from './sh.ts';

/** A file whose text (for edits) or sha256 (before large content is sent) the controller wants to have. */
export interface Prefetch {
  kind: 'prefetch';
  path: string;
  want: 'text' | 'sum';
}

/** What one step of a program does; edits have become `converge` by now. */
export type Runnable = Converge | Action | Prefetch;

/** One step as the host sees it. */
export interface WireStep {
  /** Number of the step in its session: what markers carry. */
  id: number;
  /** A failure stops all steps of the same or an older epoch. */
  epoch: number;
  runnable: Runnable;
  /** A failure does not stop the host. */
  ignoreErrors: boolean;
  /** A loop runs all its items before a failed one stops the host. */
  loop?: 'item' | 'last';
  /** Milliseconds. */
  timeout?: number;
  /** This step only forecasts. */
  check: boolean;
  /** Content has been staged under this path before the step. */
  staged?: string;
  /** The target is known to have the content already: only owner and mode may have to change. */
  same?: boolean;
}

/** Text up to this many bytes travels inside the program. */
export const inlineLimit = 64 * 1024;

/** Compiles steps for one user's shell into one piece of program, with one `stat` and one `sha256sum` for all their probes. */
export function compileUnit(steps: readonly WireStep[], options: { nonce: string }): string {
  const cache = collectPaths(steps);
  const lines: string[] = [];
  if (cache.stats.size + cache.sums.size > 0) {
    lines.push(`play_pre ${[...cache.stats.keys()].map(quote).join(' ')}`);
    if (cache.sums.size > 0) lines.push(`play_presum ${[...cache.sums.keys()].map(quote).join(' ')}`);
  }
  for (const step of steps) lines.push(compileStep(step, cache, options));
  return `${lines.join('\n')}\n`;
}

interface Cache {
  stats: Map<string, number>;
  sums: Map<string, number>;
}

function collectPaths(steps: readonly WireStep[]): Cache {
  const cache: Cache = { stats: new Map(), sums: new Map() };
  const add = (map: Map<string, number>, path: string): void => {
    if (!map.has(path)) map.set(path, map.size + 1);
  };
  for (const { runnable } of steps) {
    if (runnable.kind !== 'converge') continue;
    for (const piece of runnable.probe) {
      if ('stat' in piece && !piece.follow) add(cache.stats, piece.stat);
      else if ('sum' in piece) add(cache.sums, piece.sum);
    }
  }
  return cache;
}

function compileStep(step: WireStep, cache: Cache, options: { nonce: string }): string {
  const { runnable } = step;
  const flags =
    (step.ignoreErrors ? 'i' : '') +
    (step.loop ? 'l' : '') +
    (step.loop === 'last' ? 'z' : '') +
    (runnable.kind === 'converge' && runnable.result ? 'o' : '');
  const body =
    runnable.kind === 'converge'
      ? convergeBody(step, runnable, cache)
      : runnable.kind === 'action'
        ? actionBody(step, runnable, options)
        : prefetchBody(step, runnable);
  const tidy = step.staged ? `rm -f -- ${quote(step.staged)}\n` : '';
  return `if play_step ${step.id} ${step.epoch} '${flags}'; then\n${body}\nfi\n${tidy}`;
}

function convergeBody(step: WireStep, resource: Converge, cache: Cache): string {
  const lines = [`play_p() {\n${probeBody(resource.probe, cache)}\n}`];
  const computed = typeof resource.expect !== 'string';
  if (computed) lines.push(`play_e() {\n${(resource.expect as Sh).sh}\n}`);
  if (resource.guard !== undefined) lines.push(`play_old=${quote(resource.guard)}`);
  if (resource.body) lines.push(`play_body=${quote(resource.body.path)}`);
  const watch = step.timeout === undefined ? '' : `play_watch ${seconds(step.timeout)}\n`;
  lines.push(`play_C=${step.check ? 1 : 0}`);
  if (step.check) {
    lines.push('play_x() {\n:\n}');
  } else {
    if (step.same) lines.push('play_same=1');
    else if (step.staged) lines.push(`play_staged=1 play_t=${quote(step.staged)}`);
    else if (resource.content) lines.push(`play_b=${quote(Buffer.from(resource.content.bytes).toString('utf8'))}`);
    lines.push(`play_x() {\n${watch}${resource.apply.sh}\n}`);
  }
  const verify = typeof resource.verify === 'object' ? seconds(resource.verify.within) : (resource.verify ?? 'probe');
  lines.push(`play_conv ${computed ? '@' : quote(resource.expect as string)} ${verify}`);
  return lines.join('\n');
}

function probeBody(pieces: readonly ProbePiece[], cache: Cache): string {
  const lines = ['play_o='];
  pieces.forEach((piece, i) => {
    lines.push(`${probeCall(piece, cache)} || return`);
    lines.push(i === 0 ? 'play_o=$play_s' : 'play_o=$play_o$play_nl$play_s');
  });
  return lines.join('\n');
}

function probeCall(piece: ProbePiece, cache: Cache): string {
  if ('stat' in piece) {
    const place = piece.follow ? 0 : cache.stats.get(piece.stat);
    return `play_st ${place ?? 0} ${quote(piece.stat)} '${piece.fields.join(' ')}'${piece.follow ? ' L' : ''}`;
  }
  if ('sum' in piece) return `play_sum ${cache.sums.get(piece.sum) ?? 0} ${quote(piece.sum)}`;
  if ('link' in piece) return `play_link ${quote(piece.link)}`;
  return `play_s=$(LC_ALL=C; export LC_ALL\n${piece.sh.sh}\n)`;
}

function actionBody(step: WireStep, action: Action, options: { nonce: string }): string {
  const run = step.check && !action.reads ? 'play_end unknown 0' : runBody(step, action, options.nonce);
  if (!action.guard) return run;
  return `if ( ${action.guard.sh}\n) </dev/null; then\n${run}\nelse play_end ok 0\nfi`;
}

function runBody(step: WireStep, action: Action, nonce: string): string {
  if ('sh' in action.run) {
    const watch = step.timeout === undefined ? '' : `play_watch ${seconds(step.timeout)}\n`;
    return `play_x() {\n${action.run.sh}\n}\n${action.reads ? 'play_read' : 'play_open'}\n${watch}play_x </dev/null\nplay_close $?`;
  }
  return authorBody(step, action, action.run, nonce);
}

function authorBody(step: WireStep, action: Action, code: AuthorCode, nonce: string): string {
  const lines = [action.reads ? 'play_read' : 'play_open'];
  if (step.timeout !== undefined) lines.push(`play_watch ${seconds(step.timeout)}`);
  const inside: string[] = [];
  for (const [name, value] of Object.entries(code.env)) inside.push(`export ${name}=${quote(value)}`);
  if (code.cwd !== undefined) inside.push(`play_in ${quote(code.cwd)}`);
  let document = '';
  if (code.text !== undefined) {
    const shell = code.executable ?? '/bin/sh';
    const posix = /(^|\/)(sh|bash|dash|ash|ksh|mksh|zsh)$/.test(shell);
    const assign = Object.entries(code.assign ?? {}).map(([name, value]) => `${name}=${quote(value)};`);
    const delimiter = `PLAY_${nonce}`;
    const head = [shell, ...(code.options ?? [])].map(quote).join(' ');
    const args = (code.args ?? []).map(quote).join(' ');
    inside.push(
      `if [ -r /dev/fd/9 ]; then exec $play_grp ${head} /dev/fd/9 ${args}`,
      `else exec $play_grp ${head} -c "$(cat <&9)" ${quote(shell)} ${args}; fi`,
    );
    document = ` 9<<'${delimiter}'\n${posix ? 'exec 9<&-;' : ''}${assign.join('')}${code.text}\n${delimiter}`;
  } else {
    inside.push(`exec $play_grp ${(code.argv ?? []).map(quote).join(' ')}`);
  }
  const feed = code.stdin === undefined ? '' : 'play_out "$play_b" | ';
  if (code.stdin !== undefined) lines.push(`play_b=${quote(code.stdin)}`);
  // The shell's own stderr is shut meanwhile: dash and busybox would print "Terminated" there.
  lines.push(
    `{ ${feed}( ${inside.join('\n')} ) 2>&8 8>&-${document}`,
    'play_z=$?; } 8>&2 2>/dev/null',
    'play_close $play_z',
  );
  return lines.join('\n');
}

function prefetchBody(step: WireStep, prefetch: Prefetch): string {
  const path = quote(prefetch.path);
  if (prefetch.want === 'sum') return `play_sum 0 ${path}\nplay_say "O ${step.id}$play_nl$play_s"\nplay_end ok 0`;
  return [
    `play_st 0 ${path} size L`,
    `play_say "O ${step.id}$play_nl$play_s"`,
    `case $play_s in file*) play_show D ${path} ;; esac`,
    'play_end ok 0',
  ].join('\n');
}

/** Whole seconds, rounded up: what every `sleep` takes. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
