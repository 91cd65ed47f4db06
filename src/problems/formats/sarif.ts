import type { Finding, Place } from './finding.ts';

/** SARIF 2.1.0, as code scanners exchange it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(findings: readonly Finding[]): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'play', rules: codes.map((id) => ({ id })) } },
        columnKind: 'unicodeCodePoints',
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: finding.severity,
          message: { text: finding.hint === undefined ? finding.message : `${finding.message}\n${finding.hint}` },
          locations: finding.place ? [{ physicalLocation: physical(finding.place) }] : [],
          ...(finding.related.length > 0 && {
            relatedLocations: finding.related.map(({ message, ...place }) => ({
              message: { text: message },
              physicalLocation: physical(place),
            })),
          }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function physical({ file, line, column, endLine, endColumn }: Place): object {
  return {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}
