import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { ControllerContext, ControllerResult } from '../../../src/model/module.ts';
import type { Located } from '../../../src/model/span.ts';
import type { Fields, Value } from '../../../src/model/value.ts';
import { table } from '../../../src/modules/controller/table.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { createTextCompiler } from '../../../src/template/text-compiler.ts';
import { scopeOf } from '../../expr/told.ts';
import { contextWith } from '../context.ts';

/** A folder with files, in which tables are worked on. */
export interface Bench {
  dir: string;
  /** Parameters as in a playbook, with variables for their templates. */
  run(params: Fields, options?: { vars?: Fields; check?: boolean; hosts?: Fields[] }): Promise<ControllerResult>;
  rows(params: Fields, vars?: Fields): Promise<Value>;
  /** What is said of a mistake, and where in the parameters it is. */
  fault(params: Fields, vars?: Fields): Promise<string>;
  write(name: string, text: string): void;
  read(name: string): string;
}

const compiler = createTextCompiler();

/** Makes a bench, which goes away after the tests of the file. */
export function createBench(files: Record<string, string> = {}): Bench {
  const dir = mkdtempSync(join(tmpdir(), 'play-table-test-'));
  afterAll(() => rm(dir, { recursive: true }));
  const bench: Bench = {
    dir,
    async run(params, { vars = {}, check = false, hosts = [] } = {}) {
      const context: ControllerContext = {
        ...contextWith(),
        check,
        host: 'here',
        evaluate: () => null,
        localSource: (path) => join(dir, path),
        localTarget: (path) => join(dir, path),
        placeOf: (path) => ({ file: path.join('.'), start: 0, end: 0 }),
        ofHosts: async () => hosts,
        lookup: (name) => vars[name],
        signal: new AbortController().signal,
        secret: () => undefined,
        ask: async () => '',
      };
      return table.run(filled(params, vars) as never, context);
    },
    async rows(params, vars = {}) {
      return (await bench.run(params, { vars })).fields['rows'] ?? null;
    },
    async fault(params, vars = {}) {
      try {
        await bench.run(params, { vars });
        return 'all is well';
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return error.problems
          .map((each) => {
            const { message, hint } = sentence(each);
            return [`${each.at?.file ?? '?'}: ${message}`, ...(hint === undefined ? [] : [hint])].join(' → ');
          })
          .join('\n');
      }
    },
    write(name, text) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    },
    read: (name) => readFileSync(join(dir, name), 'utf8'),
  };
  for (const [name, text] of Object.entries(files)) bench.write(name, text);
  return bench;
}

/** Parameters with their templates filled in as for a task. */
function filled(params: Fields, vars: Fields): Fields {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const located: Located<Value> = { value, locate: () => ({ file: name, start: 0, end: 0 }) };
      const { value: compiled, problems } = compiler.compileSql(located, (path) => table.sqlText([name, ...path]));
      if (!compiled) throw new ProblemError(problems);
      return [name, compiled.render(scopeOf(vars))];
    }),
  );
}
