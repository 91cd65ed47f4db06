import { cpus, loadavg, release, totalmem } from 'node:os';
import { run } from '../test/rig/run.ts';
import type { Check, Line } from './row.ts';

const missing = '–';

const mark = ({ met }: Check): string => (met === undefined ? ' ' : met ? '✓' : '✗');

const check = (one: Check): string => `${mark(one)} ${one.value ?? missing} (${one.bar})`;

function cells({ work, cells, checks }: Line): string[] {
  return [
    work,
    cells.play ?? missing,
    cells.ssh ?? missing,
    cells.ansible ?? missing,
    checks.map(check).join(', ') || missing,
  ];
}

const head = ['work', 'play', 'ssh', 'ansible', 'bars'];

/** The table for a terminal. */
export function plainTable(lines: Line[]): string {
  const rows = [head, ...lines.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const text = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}

/** What was measured on what. */
export async function machine(root: string): Promise<string[]> {
  const [cpu] = cpus();
  const first = async (file: string, args: string[]): Promise<string> => {
    const { stdout, stderr } = await run(file, args);
    return (stdout || stderr).split('\n')[0]?.trim() || `no ${file}`;
  };
  const load = loadavg()[0] ?? 0;
  return [
    `${cpus().length} x ${cpu?.model.trim() || 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `Node ${process.version}, ${await first('ssh', ['-V'])}, ${await first('ansible-playbook', ['--version'])}`,
    `play ${(await first('git', ['-C', root, 'describe', '--always', '--dirty'])) || 'of no known commit'}`,
    `Load before the start: ${load.toFixed(2)}`,
  ];
}

/** The same as a page. */
export function markdown(lines: Line[], about: string[]): string {
  const row = (texts: string[]): string => `| ${texts.join(' | ')} |`;
  const notes = lines.flatMap(({ notes: own }) => own ?? []);
  return [
    '# What the bench measured',
    '',
    'Made by `npm run bench`. All peers work against the same sshd on loopback, in turns; the times are medians.',
    '`ssh` is one plain `ssh HOST sh -s` per host, 50 at a time, with all the work as one careful script.',
    '`ansible` has pipelining, 50 forks, kept connections and no fact gathering.',
    '',
    ...about.map((line) => `- ${line}`),
    '',
    row(head),
    row(head.map(() => '---')),
    ...lines.map((line) => row(cells(line))),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(notes.length > 0 ? [''] : []),
  ].join('\n');
}
