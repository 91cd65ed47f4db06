import type { Problem } from '../problems/problem.ts';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import type { Column, Path } from './step.ts';

/** A mistake in what a task asks of its tables, and where in its parameters; whoever runs it knows where that is in a file. */
export class TableFault extends Error {
  readonly problem: Problem;
  readonly path: Path;
  constructor(fault: Problem, path: Path) {
    super(fault.code);
    this.name = 'TableFault';
    this.problem = fault;
    this.path = path;
  }

  /** The same fault, its path seen from further out. */
  within(path: Path): TableFault {
    return new TableFault(this.problem, [...path, ...this.path]);
  }
}

/** A step that cannot be done as it is written. */
export function stepFault(detail: string, path: Path, advice?: string): TableFault {
  return new TableFault(problem('E_TABLE_STEP', { detail, ...(advice !== undefined && { advice }) }), path);
}

/** A column that is not there. */
export function columnFault(name: string, columns: readonly Column[], path: Path): TableFault {
  const names = columns.map((column) => column.name);
  const near = similar(name, names);
  return new TableFault(
    problem('E_TABLE_COLUMN', { name, columns: names, ...(near !== undefined && { similar: near }) }),
    path,
  );
}

/** A table that is not there. */
export function nameFault(name: string, tables: readonly string[], path: Path): TableFault {
  const near = similar(name, tables);
  const facts = { name, tables: [...tables], ...(near !== undefined && { similar: near }) };
  return new TableFault(problem('E_TABLE_NAME', facts), path);
}

/** A target that cannot be written. */
export function targetFault(what: string, detail: string, path: Path): TableFault {
  return new TableFault(problem('E_TABLE_TARGET', { what, detail }), path);
}

/** A source that cannot be read. */
export function sourceFault(what: string, detail: string, path: Path, advice?: string): TableFault {
  return new TableFault(problem('E_TABLE_SOURCE', { what, detail, ...(advice !== undefined && { advice }) }), path);
}
