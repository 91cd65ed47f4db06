import type { Content } from '../model/resource.ts';
import { inlineLimit } from '../program/compile.ts';
import { type KnownFile, readKnown } from './known-files.ts';
import type { SegmentStep } from './segment.ts';

/** What must be read from the host before a step can be compiled: the text of a file to edit, or the sum of one that much would be sent for. */
export interface Need {
  want: 'text' | 'sum';
  path: string;
  user: string | undefined;
}

/** What the controller knows of a host's files, for each user: read from the host, or written by steps before. */
export interface Knowledge {
  /** What a step needs; undefined: it can be compiled as it is. */
  needOf(step: SegmentStep): Need | undefined;
  /** Whether bytes cannot be a shell word, or are too many to be one, and travel counted into a temp file. */
  isStaged(content: Content): boolean;
  /** What the steps after a place need and nothing has asked for yet; without files that steps before them will write. */
  missing(steps: readonly SegmentStep[], from: number): Need[];
  asked(needs: readonly Need[]): void;
  isAwaited(need: Need): boolean;
  text(need: Need): KnownFile | undefined;
  sum(need: Need): string | undefined;
  /** Takes the answer to a prefetch that was sent before the step at this place: a line for each file, and their bytes. */
  learn(needs: readonly Need[], at: number, lines: string, bytes: Buffer): void;
  /** A step will have written these texts once it is done; `forecast`: it only would. */
  wrote(step: SegmentStep, writes: readonly { path: string; text: string }[], forecast: boolean): void;
  forgetText(need: Need): void;
  /** A new segment begins, whose steps are counted anew. */
  turn(): void;
  /** What was sent will not be done, so nothing is known any more. */
  forget(): void;
}

/** Steps that are looked through for files to read, from the next one on. */
const mostAhead = 400;

/** A file that is never read whole, because it changes meanwhile, is given up after so many tries. */
const mostTries = 4;

/** Nothing is known yet. */
export function createKnowledge(): Knowledge {
  const texts = new Map<string, KnownFile>();
  const sums = new Map<string, string>();
  const awaited = new Set<string>();
  const tries = new Map<string, number>();
  const needs = new WeakMap<SegmentStep, Need | 'none'>();
  const staged = new WeakMap<Content, boolean>();

  const isStaged = (content: Content): boolean => {
    const known = staged.get(content) ?? needsStaging(content);
    staged.set(content, known);
    return known;
  };
  const needOf = (step: SegmentStep): Need | undefined => {
    const known = needs.get(step) ?? findNeed(step, isStaged) ?? 'none';
    needs.set(step, known);
    return known === 'none' ? undefined : known;
  };

  const learnText = (need: Need, at: number, line: string, bytes: Buffer | undefined): void => {
    const key = fileKey(need);
    // A step that was sent meanwhile will have written it.
    if (texts.has(key)) return;
    const read = readKnown(need.path, line, bytes);
    if (read) {
      tries.delete(key);
      texts.set(key, { ...read, readAt: at });
      return;
    }
    const count = (tries.get(key) ?? 0) + 1;
    tries.set(key, count);
    const problem = `${need.path} changes while it is read`;
    if (count === mostTries) texts.set(key, { text: undefined, forecast: false, readAt: at, problem });
  };

  return {
    needOf,
    isStaged,
    missing(steps, from) {
      const found = new Map<string, Need>();
      const written = new Set<string>();
      for (const step of steps.slice(from, from + mostAhead)) {
        const need = needOf(step);
        if (need && !written.has(fileKey(need)) && !awaited.has(needKey(need))) {
          const known = need.want === 'text' ? texts : sums;
          if (!known.has(fileKey(need))) found.set(needKey(need), need);
        }
        const writes = step.runnable.kind === 'converge' ? (step.runnable.writes ?? []) : [];
        for (const { path } of writes) written.add(fileKey({ user: step.user, path }));
      }
      return [...found.values()];
    },
    asked(asked) {
      for (const need of asked) awaited.add(needKey(need));
    },
    isAwaited: (need) => awaited.has(needKey(need)),
    text: (need) => texts.get(fileKey(need)),
    sum: (need) => sums.get(fileKey(need)),
    learn(asked, at, observed, bytes) {
      const lines = observed.split('\n');
      const sizes = lines.map((line) => (line.endsWith(' sent') ? Number(line.split(' ')[1]) : 0));
      // Something changed between looking and reading: whose bytes these are cannot be told.
      const whole = sizes.reduce((sum, size) => sum + size, 0) === bytes.length;
      let from = 0;
      asked.forEach((need, i) => {
        awaited.delete(needKey(need));
        const line = lines[i] ?? 'absent';
        if (need.want === 'sum') {
          sums.set(fileKey(need), line);
          return;
        }
        const size = sizes[i] ?? 0;
        learnText(need, at, line, whole ? bytes.subarray(from, from + size) : undefined);
        from += size;
      });
    },
    wrote(step, writes, forecast) {
      for (const { path, text } of writes) texts.set(fileKey({ user: step.user, path }), { text, forecast });
    },
    forgetText(need) {
      texts.delete(fileKey(need));
    },
    turn() {
      sums.clear();
      for (const known of texts.values()) delete known.readAt;
    },
    forget() {
      texts.clear();
      sums.clear();
      awaited.clear();
    },
  };
}

function findNeed({ runnable, user, check }: SegmentStep, isStaged: (content: Content) => boolean): Need | undefined {
  if (runnable.kind === 'edit') return { want: 'text', path: runnable.path, user };
  if (runnable.kind !== 'converge' || !runnable.content || check) return undefined;
  return isStaged(runnable.content) ? { want: 'sum', path: runnable.content.dest, user } : undefined;
}

function needsStaging(content: Content): boolean {
  const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.bytes.byteLength);
  return bytes.length > inlineLimit || bytes.includes(0) || !Buffer.from(bytes.toString('utf8')).equals(bytes);
}

function fileKey({ user, path }: Pick<Need, 'user' | 'path'>): string {
  return `${user ?? ''}:${path}`;
}

function needKey(need: Need): string {
  return `${need.want} ${fileKey(need)}`;
}
