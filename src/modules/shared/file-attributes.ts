import type { ProbePiece, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type Attributes, attributeWords, hasAttributes, statOf } from './attributes.ts';
import { modeRepairs, wrongMode } from './mode-test.ts';

/** A path and what is asked of it. */
export interface FileState {
  path: string;
  attributes: Attributes;
  /** A link stands for what it leads to. */
  follow: boolean;
}

/** Probe pieces beside the file's own stat, and the lines they print when all is well. */
export interface ExtraProbe {
  pieces: ProbePiece[];
  lines: string[];
}

/**
 * A mode that depends on what is there has no number to compare: `find` says on the host whether it fits.
 * `missing`: what is said of a path that does not exist.
 */
export function relativeMode({ path, attributes, follow }: FileState, missing: 'wrong' | 'fits' = 'wrong'): ExtraProbe {
  const { mode } = attributes;
  if (mode?.kind !== 'relative') return { pieces: [], lines: [] };
  const fits = `mode ${mode.text}`;
  const find = sh`"$(find ${raw(follow ? '-H ' : '')}${path} -prune ${wrongMode(mode)} -print)"`;
  const absent = missing === 'fits' ? fits : `no ${fits}`;
  const piece = sh`if [ ! -e ${path} ]; then echo ${absent}; elif [ -n ${find} ]; then echo ${`not ${fits}`}; else echo ${fits}; fi`;
  return { pieces: [{ sh: piece }], lines: [fits] };
}

/** The stat line of what a link leads to, whatever that is; what is missing fits, because there is nothing to set. */
export function anyType({ path, attributes, follow }: FileState): ExtraProbe {
  const { fields, words } = statOf(attributes);
  if (fields.length === 0) return { pieces: [], lines: [] };
  const line = words.join(' ');
  const measure = sh`play_st 0 ${path} ${fields.join(' ')}${raw(follow ? ' L' : '')} && printf '%s\\n' "\${play_s#* }"`;
  return { pieces: [{ sh: sh`if [ -e ${path} ]; then ${measure}; else echo ${line}; fi` }], lines: [line] };
}

/** The stat line that a path of this type must give; without a type, one that is there may be anything. */
export function statPiece({ path, attributes, follow }: FileState, type: string | undefined): ExtraProbe {
  const { fields, words } = statOf(attributes);
  const untyped = type === undefined;
  if (untyped && fields.length === 0) return { pieces: [], lines: [] };
  const piece = { stat: path, fields, ...(follow && { follow }), ...(untyped && { untyped }) };
  return { pieces: [piece], lines: [[...(untyped ? [] : [type]), ...words].join(' ')] };
}

/** Sets what is asked on one path; with `follow` a link's target gets it. Succeeds when nothing is asked. */
export function setAttributes({ path, attributes, follow }: FileState): Sh {
  if (!hasAttributes(attributes)) return raw(':');
  if (follow) {
    return sh`play_real ${path} &&\n${setOn(raw('"$play_d"'), attributes)}`;
  }
  const set = setOn(sh`${path}`, attributes);
  if (attributes.mode === undefined) return set;
  const complaint = `${path} is a link, which has no mode of its own`;
  return sh`if [ -L ${path} ]; then echo ${complaint} >&2; false; else ${set}; fi`;
}

/** Sets what is asked on a path that is a shell word and no link. */
export function setOn(path: Sh, attributes: Attributes): Sh {
  const { mode, ...owners } = attributes;
  const [, owner, group] = attributeWords(owners);
  if (mode?.kind !== 'relative') return sh`play_attr ${path} ${attrWords(attributes)}`;
  const [first, ...others] = modeRepairs(mode);
  if (first && others.length === 0) return sh`play_attr ${path} ${[first.symbols, owner, group]}`;
  const steps = hasAttributes(owners) ? [sh`play_attr ${path} ${['', owner, group]}`] : [];
  for (const { wrong, symbols } of modeRepairs(mode)) {
    steps.push(sh`find ${path} -prune ${wrong} -exec chmod -- ${symbols} {} +`);
  }
  return joinSh(steps, ' &&\n');
}

/** The words of `play_attr`. Modes have five digits, or GNU chmod would keep the setgid bit of a directory. */
function attrWords(attributes: Attributes): [string, string, string] {
  const [mode, owner, group] = attributeWords(attributes);
  return [attributes.mode?.kind === 'fixed' ? `0${mode}` : mode, owner, group];
}

/** A line or more per kind of attribute: the `find` operands for what is wrong, and the command that puts it right. */
function repairs(attributes: Attributes): { wrong: Sh; command: Sh }[] {
  const list: { wrong: Sh; command: Sh }[] = [];
  const { owner, group, mode } = attributes;
  if (owner !== undefined) list.push({ wrong: sh`! -user ${owner}`, command: sh`chown -h -- ${owner}` });
  if (group !== undefined) list.push({ wrong: sh`! -group ${group}`, command: sh`chgrp -h -- ${group}` });
  if (mode?.kind === 'fixed')
    list.push({ wrong: sh`! -type l ${wrongMode(mode)}`, command: sh`chmod -- ${`0${mode.digits}`}` });
  if (mode?.kind === 'relative') {
    for (const { wrong, symbols } of modeRepairs(mode)) {
      list.push({ wrong: sh`! -type l ${wrong}`, command: sh`chmod -- ${symbols}` });
    }
  }
  return list;
}

/** Looks at everything below a directory, links by themselves, and names the first few that are not as asked. */
export function treeProbe({ path, attributes }: FileState): ExtraProbe {
  if (!hasAttributes(attributes)) return { pieces: [], lines: [] };
  const tests = repairs(attributes).map((repair) => repair.wrong.sh);
  const fits = 'everything below as asked';
  const piece = sh`play_wrong=$(if [ -d ${path} ]; then find -H ${path} \\( ${raw(tests.join(' -o '))} \\) -print 2>&1 | head -n 20; fi)
if [ -n "$play_wrong" ]; then echo 'not as asked:' && printf '%s\\n' "$play_wrong"; else echo ${fits}; fi`;
  return { pieces: [{ sh: piece }], lines: [fits] };
}

/** Puts right whatever is wrong in the tree. */
export function repairTree({ path, attributes }: FileState): Sh {
  const steps = repairs(attributes).map(({ wrong, command }) => sh`find -H ${path} ${wrong} -exec ${command} {} +`.sh);
  return raw(steps.length === 0 ? ':' : steps.join(' &&\n'));
}
