import type { SqlText } from '../model/module.ts';
import type { Value } from '../model/value.ts';
import type { Database } from './database.ts';
import { explained } from './explain.ts';
import { columnFault, nameFault, TableFault } from './fault.ts';
import { namesOf, quoted } from './sql.ts';
import type { Names, Path, Relation, Step, Tools } from './step.ts';
import { type Stage, stagesOf } from './steps/index.ts';

/** What a pipeline works on. */
export interface PipelineOptions {
  database: Database;
  /** The tables that steps can name, by these names, as they are called in SQL; `data` is the one that the first step reads. */
  tables: ReadonlyMap<string, string>;
  steps: readonly Step[];
}

/** A stage as a view. */
interface Made {
  stage: Stage;
  relation: Relation;
}

/**
 * Makes a view of each stage over the one before, so that a mistake shows at the stage that has it, and then the table `play.result` of the
 * last. Throws TableFault.
 */
export async function runPipeline({ database, tables, steps }: PipelineOptions): Promise<Relation> {
  const known = new Map<string, Relation>();
  const relationOf = async (name: string): Promise<Relation> => {
    const found = known.get(name) ?? { name, columns: await database.columnsOf(name) };
    known.set(name, found);
    return found;
  };
  const tableNamed = async (name: string, path: Path): Promise<Relation> => {
    const view = tables.get(name);
    if (view === undefined) throw nameFault(name, [...tables.keys()], path);
    return relationOf(view);
  };
  let input = await relationOf(tables.get('data') ?? 'data');
  const made: Made[] = [];
  for (const stage of stagesOf(steps)) {
    const name = `play.s${made.length + 1}`;
    try {
      const sql = await stage.build(stage.step, toolsFor(database, input, tableNamed));
      await database.run(`CREATE OR REPLACE VIEW ${name} AS ${sql}`);
      input = { name, columns: await database.columnsOf(name) };
    } catch (error) {
      if (error instanceof TableFault) throw error.within(stage.path);
      throw explained(error, { stage, input, tables: [...tables.keys()] });
    }
    made.push({ stage, relation: input });
  }
  try {
    await database.run(`CREATE OR REPLACE TABLE play.result AS SELECT * FROM ${input.name}`);
  } catch (error) {
    throw await failingStage(database, made, error);
  }
  return { name: 'play.result', columns: input.columns };
}

/** Which stage failed with its values: the first of which the rows cannot be made. */
async function failingStage(database: Database, made: readonly Made[], error: unknown): Promise<unknown> {
  // It would only be tried again.
  if (error instanceof Error && error.message.startsWith('INTERRUPT')) return error;
  for (const [i, { stage, relation }] of made.entries()) {
    try {
      await database.run(`CREATE OR REPLACE TABLE play.result AS SELECT * FROM ${relation.name}`);
    } catch (found) {
      return explained(found, { stage, input: made[i - 1]?.relation ?? relation, tables: [] });
    }
  }
  return error;
}

function toolsFor(database: Database, input: Relation, table: (name: string, path: Path) => Promise<Relation>): Tools {
  const column = (name: string, path: Path): string => {
    if (!input.columns.some((each) => each.name === name)) throw columnFault(String(name), input.columns, path);
    return quoted(name);
  };
  const text = async ({ texts, values }: SqlText): Promise<string> => {
    const bound = await inOrder(values, (value) => database.bind(value));
    return texts
      .map((part, i) => part + (bound[i] ?? ''))
      .join('')
      .replace(/;\s*$/, '');
  };
  return {
    input,
    column,
    columns: (names: Names | undefined, path) =>
      namesOf(names).map((name, i) => column(name, Array.isArray(names) ? [...path, i] : path)),
    text,
    // A remark at its end must not swallow what follows.
    expression: async (sql) => `(${await text(sql)}\n)`,
    bind: (value) => database.bind(value),
    table,
    texts: async (sql) => (await database.rows(sql)).map(([first]) => String(first)),
  };
}

async function inOrder<T>(values: readonly Value[], one: (value: Value) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const value of values) done.push(await one(value));
  return done;
}
