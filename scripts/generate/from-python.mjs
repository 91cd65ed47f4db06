import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { root } from '../sources.mjs';
import { notice } from './paths.mjs';

const sources = 'test/python';
const folder = 'docs/coming-from-python';

/** The order of the libraries: what programs for operations use most comes first. Others follow by name. */
const order =
  'os os_path platform subprocess sys psutil re scapy requests logging getpass json yaml pandas smtplib socket argparse sqlite3'.split(
    ' ',
  );

/**
 * The page for people who know Python, and one for each library with every job in both languages. The jobs are those that test/python runs
 * through both, so what is shown is true. A source is a list of them, or a mapping with `title`, `about` (text), `index` (what the library
 * offers, `python`, and what does it here, `here`, in Markdown as it stands in docs/) and `rows`.
 */
export function fromPython() {
  const libraries = read();
  return {
    'docs/coming-from-python.md': overview(libraries),
    ...Object.fromEntries(libraries.map((library) => [`${folder}/${library.name}.md`, page(library)])),
  };
}

function read() {
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return readdirSync(root + sources)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => {
      const name = file.slice(0, -'.yml'.length);
      const source = parse(readFileSync(`${root}${sources}/${file}`, 'utf8'));
      const { title = name, about, index = [], rows } = Array.isArray(source) ? { rows: source } : source;
      return { name, title, about, index, rows };
    })
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function overview(libraries) {
  return markdown(
    '# Coming from Python',
    [
      'What a program in Python does with a library, a task or a function does here. For each library: what is used most, and what does the',
      'same. The pages of the libraries show whole jobs both ways. Every one of them is run by the tests, through Python and through play, and',
      'the answers are compared; where they differ, the page says why.',
    ].join('\n'),
    'Three things are different everywhere:',
    [
      '- A task says what shall be true or be done, on every host of the play; a function of Python acts where the program runs. What reads or writes',
      '  files of *this* machine says so in its name (`controller_exists`) or on its page.',
      '- A value is put into text with `{{name}}`. What computes is an expression: `{{= sum(prices) / length(prices) }}`, or `when: price > 10`. There are no',
      '  statements: what is a loop in Python is `loop`, or `map` and `filter` of a list.',
      '- Nothing is imported or installed: not here, and not on the hosts.',
    ].join('\n'),
    ...libraries.flatMap(({ name, title, about, index, rows }) => [
      `## ${title}`,
      ...(about ? [about.trim()] : []),
      ...(index.length > 0
        ? [
            table(
              ['in Python', 'here'],
              index.map((row) => [row.python, row.here]),
            ),
          ]
        : []),
      `${rows.length === 1 ? 'One job' : `${rows.length} jobs`} both ways: [${title}](coming-from-python/${name}.md).`,
    ]),
  );
}

function page({ title, rows }) {
  return markdown(
    `# ${title}`,
    'What you wrote, and what you write now. Both leave the same in `answer`. [All libraries](../coming-from-python.md).',
    ...rows.flatMap((row) => [
      `## ${row.what}`,
      ...Object.entries(row.files ?? {}).map(([path, text]) => file(path, text)),
      fence('python', row.python),
      fence('yaml', row.play),
      ...(row.differs ? [`**The difference:** ${row.differs.trim()}`] : []),
    ]),
  );
}

/** A long text is not what the job is about. */
function file(path, text) {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.length > 8 ? [...lines.slice(0, 6), '…'] : lines;
  return `\`${path}\`:\n\n${fence('text', shown.join('\n'))}`;
}

function fence(language, text) {
  const mark = text.includes('```') ? '````' : '```';
  return `${mark}${language}\n${text.replace(/\n*$/, '\n')}${mark}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function markdown(...blocks) {
  return `<!-- ${notice} -->\n${blocks.join('\n\n')}\n`;
}
