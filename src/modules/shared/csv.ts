/** Rows of CSV (RFC 4180), each field with whether it stood in quotes. */
export function readCsv(text: string): { text: string; quoted: boolean }[][] {
  const rows: { text: string; quoted: boolean }[][] = [];
  let row: { text: string; quoted: boolean }[] = [];
  // Each match is one field and what ends it.
  for (const [whole, inQuotes, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    if (whole === '' && row.length === 0) break;
    row.push(
      inQuotes === undefined ? { text: plain, quoted: false } : { text: inQuotes.replaceAll('""', '"'), quoted: true },
    );
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}
