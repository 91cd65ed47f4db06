import type { Finding } from './finding.ts';

/**
 * Workflow commands, which GitHub shows beside the lines of a pull request:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function github(findings: readonly Finding[]): string {
  return findings.map(command).join('');
}

function command({ code, severity, message, hint, place }: Finding): string {
  const text = hint === undefined ? message : `${message}\n${hint}`;
  const entries: [string, string | number][] = place
    ? [
        ['file', place.file],
        ['line', place.line],
        ['endLine', place.endLine],
        // Columns are shown only where they are those of one line.
        ...(place.line === place.endLine
          ? ([
              ['col', place.column],
              ['endColumn', place.endColumn],
            ] satisfies [string, number][])
          : []),
      ]
    : [];
  const properties = [...entries, ['title', code] as const].map(
    ([name, value]) => `${name}=${property(String(value))}`,
  );
  return `::${severity} ${properties.join(',')}::${data(text)}\n`;
}

/** A line break would end the command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
