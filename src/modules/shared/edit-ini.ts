import type { EditResult } from '../../model/resource.ts';
import { linesOf } from './text.ts';

/** One option of one section that is to have values, or a section that is to be there or not. */
export interface IniWanted {
  present: boolean;
  /** Without, the lines before the first section are meant. */
  section?: string;
  /** Of several sections with this name, the one that has all of these. */
  having: readonly IniOption[];
  option?: string;
  /** Each is a line `option = value`, in this order where they are new. */
  values: readonly string[];
  /** Other lines of the option go. */
  exclusive: boolean;
  /** The option may stand alone, without `=`. */
  bare: boolean;
  /** What stands between an option and its value. */
  equals: ' = ' | '=';
  /** A line that differs only in the spaces around `=` is left alone. */
  ignoreSpaces: boolean;
  /** A commented line of the option is taken for it, and becomes active. */
  inactive: boolean;
  create: boolean;
}

/** An option and the values of which it has one; none: any. */
export interface IniOption {
  option: string;
  values: readonly string[];
}

/** A line of an option. */
interface OptionLine {
  commented: boolean;
  value: string;
}

/** Lines of a section without its header, and what was done to them. */
type Edited = { lines: string[]; msg: 'OK' | 'option added' | 'option changed' };

/** Edits a file of sections and options, by the rules of Ansible's ini_file; lines keep the ends that they have. */
export function editIni(text: string | undefined, wanted: IniWanted): EditResult {
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist, and create is false' };
  const mark = text?.startsWith('\ufeff') ? '\ufeff' : '';
  const all = linesOf((text ?? '').slice(mark.length));
  const end = all[0]?.endsWith('\r\n') ? '\r\n' : '\n';
  // A last line without its end would run into what is added.
  const lines = all.map((line) => (line.endsWith('\n') ? line : line + end));
  const done = wanted.present ? present(lines, wanted, end) : absent(lines, wanted);
  const made = mark + done.lines.join('');
  return { text: text === undefined && made === '' ? undefined : made, fields: { msg: done.msg } };
}

function present(lines: string[], wanted: IniWanted, end: string): { lines: string[]; msg: string } {
  const at = findSection(lines, wanted);
  const { option, section } = wanted;
  if (at === undefined) {
    const others = wanted.having.filter((one) => one.option !== option);
    const options = option === undefined ? others : [...others, { option, values: wanted.values }];
    const made = [`[${section}]`, ...options.flatMap((one) => optionLines(one, wanted))];
    const msg = made.length > 1 ? 'section and option added' : 'only section added';
    return { lines: [...lines, ...made.map((line) => line + end)], msg };
  }
  if (option === undefined) return { lines, msg: 'OK' };
  const inside = lines.slice(at.start, at.end);
  const edited = setOption(inside, { ...wanted, option }, end);
  return { ...edited, lines: [...lines.slice(0, at.start), ...edited.lines, ...lines.slice(at.end)] };
}

function absent(lines: string[], wanted: IniWanted): { lines: string[]; msg: string } {
  const at = findSection(lines, wanted);
  if (at === undefined) return { lines, msg: 'OK' };
  const { option, values, exclusive } = wanted;
  if (option === undefined) {
    return { lines: [...lines.slice(0, at.start - 1), ...lines.slice(at.end)], msg: 'section removed' };
  }
  const inside = lines.slice(at.start, at.end);
  const rest = inside.filter((line) => {
    const found = readOption(line, option);
    return found === undefined || found.commented || !(exclusive || values.includes(found.value));
  });
  const msg = rest.length === inside.length ? 'OK' : 'option changed';
  return { lines: [...lines.slice(0, at.start), ...rest, ...lines.slice(at.end)], msg };
}

/** Where the lines of the section are, without its header. */
function findSection(lines: string[], { section, having }: IniWanted): { start: number; end: number } | undefined {
  const heads = lines.flatMap((line, i) => (line.startsWith('[') ? [i] : []));
  if (section === undefined) return { start: 0, end: heads[0] ?? lines.length };
  for (const [i, head] of heads.entries()) {
    const name = lines[head]?.slice(1).split(']')[0]?.trim();
    const found = { start: head + 1, end: heads[i + 1] ?? lines.length };
    if (name === section.trim() && hasAll(lines.slice(found.start, found.end), having)) return found;
  }
  return undefined;
}

function hasAll(lines: string[], having: readonly IniOption[]): boolean {
  return having.every(({ option, values }) =>
    lines.some((line) => {
      const found = readOption(line, option);
      return found !== undefined && !found.commented && (values.length === 0 || values.includes(found.value));
    }),
  );
}

/** Lines that have a wanted value first, then other lines of the option, then new ones. */
function setOption(lines: string[], wanted: IniWanted & { option: string }, end: string): Edited {
  const { option, exclusive } = wanted;
  const left = [...wanted.values];
  const slots = lines.map((line) => {
    const read = readOption(line, option);
    return { line, found: read?.commented && !wanted.inactive ? undefined : read, settled: false };
  });
  const ours = slots.filter((slot) => slot.found !== undefined);
  const settle = (slot: (typeof slots)[number], value?: string): void => {
    slot.settled = true;
    if (wanted.ignoreSpaces && !slot.found?.commented && slot.found?.value === (value ?? '')) return;
    slot.line = optionLine(option, value, wanted) + end;
  };
  for (const slot of ours) {
    const same = left.indexOf(slot.found?.value ?? '');
    if (same >= 0) settle(slot, left.splice(same, 1)[0]);
  }
  const alone = wanted.values.length === 0;
  if (alone && ours[0] !== undefined) settle(ours[0]);
  if (exclusive && !alone) {
    for (const slot of ours) if (!slot.settled && left.length > 0) settle(slot, left.shift());
  }
  const kept = slots.filter((slot) => slot.settled || slot.found === undefined || !exclusive || alone);
  const old = kept.map((slot) => slot.line);
  const changed = old.length < lines.length || old.some((line, i) => line !== lines[i]);
  const added = alone ? (ours.length > 0 ? [] : optionLines({ option, values: [] }, wanted)) : optionLinesOf(left);
  const at = old.findLastIndex((line) => !/^[ \t]*(?:[#;]|\r?\n$)/.test(line)) + 1;
  const made = [...old.slice(0, at), ...added.map((line) => line + end), ...old.slice(at)];
  return { lines: made, msg: added.length > 0 ? 'option added' : changed ? 'option changed' : 'OK' };

  function optionLinesOf(values: string[]): string[] {
    return values.map((value) => optionLine(option, value, wanted));
  }
}

function optionLines({ option, values }: IniOption, wanted: IniWanted): string[] {
  if (values.length > 0) return values.map((value) => optionLine(option, value, wanted));
  return wanted.bare ? [option] : [];
}

function optionLine(option: string, value: string | undefined, { equals, bare }: IniWanted): string {
  return value === undefined || (value === '' && bare) ? option : `${option}${equals}${value}`;
}

/** What a line says of this option, if it is a line of it. */
function readOption(line: string, option: string): OptionLine | undefined {
  const body = line.replace(/\r?\n$/, '').replace(/^[ \t]+/, '');
  const commented = /^[#;]/.test(body);
  const bare = commented ? body.slice(1).replace(/^[ \t]+/, '') : body;
  if (!bare.startsWith(option)) return undefined;
  const rest = bare.slice(option.length).replace(/^[ \t]+/, '');
  if (rest !== '' && !rest.startsWith('=')) return undefined;
  return { commented, value: rest.slice(1).replace(/^[ \t]+/, '') };
}
