import type { ModuleDoc, ModuleRow, ParamDoc } from '../model/module-doc.ts';
import { cleanLines, cleanText } from '../util/clean-text.ts';
import { padEnd, textWidth } from '../util/text-width.ts';
import type { Style } from './style.ts';

/** The list of `play modules`: a line for each, those of one origin together. */
export function modulesTable(rows: readonly ModuleRow[], style: Style): string[] {
  const width = Math.max(...rows.map(({ name }) => textWidth(name)));
  const origins = [...new Set(rows.map(({ from }) => from))];
  return origins.flatMap((from, i) => [
    ...(i > 0 ? [''] : []),
    style.dim(cleanText(from)),
    ...rows
      .filter((row) => row.from === from)
      .map(({ name, summary }) => `  ${style.bold(padEnd(name, width))}  ${cleanText(summary)}`),
  ]);
}

/** The page of `play modules NAME`. */
export function modulePage(doc: ModuleDoc, style: Style, width: number): string[] {
  const { name, summary, from, params, rules, result, facts, examples } = doc;
  const head = (text: string): string[] => ['', style.bold(text)];
  const names = (map: Record<string, string>): string[] => {
    const widest = Math.max(0, ...Object.keys(map).map(textWidth));
    return Object.entries(map).map(([key, meaning]) => `  ${style.cyan(padEnd(key, widest))}  ${cleanText(meaning)}`);
  };
  return [
    `${style.bold(name)}  ${style.dim(`(${cleanText(from)})`)}`,
    ...wrapped(summary, 0, width),
    '',
    ...nature(doc).flatMap((each) => wrapped(each, 0, width)),
    ...head('Parameters'),
    ...(params.length === 0 ? ['  none'] : params.flatMap((param) => paramLines(param, style, width))),
    ...rules.flatMap((rule) => wrapped(rule, 2, width)),
    ...head('Result'),
    ...(result === undefined ? ['  may have any fields, beside those that every result has'] : names(result)),
    ...(result !== undefined && Object.keys(result).length === 0 ? ['  the fields that every result has'] : []),
    ...(facts ? [...head('Variables that the host has afterwards'), ...names(facts)] : []),
    ...(examples === '' ? [] : [...head('Examples'), ...cleanLines(examples).map((line) => `  ${line}`.trimEnd())]),
  ];
}

const places = {
  host: 'Runs on the host.',
  controller: 'Runs on the machine that play runs on.',
  both: 'Runs on the machine that play runs on, and on the host.',
};

function nature({ on, idempotent, checkMode }: ModuleDoc): string[] {
  return [
    places[on],
    idempotent ? 'A second run changes nothing.' : 'Acts every time it runs.',
    ...(checkMode === undefined
      ? []
      : [checkMode ? 'Tells in check mode what it would change.' : 'Does not run in check mode.']),
  ];
}

function paramLines(
  { name, kind, required, default: preset, meaning }: ParamDoc,
  style: Style,
  width: number,
): string[] {
  const more = [required ? style.yellow('required') : '', preset === undefined ? '' : `default ${cleanText(preset)}`];
  return [
    `  ${style.cyan(name)}  ${[style.dim(cleanText(kind)), ...more].filter((each) => each !== '').join(', ')}`,
    ...(meaning === '' ? [] : wrapped(meaning, 6, width)),
  ];
}

/** Words in lines that fit. */
function wrapped(text: string, indent: number, width: number): string[] {
  const most = Math.max(20, Math.min(width, 100) - indent);
  const lines: string[] = [];
  for (const word of cleanText(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => ' '.repeat(indent) + line);
}
