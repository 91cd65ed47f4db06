import { stepFault } from '../fault.ts';
import { isNumeric, kindOf, literal, quoted } from '../sql.ts';
import type { Build, Path, Tools } from '../step.ts';

/** Numbers that computed edges have behind the point when they are shown, as in pandas. */
const DIGITS = 3;

/**
 * A column that says in which stretch of numbers a value lies: between edges that are given, in so many stretches of one length, or in so many
 * with as many rows each. It sorts in the order of the stretches. What lies in none is empty, as in pandas' cut and qcut.
 */
export const cut: Build = async (step, tools) => {
  const { cut: name = '', bins, quantiles, labels, right = true, into = 'bin' } = step;
  const column = tools.column(name, ['cut']);
  const kind = tools.input.columns.find((each) => each.name === name);
  if (kind && !isNumeric(kind)) {
    throw stepFault(
      `cut is for numbers, and "${name}" holds ${kindOf(kind)}`,
      ['cut'],
      `a step before it can make numbers: cast: {${name}: number}`,
    );
  }
  if ((bins === undefined) === (quantiles === undefined)) {
    throw stepFault('cut needs one of bins and quantiles', ['cut'], 'write bins: [0, 100, 500] or quantiles: 4');
  }
  const path: Path = [bins === undefined ? 'quantiles' : 'bins'];
  const edges = Array.isArray(bins)
    ? bins.map((edge) => (typeof edge === 'number' ? edge : edge.startsWith('-') ? -Infinity : Infinity))
    : bins !== undefined
      ? await evenEdges(column, { count: bins, right }, tools)
      : await quantileEdges(column, quantiles ?? 1, tools);
  if (edges.length < 2) throw stepFault('one edge makes no stretch', path, 'write two numbers or more');
  if (edges.some((edge, i) => i > 0 && edge <= (edges[i - 1] ?? edge))) {
    throw stepFault(
      `edges have to rise, and these do not: ${edges.join(', ')}`,
      path,
      bins === undefined ? 'too many rows have the same value: write fewer quantiles, or bins' : undefined,
    );
  }
  const names =
    labels ??
    intervals(edges, {
      isWhole: Array.isArray(bins) && edges.every(Number.isInteger),
      isOpen: bins !== undefined,
      right,
    });
  if (names.length !== edges.length - 1) {
    throw stepFault(`labels wanted: ${edges.length - 1}, one for each stretch; given: ${names.length}`, ['labels']);
  }
  if (new Set(names).size < names.length) throw stepFault('two stretches have the same label', ['labels']);
  const [above, below] = right || bins === undefined ? ['>', '<='] : ['>=', '<'];
  const cases = edges.slice(1).map((edge, i) => {
    // The smallest value belongs to the first of stretches with as many rows each.
    const from = bins === undefined && i === 0 ? '>=' : above;
    return `WHEN ${column} ${from} ${number(edges[i] ?? edge)} AND ${column} ${below} ${number(edge)} THEN ${literal(names[i] ?? '')}`;
  });
  const made = `CAST(CASE ${cases.join(' ')} END AS ENUM(${names.map(literal).join(', ')}))`;
  const isThere = tools.input.columns.some((each) => each.name === into);
  const star = isThere ? `* REPLACE (${made} AS ${quoted(into)})` : `*, ${made} AS ${quoted(into)}`;
  return `SELECT ${star} FROM ${tools.input.name}`;
};

/** From the smallest to the largest value; a thousandth of it all is put before the end that is left out, so that no value is. */
async function evenEdges(
  column: string,
  { count, right }: { count: number; right: boolean },
  tools: Tools,
): Promise<number[]> {
  const [least = Number.NaN, most = Number.NaN] = await numbersOf(`unnest([min(${column}), max(${column})])`, tools);
  if (Number.isNaN(least + most)) throw stepFault('there are no numbers to cut', ['cut']);
  const span = most - least || Math.abs(least) || 1;
  const [from, to] = most > least ? [least, most] : [least - span * 0.001, most + span * 0.001];
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) / count) * i));
  if (most > least) edges[right ? 0 : count] = right ? from - span * 0.001 : to + span * 0.001;
  return edges;
}

async function quantileEdges(column: string, count: number, tools: Tools): Promise<number[]> {
  const shares = Array.from({ length: count + 1 }, (_, i) => i / count);
  const edges = await numbersOf(`unnest(quantile_cont(CAST(${column} AS DOUBLE), [${shares.join(', ')}]))`, tools);
  if (edges.length === 0 || edges.some(Number.isNaN)) throw stepFault('there are no numbers to cut', ['cut']);
  return edges;
}

async function numbersOf(sql: string, { input, texts }: Tools): Promise<number[]> {
  return (await texts(`SELECT ${sql} FROM ${input.name}`)).map((text) => (text === 'null' ? Number.NaN : Number(text)));
}

/** SQL has words for what no digits can say. */
function number(edge: number): string {
  return Number.isFinite(edge) ? String(edge) : `CAST('${edge}' AS DOUBLE)`;
}

/** What stretches are called by their edges, with as many digits as it takes to tell these. */
function intervals(
  edges: readonly number[],
  { isWhole, isOpen, right }: { isWhole: boolean; isOpen: boolean; right: boolean },
): string[] {
  let digits = DIGITS;
  while (digits < 20 && new Set(edges.map((edge) => rounded(edge, digits))).size < edges.length) digits++;
  const shown = edges.map((edge, i) => {
    if (!Number.isFinite(edge)) return edge > 0 ? 'inf' : '-inf';
    // The first edge is inside where it is the smallest value, so it is written as a little less.
    const number = isOpen || i > 0 ? rounded(edge, digits) : rounded(rounded(edge, digits) - 10 ** -digits, digits);
    return Number.isInteger(number) && !isWhole ? `${number}.0` : String(number);
  });
  return shown.slice(1).map((to, i) => (right || !isOpen ? `(${shown[i]}, ${to}]` : `[${shown[i]}, ${to})`));
}

/** So many digits behind the point, or behind its zeros where nothing stands before it. */
function rounded(edge: number, digits: number): number {
  const isSmall = Math.trunc(edge) === 0 && edge !== 0 && Number.isFinite(edge);
  const zeros = isSmall ? Math.ceil(-Math.log10(Math.abs(edge))) - 1 : 0;
  return Number.isFinite(edge) ? Number(edge.toFixed(Math.min(100, zeros + digits))) : edge;
}
