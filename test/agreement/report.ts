import type { Compared, Known } from './known.ts';
import type { LeftOut } from './pairs.ts';

/** How the comparison went, for people at a terminal. */
export function tableOf(compared: readonly Compared[]): string {
  const rows = compared.flatMap(({ module, pair, differences }) =>
    differences.map(({ what, ours, theirs }) => [
      `${module}: ${pair}`,
      what,
      `play: ${short(ours)}`,
      `Ansible: ${short(theirs)}`,
    ]),
  );
  return rows.map(([where, ...rest]) => `  ${where}\n    ${rest.join('  |  ')}\n`).join('');
}

function short(text: string): string {
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

/** The page for people who know Ansible. */
export function pageOf(known: readonly Known[], compared: readonly Compared[], leftOut: readonly LeftOut[]): string {
  const modules = [...new Set(compared.map(({ module }) => module))].sort();
  const sections = modules.map((module) => {
    const entries = known.filter((entry) => entry.module === module);
    const count = compared.filter((one) => one.module === module).length;
    const pairs = `${count} ${count === 1 ? 'task' : 'tasks'} compared.`;
    const list = entries.map(({ why, pairs }) => `- ${why.trim()}${pairs === 'all' ? '' : ` (${quoted(pairs)})`}`);
    return `## ${module}\n\n${pairs}${list.length > 0 ? `\n\n${list.join('\n')}` : ' No differences.'}\n`;
  });
  const skipped = leftOut.map(({ module, why }) => `- \`${module}\`: ${why}\n`).join('');
  return `<!-- Written by \`npm run agree\` from test/agreement/differences.yml. -->
# Where modules differ from Ansible's

Modules that are named like Ansible's take its parameters and do what its modules do. \`npm run agree\` gives the same tasks to both, on
equal files, and compares how they end: ok, changed or failed, every file with its text, permissions, owner, links and time, and the
fields of \`register\` that both have. What is listed here is all that differs, and meant so. In brackets stand the tasks that show it.

Tasks with a parameter that Ansible's module does not have are left out. Three things are not compared: the wording of messages, standard error, and the time in the names of backups (\`shop.conf.2026-01-31T12:00:00Z~\`
here, in UTC and without the number of a process).

${sections.join('\n')}${skipped === '' ? '' : `\n## Not compared\n\n${skipped}`}`;
}

/** The first few names. */
function quoted(pairs: readonly string[]): string {
  const rest = pairs.length - 3;
  return `${pairs
    .slice(0, 3)
    .map((pair) => `"${pair}"`)
    .join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What was found, for the next one who looks. */
export function summaryOf(run: {
  versions: Record<string, string>;
  compared: readonly Compared[];
  explained: number;
  unexplained: number;
  gone: number;
}): string {
  const { versions, compared, explained, unexplained, gone } = run;
  const modules = [...new Set(compared.map(({ module }) => module))];
  const counts = modules.map((module) => `${module} ${compared.filter((one) => one.module === module).length}`);
  const numbers = [
    `pairs: ${compared.length}`,
    `agreed: ${compared.length - explained - unexplained}`,
    `explained: ${explained}`,
    `unexplained: ${unexplained}`,
    ...(gone > 0 ? [`listed and gone: ${gone}`] : []),
  ];
  return [
    `date: ${new Date().toISOString().slice(0, 10)}`,
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
    ...numbers,
    `modules: ${counts.join(', ')}`,
    'note: all pairs in one run',
    '',
  ].join('\n');
}
