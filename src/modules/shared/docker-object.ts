import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { dockerLook, goJson, whereDocker } from './docker.ts';

/** Values of options and labels. */
export type Words = Record<string, string | number | boolean>;

/** Something that a network or a volume is to have: a line that its format prints, and the words that make it. */
export interface Wanted {
  line: string;
  /** There is only one of its kind, which begins like this: what stands there instead is worth showing. */
  single?: string;
  words: string[];
}

/** A setting of which there is one: `driver "bridge"`. */
export function one(kind: string, value: string | boolean | undefined, option: string): Wanted[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [{ line: `${kind} ${value}`, single: kind, words: [`--${option}=${value}`] }];
  return [{ line: `${kind} ${goJson(value)}`, single: kind, words: [`--${option}=${value}`] }];
}

/** Settings with names; others of the kind are left. */
export function many(kind: string, values: Words | undefined, option: string): Wanted[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({
    line: `${kind} ${goJson(name)} ${goJson(String(value))}`,
    words: [`--${option}=${name}=${value}`],
  }));
}

/** The part of a format that prints a line for each entry of a map of docker's. */
export function eachOf(field: string, kind: string): string {
  return `{{range $k, $v := ${field}}}${kind} {{json $k}} {{json $v}}\n{{end}}`;
}

/** A network or a volume, as it is looked at. */
export interface DockerObject {
  type: 'network' | 'volume';
  name: string;
  format: string;
}

/** Prints `absent`, or `present` and of each wanted line that line or what stands instead; `more` goes on with what was seen. */
export function objectProbe({ type, name, format }: DockerObject, wanted: readonly Wanted[], more: Sh[] = []): Sh {
  return whereDocker(
    joinSh([
      dockerLook,
      sh`if ! play_dk_look ${type} ${format} ${name}; then false
elif [ -z "$play_dk_i" ]; then echo absent
else
echo present`,
      ...wanted.map(({ line, single }) => {
        const other = single === undefined ? raw('') : sh`; else play_dk_line ${single}`;
        return sh`if play_dk_has ${line}; then printf '%s\\n' ${line}${other}; fi`;
      }),
      ...more,
      raw('fi'),
    ]),
  );
}

/** True where the object that was looked at has all of this. */
export function hasAll(wanted: readonly Wanted[]): Sh {
  return wanted.length === 0
    ? raw('true')
    : joinSh(
        wanted.map(({ line }) => sh`play_dk_has ${line}`),
        ' && ',
      );
}
