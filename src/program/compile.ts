import type { Action, Converge, Resource, Sh } from '../model/resource.ts';
import type { StateGuard } from '../model/saved-plan.ts';
import { authorCode } from './author-code.ts';
import { killFunctions, stateFunctions } from './bootstrap.ts';
import { batchOf, createProbeNumbers, type ProbeNumbers, probeBody } from './probes.ts';
import { quote } from './sh.ts';

/** Files whose text (for edits) or sha256 (before large content is sent) the controller wants to have: one line on each, then the texts. */
export interface Prefetch {
  kind: 'prefetch';
  want: 'text' | 'sum';
  paths: readonly string[];
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
  /** An item of the loop has failed where this shell does not know of it. */
  loopFailed?: boolean;
  /** Milliseconds. */
  timeout?: number;
  /** What has to be seen before anything is changed. */
  guard?: StateGuard;
  /** This step only forecasts. */
  check: boolean;
  /** Content has been staged under this path before the step. */
  staged?: string;
  /** The target is known to have the content already: only owner and mode may have to change. */
  same?: boolean;
}

/** How a unit is compiled. */
export interface UnitOptions {
  nonce: string;
  /** Numbers of files that were looked at for earlier units of the same segment in the same shell. */
  numbers?: ProbeNumbers;
  /** Steps of the same segment and shell from here on: their files are looked at now, too, and followed as they change. */
  ahead?: readonly Resource[];
}

/** Text up to this many bytes travels inside the program. */
export const inlineLimit = 64 * 1024;

/** Compiles steps for one user's shell into one piece of program, with one `stat` and one `sha256sum` for all their probes. */
export function compileUnit(steps: readonly WireStep[], options: UnitOptions): string {
  const numbers = options.numbers ?? createProbeNumbers();
  const resources = steps.flatMap(({ runnable }) => (runnable.kind === 'prefetch' ? [] : [runnable]));
  const batch = batchOf(resources, options.ahead ?? [], numbers);
  const look = batch.fresh ? 'play_from=0; play_batch\n' : 'play_from=0; [ $play_gen = 0 ] || play_batch\n';
  const lines = steps.map((step, i) => compileStep(step, steps[i + 1], { numbers, nonce: options.nonce }));
  return `${batch.text}${batch.text ? look : ''}${lines.join('')}`;
}

/** What of the runtime steps need beside its core: text to be run once in a shell before them. Author code needs nothing. */
export function runtimeFor(steps: readonly WireStep[]): string[] {
  const isAuthors = ({ runnable }: WireStep): boolean => runnable.kind === 'action' && !('sh' in runnable.run);
  return [
    ...(steps.every(isAuthors) ? [] : [stateFunctions]),
    ...(steps.every(({ timeout }) => timeout === undefined) ? [] : [killFunctions]),
  ];
}

function compileStep(
  step: WireStep,
  next: WireStep | undefined,
  { numbers, nonce }: { numbers: ProbeNumbers; nonce: string },
): string {
  const { runnable } = step;
  const beginsAtOnce = next?.runnable.kind === 'action' && next.runnable.guard === undefined && !next.check;
  const flags = [
    step.ignoreErrors ? 'i' : '',
    step.loop ? 'l' : '',
    step.loop === 'last' ? 'z' : '',
    step.loopFailed ? 'g' : '',
    runnable.kind === 'converge' && (runnable.result || (step.check && typeof runnable.expect !== 'string')) ? 'o' : '',
    beginsAtOnce ? 'm' : '',
  ].join('');
  const body =
    runnable.kind === 'converge'
      ? convergeBody(step, runnable, numbers)
      : runnable.kind === 'action'
        ? actionBody(step, runnable, nonce)
        : prefetchBody(step, runnable);
  return `if play_step ${step.id} ${step.epoch} '${flags}'; then\n${body}\nfi\n${step.staged ? 'play_drop\n' : ''}`;
}

function convergeBody(step: WireStep, resource: Converge, numbers: ProbeNumbers): string {
  const { expect, guard, body, content } = resource;
  const lines = [`play_p() {\n${probeBody(resource.probe, numbers)}\n}`];
  if (typeof expect !== 'string') lines.push(`play_e() {\n${expect.sh}\n}`);
  const computedFrom = guard ?? (step.same ? unchangedSum(resource) : undefined);
  if (computedFrom !== undefined) lines.push(`play_old=${quote(computedFrom)}`);
  if (step.guard) lines.push(planned(step.guard));
  if (resource.only !== undefined) lines.push(`play_only=${quote(resource.only)}`);
  if (content) lines.push(`play_num=${numbers.stats.get(content.dest) ?? 0}`);
  if (body) lines.push(`play_body=${quote(body.path)}`);
  lines.push(`play_C=${step.check ? 1 : 0}`);
  if (!step.check) {
    if (step.same) lines.push('play_same=1');
    else if (step.staged) lines.push('play_staged=1');
    else if (content) lines.push(`play_b=${quote(Buffer.from(content.bytes).toString('utf8'))}`);
    lines.push(applyBody(step, resource.apply));
  }
  const verify = typeof resource.verify === 'object' ? seconds(resource.verify.within) : (resource.verify ?? 'probe');
  lines.push(`play_conv ${typeof expect === 'string' ? quote(expect) : '@'} ${verify}`);
  return lines.join('\n');
}

/** What converge.sh compares before it applies. */
function planned({ salt, state, lastLine }: StateGuard): string {
  return `play_plan=${state} play_salt=${quote(salt)} play_last=${lastLine ? 1 : ''}`;
}

/** The probe's last line while the file still has the content that made it needless to send it. */
function unchangedSum({ probe, content }: Converge): string | undefined {
  const last = probe.at(-1);
  return last && content && 'sum' in last && last.sum === content.dest ? `sha256 ${content.sha256}` : undefined;
}

/** Whether an action is run in check mode too: it changes nothing there. */
export function runsInCheck({ reads, checks }: Action): boolean {
  return reads === true || checks === true;
}

function actionBody(step: WireStep, action: Action, nonce: string): string {
  const run = step.check && !runsInCheck(action) ? 'play_end unknown 0' : runBody(step, action, nonce);
  if (!action.guard) return run;
  // It was not needed when it was planned.
  const wanted = step.guard ? 'play_end drift 0' : run;
  return `if ( ${action.guard.sh}\n) </dev/null; then\n${wanted}\nelse play_end ok 0\nfi`;
}

function runBody(step: WireStep, action: Action, nonce: string): string {
  const begin = action.reads || step.check ? 'play_read' : 'play_open';
  if ('sh' in action.run) return `${applyBody(step, action.run)}\n${begin}\nplay_x </dev/null\nplay_close $?`;
  const watch = step.timeout === undefined ? '' : `play_watch ${seconds(step.timeout)}\n`;
  return `${begin}\n${watch}${authorCode(action.run, nonce)}\nplay_close $play_z`;
}

function applyBody(step: WireStep, apply: Sh): string {
  const watch = step.timeout === undefined ? '' : `play_watch ${seconds(step.timeout)}\n`;
  return `play_x() {\n${watch}${apply.sh}\n}`;
}

function prefetchBody(step: WireStep, { want, paths }: Prefetch): string {
  return `${want === 'text' ? 'play_fetch' : 'play_sums'} ${step.id} ${paths.map(quote).join(' ')}\nplay_end ok 0`;
}

/** Whole seconds, rounded up: what every `sleep` takes. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
