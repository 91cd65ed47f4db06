import { posix } from 'node:path';
import type { Converge, Resource, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type Attributes, attributeWords, hasAttributes } from './attributes.ts';
import {
  anyType,
  type ExtraProbe,
  type FileState,
  relativeMode,
  repairTree,
  setAttributes,
  setOn,
  statPiece,
  treeProbe,
} from './file-attributes.ts';
import { symbolsOf } from './mode-test.ts';
import { pathParts } from './path-parts.ts';

/** Nothing may be there; a directory goes with all it holds. */
export function absent(path: string): Resource {
  return converge([{ pieces: [{ stat: path, fields: [] }], lines: ['absent'] }], sh`rm -rf -- ${path}`);
}

/** A directory, missing parents included; new ones get the attributes too, as Ansible does it. */
export function directory(state: FileState, recurse: boolean): Resource {
  const { path, attributes } = state;
  const probes = [statPiece(state, 'directory'), relativeMode(state)];
  if (!hasAttributes(attributes)) return { ...converge(probes, sh`mkdir -p -- ${path}`), only: path };
  const apply = sh`if [ -d ${path} ]; then
${setAttributes(state)}
else
play_made=:
for play_part in ${pathParts(path)}; do
[ -d "$play_part" ] || { ${makeDirectory(attributes)}; } || { play_made=false; break; }
done
$play_made
fi`;
  if (!recurse) return { ...converge(probes, apply), only: path };
  probes.push(treeProbe(state));
  return converge(probes, joinSh([apply, repairTree(state)], ' &&\n'));
}

/** Makes `$play_part` with its attributes, the mode at once where it is known. */
function makeDirectory(attributes: Attributes): Sh {
  const { mode, ...owners } = attributes;
  const part = raw('"$play_part"');
  if (mode?.kind === 'relative') {
    const [, owner, group] = attributeWords(owners);
    return sh`mkdir -- ${part} && play_attr ${part} ${[symbolsOf(mode.directory), owner, group]}`;
  }
  if (mode === undefined) return sh`mkdir -- ${part} && ${setOn(part, owners)}`;
  const make = sh`mkdir -m ${mode.digits} -- ${part}`;
  return hasAttributes(owners) ? sh`${make} && ${setOn(part, owners)}` : make;
}

/** What is there keeps its content and gets the attributes; nothing is created. `regular`: only a file will do. */
export function existing(state: FileState, regular: boolean): Resource {
  const { path, attributes, follow } = state;
  const there = follow ? sh`[ -e ${path} ]` : sh`[ -e ${path} ] || [ -L ${path} ]`;
  const fits = regular ? (follow ? sh`[ -f ${path} ]` : sh`[ -f ${path} ] && [ ! -L ${path} ]`) : there;
  const wrongType = regular ? sh`elif ${there}; then echo ${`${path} is not a regular file`} >&2; false\n` : raw('');
  const guard = sh`if ${fits}; then echo there
${wrongType}else echo ${`${path} does not exist`} >&2; (exit 10); fi`;
  const probes: ExtraProbe[] = [{ pieces: [{ sh: guard }], lines: ['there'] }];
  if (hasAttributes(attributes)) {
    probes.push(statPiece(state, regular ? 'file' : undefined), relativeMode(state));
  }
  return { ...converge(probes, setAttributes(state)), only: path };
}

/** An empty file if there is none, with the times of now, as far as a file that is there does not keep them. */
export function touch(state: FileState, keep: { modified: boolean; accessed: boolean }): Resource {
  const { path, attributes } = state;
  const make = joinSh([sh`touch -- ${path}`, setAttributes(state)], ' &&\n');
  if (!keep.modified && !keep.accessed) return { kind: 'action', run: make };
  if (!keep.modified || !keep.accessed) {
    const only = keep.accessed ? '-m' : '-a';
    return { kind: 'action', run: joinSh([sh`touch ${only} -- ${path}`, setAttributes(state)], ' &&\n') };
  }
  const there = sh`if [ -e ${path} ]; then echo there; else echo absent; fi`;
  const probes: ExtraProbe[] = [{ pieces: [{ sh: there }], lines: ['there'] }];
  if (hasAttributes(attributes)) probes.push(statPiece(state, undefined), relativeMode(state));
  return converge(probes, sh`if [ -e ${path} ]; then\n${setAttributes(state)}\nelse\n${make}\nfi`);
}

/** A symbolic link. Attributes are those of what it leads to; they wait while that is missing. */
export function link(state: FileState, src: string, force: boolean): Resource {
  const { path, attributes } = state;
  const probes: ExtraProbe[] = [{ pieces: [{ link: path }], lines: [`-> ${src}`] }];
  let set = raw('');
  if (hasAttributes(attributes)) {
    probes.push(anyType(state), relativeMode(state, 'fits'));
    set = sh` &&\nif [ -e ${path} ]; then ${setAttributes(state)}; fi`;
  }
  const temp = sh`${`${posix.dirname(path)}/.play-l-`}$play_K`;
  // mv -T renames over a link to a directory instead of moving into it; where mv lacks it, the link is gone for a moment.
  const make = sh`ln -s -- ${src} ${temp} &&
{ mv -fT -- ${temp} ${path} 2>/dev/null || { ln -sfn -- ${src} ${path} && rm -f -- ${temp}; } || { rm -f -- ${temp}; false; }; }`;
  if (force) {
    return converge(probes, sh`if [ -d ${path} ] && [ ! -L ${path} ]; then rmdir -- ${path}; fi &&\n${make}${set}`);
  }
  const target = src.startsWith('/') ? src : posix.join(posix.dirname(path), src);
  const apply = sh`if [ -e ${path} ] && [ ! -L ${path} ]; then
echo ${`${path} is there and is not a link; force: true replaces it`} >&2; false
elif [ ! -e ${target} ]; then
echo ${`${target} does not exist; force: true makes the link all the same`} >&2; false
else
${make}${set}
fi`;
  return converge(probes, apply);
}

/** A second name of the same file. */
export function hard({ path, attributes }: FileState, src: string, force: boolean): Resource {
  const state = { path, attributes, follow: false };
  const fits = `same file as ${src}`;
  const other = force
    ? sh`echo 'another file'`
    : sh`echo ${`${path} is another file; force: true replaces it`} >&2; false`;
  const probe = sh`if [ ! -e ${src} ]; then echo ${`${src} does not exist`} >&2; (exit 10)
elif [ -L ${path} ]; then echo 'a symbolic link'
elif [ ! -e ${path} ]; then echo absent
elif [ ${path} -ef ${src} ]; then echo ${fits}
elif [ -d ${path} ]; then echo ${`${path} is a directory`} >&2; false
else ${other}; fi`;
  const probes: ExtraProbe[] = [{ pieces: [{ sh: probe }], lines: [fits] }];
  if (hasAttributes(attributes)) probes.push(statPiece(state, 'file'), relativeMode(state));
  const temp = sh`${`${posix.dirname(path)}/.play-l-`}$play_K`;
  const make = sh`if [ ! ${path} -ef ${src} ] || [ -L ${path} ]; then
rm -f -- ${temp} && ln -- ${src} ${temp} && { mv -f -- ${temp} ${path} || { rm -f -- ${temp}; false; }; }
fi`;
  return converge(probes, joinSh([make, setAttributes(state)], ' &&\n'));
}

function converge(probes: ExtraProbe[], apply: Sh): Converge {
  return {
    kind: 'converge',
    probe: probes.flatMap((probe) => probe.pieces),
    expect: probes.flatMap((probe) => probe.lines).join('\n'),
    apply,
  };
}
