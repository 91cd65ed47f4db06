import type { Fields } from './value.ts';

/** Shell text that is safe to run as it stands: made by the `sh` tag in program/sh.ts, which quotes every value put in. */
export interface Sh {
  readonly sh: string;
}

/**
 * One line of a probe. Data pieces are merged per program into one `stat` and one `sha256sum` call;
 * a `sh` piece runs by itself and prints its line(s).
 * - `stat` prints `absent`, or `TYPE` (file, directory, link, fifo, socket, block, char) followed by the asked fields, space separated
 *   (mode always four digits: `0644`). Does not follow a link unless `follow`. With `untyped`, only the fields.
 * - `sum` prints `sha256 HEX`, or `sha256 -` when there is no readable regular file. Follows links.
 * - `link` prints `-> TARGET`, or `no link`.
 */
export type ProbePiece =
  | {
      stat: string;
      fields: readonly ('mode' | 'owner' | 'group' | 'uid' | 'gid' | 'size')[];
      follow?: boolean;
      untyped?: boolean;
    }
  | { sum: string }
  | { link: string }
  | { sh: Sh };

/** How the end state is checked after an apply: probe again (default), probe again within a time, or trust the exit status. */
export type Verify = 'probe' | 'apply' | { within: number };

/** Bytes that an apply writes. Small text travels inside the program, the rest as counted bytes into a temp file. */
export interface Content {
  bytes: Uint8Array;
  sha256: string;
  /** The final path: the temp file is made beside it. */
  dest: string;
}

/** What is known when a step has ended. Texts are decoded UTF-8; `stdout` and `stderr` are the author code's or the apply's own. */
export interface Outcome {
  rc: number | null;
  stdout: string;
  stderr: string;
  /** What the first probe printed. */
  observed?: string;
  /** What the probe was to print, where `expect` is shell and was not what was observed. */
  expected?: string;
  changed: boolean;
}

interface Common {
  /** Turns the outcome into the fields of `register`, beside the ones every result has (changed, failed, skipped, rc, stdout …). */
  result?(outcome: Outcome): Fields;
}

/** State to reach: probe, compare with expect, apply only where they differ, probe again. */
export interface Converge extends Common {
  kind: 'converge';
  probe: ProbePiece[];
  /** The text the probe prints when nothing is to be done (pieces joined by newlines), or sh that prints it on the host. */
  expect: string | Sh;
  /** Trusted code, run in the session's shell: no `exit`, no `cd`. Its exit status decides. `play_put` writes `content`. */
  apply: Sh;
  /** The one path that `apply` changes, parents that it makes aside: what is known of other files still holds afterwards. */
  only?: string;
  verify?: Verify;
  /** The last line of the probe that `apply` was computed from: another one means the file has changed since, and nothing is written. */
  guard?: string;
  content?: Content;
  /** A file whose old text is fetched for `--diff`, and the text it will have. */
  body?: { path: string; after: string };
  /** File text that is known once this step is done, for edits that follow without reading it back. */
  writes?: { path: string; text: string }[];
}

/** Author code or a one-off effect: always runs, always changed (unless it only reads). */
export interface Action extends Common {
  kind: 'action';
  run: Sh | AuthorCode;
  /** Skip (status ok) when this prints `skip` lines: `creates`/`removes`. Exit 0 = run, 1 = skip. */
  guard?: Sh;
  /** Never changes anything: runs in check mode, status ok. */
  reads?: boolean;
  /** Knows check mode from its input: runs in it too, and changes nothing then. */
  checks?: boolean;
  /** Decides by what it printed how it ended: as a failure where the exit status is not 0, and only there unless `mayFail`. */
  judge?(outcome: Outcome): Verdict;
  /** Its judge may see a failure although it exited with 0, so that nothing after it is sent before. */
  mayFail?: boolean;
}

/** How an action ended, in its own words. */
export interface Verdict {
  status: 'ok' | 'changed' | 'would-change' | 'failed';
  fields: Fields;
  /** What it printed is no answer, and is shown as it is. */
  unread?: true;
  /** Why it failed. */
  failure?: string;
  hint?: string;
  /** Text for people. */
  message?: string;
  diff?: string;
  /** Variables that become the host's. */
  facts?: Fields;
}

/** An executable file of the controller, for the time of one step beside the session on the host. */
export interface Program {
  bytes: Uint8Array;
  /** What reads it, with its options; without, the file itself is started. */
  interpreter?: string[];
}

/** A program of the author's, run in a process of its own with closed descriptors and its own environment. */
export interface AuthorCode {
  /** Exactly this program and these arguments, no shell … */
  argv?: string[];
  /** … or this text, read by `executable` (default /bin/sh) from a descriptor, never from argv. */
  text?: string;
  /** … or this file. */
  program?: Program;
  /** Values for the text as unexported shell variables, assigned before it (`__p1`). */
  assign?: Record<string, string>;
  executable?: string;
  /** Arguments of the executable itself, given before the text: `-e` of `#!/bin/bash -e`. */
  options?: string[];
  /** Arguments for `text` ($1 …). */
  args?: string[];
  /** Given on standard input; empty otherwise. */
  stdin?: string;
  env: Record<string, string>;
  cwd?: string;
}

/** A text edit: the transform runs in Node over the file's text, the write goes out guarded by the sha256 it was computed from. */
export interface Edit extends Common {
  kind: 'edit';
  path: string;
  /** Old text (undefined: no such file) to new text; pure. An EditFailure is reported as the task's failure. */
  transform(text: string | undefined): EditResult;
  /** Owner, group (names or ids) and mode to have; undefined = leave, or the default for a new file. */
  attributes: FileAttributes;
  /** The directory of a new file is made, too. */
  makesDirectory?: boolean;
  backup?: boolean;
  /** A command in which `%s` stands for the temp file; a non-zero exit leaves the old file. */
  validate?: string;
}

/** What an edit made of a text. `text: undefined` = leave an absent file absent. */
export type EditResult = { text: string | undefined; fields?: Fields } | { failure: string };

/** Owner, group and mode of a file, as the author gave them. */
export interface FileAttributes {
  owner?: string;
  group?: string;
  /** Four octal digits, or what is to become of the mode that the file has. */
  mode?: string | RelativeMode;
}

/** Bits that a mode keeps and bits that it sets: new = (old & keep) | set. */
export interface ModeChange {
  keep: number;
  set: number;
}

/** A mode that depends on what is there (`u+x`, `X`): one change each for directories, for files with and without an x bit. */
export interface RelativeMode {
  kind: 'relative';
  /** As the author wrote it. */
  text: string;
  directory: ModeChange;
  executable: ModeChange;
  plain: ModeChange;
}

/** What a host module makes of its parameters. */
export type Resource = Converge | Action | Edit;
