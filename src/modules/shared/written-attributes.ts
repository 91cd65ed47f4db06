import { statSync } from 'node:fs';
import type { FileAttributes, RelativeMode, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type AttributeParams, type StatFields, statOf } from './attributes.ts';
import { changed, parseMode } from './mode.ts';

/** What a file has that did not exist before, as long as nobody says otherwise. */
const newFile = 0o644;

/** Reads the attributes of a task that writes a file. Throws ProblemError for a mode that is none. */
export function writtenAttributes(module: string, params: AttributeParams): FileAttributes {
  return {
    ...(params.owner !== undefined && { owner: String(params.owner) }),
    ...(params.group !== undefined && { group: String(params.group) }),
    ...(params.mode !== undefined && { mode: writtenMode(module, params.mode) }),
  };
}

/** A mode as four digits, or as the change that it is. Throws ProblemError when it is none. */
export function writtenMode(module: string, text: string): string | RelativeMode {
  const mode = parseMode(module, text);
  return mode.kind === 'fixed' ? mode.digits : mode;
}

/** `mode: preserve` as the mode of a file of this machine; any other mode as it is. */
export function preserved(mode: string | undefined, source: string | undefined): { mode?: string } {
  if (mode !== 'preserve') return mode === undefined ? {} : { mode };
  return source === undefined ? {} : { mode: (statSync(source).mode & 0o7777).toString(8).padStart(4, '0') };
}

/** The mode that something new gets, as four digits: what depends on a mode depends on the usual one. Throws ProblemError. */
export function modeOfNew(module: string, text: string, kind: 'file' | 'directory'): string {
  const mode = parseMode(module, text);
  if (mode.kind === 'fixed') return mode.digits;
  return kind === 'file' ? changed(newFile, mode.plain) : changed(0o755, mode.directory);
}

/** The same attributes for a file that is surely new. */
export function attributesOfNew({ mode, ...owners }: FileAttributes): FileAttributes & { mode?: string } {
  if (mode === undefined) return owners;
  return { ...owners, mode: typeof mode === 'string' ? mode : changed(newFile, mode.plain) };
}

/** The fields of the `stat` line of a file that is written. */
export function fileFields({ mode, ...owners }: FileAttributes): StatFields {
  return [...(mode === undefined ? [] : (['mode'] as const)), ...statOf(owners).fields];
}

/**
 * What a probe has to print of a file: its `stat` line between others. A mode that depends on the one that is there is worked out on the
 * host from the line `file MODE …` that the probe has printed.
 */
export function expectFile(
  attributes: FileAttributes,
  { before = [], after }: { before?: readonly string[]; after: string },
): string | Sh {
  const { mode } = attributes;
  if (typeof mode !== 'object') return [...before, ['file', ...statOf(attributes).words].join(' '), after].join('\n');
  return sh`${setMode(mode)}
printf '%s\\n' ${joinSh([...before.map((line) => sh`${line}`), fileLine(attributes), sh`${after}`], ' ')}`;
}

/** The word of the shell that is the `stat` line of the file, once `settleMode` has run. */
export function fileLine(attributes: FileAttributes): Sh {
  const { mode, ...owners } = attributes;
  if (typeof mode !== 'object') return sh`${['file', ...statOf(attributes).words].join(' ')}`;
  const rest = statOf(owners).words.map((word) => ` ${word}`);
  return rest.length === 0 ? raw('"file $play_fm"') : sh`"file $play_fm"${rest.join('')}`;
}

/** The words of `play_attr` and `play_put`, once `settleMode` has run: mode, owner, group; empty = leave. */
export function attributeShellWords({ mode = '', owner = '', group = '' }: FileAttributes): Sh {
  return joinSh([typeof mode === 'string' ? sh`${mode}` : raw('"$play_fm"'), sh`${[owner, group]}`], ' ');
}

/** Sets `play_fm` where the mode depends on the one that the probe has found. Else nothing. */
export function settleMode({ mode }: FileAttributes): Sh {
  return typeof mode === 'object' ? sh`${setMode(mode)}\n` : raw('');
}

/** Each digit by itself, because not all shells take numbers for octal that begin with 0. */
function setMode({ executable, plain }: RelativeMode): Sh {
  const isSame = executable.keep === plain.keep && executable.set === plain.set;
  const work = isSame
    ? digits(plain)
    : sh`case \${play_fm#?} in
(*[1357]*) ${digits(executable)} ;;
(*) ${digits(plain)} ;;
esac`;
  return sh`play_fm=$play_nl$play_o
case $play_fm in (*"\${play_nl}file "[0-7]*) play_fm=\${play_fm#*"\${play_nl}file "} ;; (*) play_fm=${octal(newFile)} ;; esac
play_fm=\${play_fm%%[!0-7]*} play_f4=\${play_fm#???} play_f1=\${play_fm%???}
play_f2=\${play_fm%??} play_f3=\${play_fm%?}
play_f2=\${play_f2#?} play_f3=\${play_f3#??}
${work}`;
}

function digits({ keep, set }: RelativeMode['plain']): Sh {
  const [kept, given] = [octal(keep), octal(set)];
  return raw(`play_fm=${[1, 2, 3, 4].map((i) => `$((play_f${i} & ${kept[i - 1]} | ${given[i - 1]}))`).join('')}`);
}

function octal(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}
