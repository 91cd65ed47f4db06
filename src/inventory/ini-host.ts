import { type Problem, problem } from '../problems/problem.ts';
import { assign } from './assign.ts';
import { type Assignment, type Draft, type GroupDraft, mentionHost } from './draft.ts';
import { readHostEntry } from './host-entry.ts';
import { type IniLine, iniDefinition, spanIn } from './ini-line.ts';
import { type IniWord, splitIniLine } from './ini-words.ts';

/** A line with hosts, and the group of its section. */
export interface HostLine {
  draft: Draft;
  group: GroupDraft | undefined;
  line: IniLine;
}

/** Reads `web[01:20]:2222 key=value key="two words"`. */
export function readHostLine({ draft, group, line }: HostLine): void {
  const found = splitIniLine(line.text);
  if ('fault' in found) {
    const code = { quote: 'E_INI_QUOTE', escape: 'E_INI_ESCAPE', hash: 'E_INI_HASH' } as const;
    const written = line.text.slice(found.start, found.end);
    draft.problems.push(problem(code[found.fault], { written }, spanIn(line, found.start, found.end)));
    return;
  }
  const [first, ...words] = found.words;
  if (!first) return;
  const at = spanIn(line, first.start, first.end);
  if (looksLikeYaml(first.text, words)) {
    draft.problems.push(problem('E_INI_YAML', { written: line.text }, at));
    return;
  }
  if (looksLikeVariable(first, words)) {
    draft.problems.push(problem('E_INI_VARIABLE', { written: line.text, group: group?.name ?? 'all' }, spanIn(line)));
    return;
  }
  const stray = strayWord(line, words);
  if (stray) draft.problems.push(stray);
  const entry = readHostEntry(first.text, at);
  if ('problem' in entry) {
    draft.problems.push(entry.problem);
    return;
  }
  for (const name of entry.names) {
    const host = mentionHost(draft, name, at);
    group?.hosts.add(name);
    const layer = `host ${name}`;
    if (entry.user !== undefined)
      host.vars.push({ name: 'ansible_user', definition: { value: entry.user, layer, at } });
    if (entry.port !== undefined)
      host.vars.push({ name: 'ansible_port', definition: { value: entry.port, layer, at } });
    // A range says the same for every name: only the first one reports faults.
    const problems = name === entry.names[0] ? draft.problems : [];
    for (const word of stray ? [] : words) host.vars.push(...readWord({ line, word, layer, problems }));
  }
}

/** The words that are no `name=value`, or begin without a name: only the first is worth telling. */
function strayWord(line: IniLine, words: readonly IniWord[]): Problem | undefined {
  const index = words.findIndex(({ text }) => text.indexOf('=') < 1);
  const word = words[index];
  if (!word) return undefined;
  const before = words[index - 1];
  const spaced =
    word.text.startsWith('=') || /^\s*=/.test(line.text.slice(word.end)) || before?.text.endsWith('=') === true;
  return problem('E_INI_WORD', { word: word.text, spaced }, spanIn(line, word.start, word.end));
}

interface WordPlace {
  line: IniLine;
  word: IniWord;
  layer: string;
  problems: Problem[];
}

function readWord({ line, word, layer, problems }: WordPlace): Assignment[] {
  const sign = word.text.indexOf('=');
  const name = word.text.slice(0, sign);
  const at = spanIn(line, Math.min(word.equals + 1, word.end), word.end);
  const definition = iniDefinition({ name, text: word.text.slice(sign + 1), layer, at });
  return assign({ name, definition, key: () => spanIn(line, word.start, word.equals) }, problems);
}

/** `---`, `- web1`, `web:` and `hosts:` are how YAML looks. */
function looksLikeYaml(first: string, words: readonly IniWord[]): boolean {
  return first === '---' || first === '-' || (first.endsWith(':') && !words.some(({ text }) => text.includes('=')));
}

/** `http_port=80` or `http_port = 80` where a host is expected. */
function looksLikeVariable(first: IniWord, words: readonly IniWord[]): boolean {
  return first.text.includes('=') || words[0]?.text === '=';
}
