import type { Fields } from '../model/value.ts';
import { chartSvg } from './chart.ts';
import { columnFault, stepFault } from './fault.ts';
import { htmlPage, htmlTable } from './html.ts';
import type { Sink } from './sink.ts';
import { isNumeric, kindOf } from './sql.ts';
import type { Column, Path } from './step.ts';
import { markdownTable, textTable } from './text-table.ts';

/** A table that is small enough to be drawn. */
interface Drawn {
  columns: readonly Column[];
  rows: readonly Fields[];
}

/** The text of a sink that is drawn from the rows themselves; undefined: DuckDB writes it. Throws TableFault. */
export function draw(sink: Sink, { columns, rows }: Drawn, path: Path): string | undefined {
  switch (sink.kind) {
    case 'markdown':
      return markdownTable(columns, rows);
    case 'terminal':
      return textTable(columns, rows);
    case 'html': {
      const table = htmlTable(columns, rows);
      return sink.path === undefined ? table : htmlPage(table, sink.title ?? '');
    }
    case 'chart':
      return drawChart(sink, { columns, rows }, path);
    default:
      return undefined;
  }
}

function drawChart(sink: Extract<Sink, { kind: 'chart' }>, { columns, rows }: Drawn, path: Path): string {
  const column = (name: string, key: string): Column => {
    const found = columns.find((each) => each.name === name);
    if (!found) throw columnFault(name, columns, [...path, key]);
    return found;
  };
  const along = kindOf(column(sink.x, 'x'));
  for (const name of sink.y) {
    const found = column(name, 'y');
    if (!isNumeric(found))
      throw stepFault(`a chart draws numbers, and "${name}" holds ${kindOf(found)}`, [...path, 'y']);
  }
  if (sink.series !== undefined) column(sink.series, 'series');
  const isTime = along === 'times' || along === 'dates';
  const isNumber = along === 'whole numbers' || along === 'numbers';
  return chartSvg(
    {
      kind: sink.type,
      title: sink.title ?? '',
      x: sink.x,
      xKind: isTime ? 'time' : isNumber && sink.type === 'line' ? 'number' : 'name',
      y: sink.y,
      ...(sink.series !== undefined && { series: sink.series }),
      width: sink.width ?? 800,
      height: sink.height ?? 400,
    },
    rows,
  );
}
