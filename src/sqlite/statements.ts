/** A statement of SQL without the `;` at its end, and the places in it that wait for values. */
export interface Statement {
  text: string;
  /** As they are written: `?`, `?2`, `:name`, `@name`, `$name`. */
  places: string[];
}

/** Remarks, texts, quoted names, places for values, words, numbers, and everything else character by character (sqlite.org/lang.html). */
const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|\?\d*|[:@$][A-Za-z_]\w*|[A-Za-z_]\w*|\d[\w.]*|\s+|[\s\S]/g;

/**
 * The statements of a text. A `;` inside of a trigger ends none, as for SQLite's own sqlite3_complete().
 * `unclosed`: a quote or a remark has no end.
 */
export function statementsOf(sql: string): Statement[] | { unclosed: string } {
  const found: Statement[] = [];
  let now: Statement = { text: '', places: [] };
  let words: string[] = [];
  const end = (): void => {
    if (words.length > 0) found.push({ ...now, text: now.text.trim() });
    [now, words] = [{ text: '', places: [] }, []];
  };
  for (const [piece] of sql.matchAll(token)) {
    if (isUnclosed(piece)) return { unclosed: piece[0] === '/' ? '/*' : (piece[0] ?? '') };
    if (piece === ';' && !(isTrigger(words) && words.at(-1) !== 'END')) {
      end();
      continue;
    }
    now.text += piece;
    if (/^(?:\?\d*|[:@$]\w+)$/.test(piece)) now.places.push(piece);
    if (!/^(?:\s|--|\/\*)/.test(piece)) words.push(piece.toUpperCase());
  }
  end();
  return found;
}

function isUnclosed(piece: string): boolean {
  if (piece.startsWith('/*')) return piece.length < 4 || !piece.endsWith('*/');
  const close = { "'": "'", '"': '"', '`': '`', '[': ']' }[piece[0] ?? ''];
  return close !== undefined && (piece.length < 2 || !piece.endsWith(close));
}

/** Up to its END, whatever stands before: `CREATE TEMP TRIGGER … BEGIN …; END`. */
function isTrigger([first, second, third]: readonly string[]): boolean {
  if (first !== 'CREATE') return false;
  return second === 'TRIGGER' || (/^TEMP(ORARY)?$/.test(second ?? '') && third === 'TRIGGER');
}

/** Whether a statement only looks, as far as its words tell. */
export function onlyLooks({ text }: Statement): boolean {
  const words = [...text.matchAll(token)]
    .map(([piece]) => piece.toUpperCase())
    .filter((piece) => !/^(?:\s|--|\/\*|['"`[])/.test(piece));
  const [first = ''] = words;
  if (first === 'PRAGMA') return !words.includes('=') && !words.includes('(');
  if (first === 'WITH') return !words.some((word) => /^(?:INSERT|UPDATE|DELETE|REPLACE)$/.test(word));
  return /^(?:SELECT|VALUES|EXPLAIN)$/.test(first);
}
