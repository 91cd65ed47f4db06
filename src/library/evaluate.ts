import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { Sources } from '../model/span.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import * as author from './author.ts';
import { type AuthorFile, lineSpan, saidBy, textSpan, throwPlace } from './place.ts';

/** Runs TypeScript and JavaScript files of authors. */
export interface Evaluator {
  /** What a file exports. Throws ProblemError with the place of what is wrong. */
  exportsOf(file: AuthorFile): Promise<Record<string, unknown>>;
  /** The files that were read so far, for places in stacks. */
  files(): Iterable<AuthorFile>;
}

type Compile = (text: string, file: AuthorFile) => string;

/** What a file may end in when an import leaves that out. */
const ENDINGS = ['', '.ts', '.js', '.mjs', '.json', '/index.ts', '/index.js'];

/**
 * Files are ES modules in either language; types are taken out, so they are not checked. Each becomes a function with a `require` of its own:
 * `play/module` is what play gives to authors, wherever the file lies; relative paths are such files too, the rest is Node's or lies in
 * `node_modules`. There is no `await` outside of functions.
 */
export function createEvaluator(options: { sources: Sources; shown(path: string): string }): Evaluator {
  const { sources, shown } = options;
  const loaded = new Map<string, { file: AuthorFile; module: { exports: Record<string, unknown> } }>();
  let compiler: Compile | undefined;

  const evaluate = (path: string, compile: Compile): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known) return known.module.exports;
    const file: AuthorFile = { path, shown: shown(path) };
    const module = { exports: {} };
    const code = compile(readText(file, sources), file);
    loaded.set(path, { file, module });
    try {
      const body = scriptOf(code, file, sources).runInThisContext() as (...values: unknown[]) => void;
      body(module.exports, requireFor(file, compile), module, path, dirname(path));
      return module.exports;
    } catch (error) {
      loaded.delete(path);
      if (error instanceof ProblemError) throw error;
      const place = throwPlace(error, [file]);
      const at = place && lineSpan(file, sources, place.line);
      throw new ProblemError(problem('E_OWN_LOAD', { path: file.shown, detail: saidBy(error) }, at));
    }
  };

  const requireFor = (file: AuthorFile, compile: Compile) => {
    const native = createRequire(file.path);
    return (id: string): unknown => {
      if (id === 'play/module') return author;
      const isRelative = /^\.{0,2}\//.test(id);
      const path = isRelative
        ? ENDINGS.map((ending) => join(dirname(file.path), id + ending)).find(
            (each) => /\.\w+$/.test(each) && existsSync(each),
          )
        : undefined;
      if (path !== undefined && /\.(ts|js|mjs)$/.test(path)) return evaluate(path, compile);
      try {
        return native(path ?? id);
      } catch (error) {
        const isMissing = (error as { code?: string }).code === 'MODULE_NOT_FOUND';
        const facts = { id, path: file.shown, ...(!isMissing && { detail: `fails: ${saidBy(error)}` }) };
        throw new ProblemError(problem('E_OWN_IMPORT', facts, textSpan(file, sources, id)));
      }
    };
  };

  return {
    async exportsOf(file) {
      compiler ??= await createCompiler(sources);
      return evaluate(file.path, compiler);
    },
    files: () => [...loaded.values()].map(({ file }) => file),
  };
}

/** Takes the types out and turns imports into calls; every line stays where it is. */
async function createCompiler(sources: Sources): Promise<Compile> {
  const { transform } = await import('sucrase');
  return (text, file) => {
    try {
      return transform(text, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code;
    } catch (error) {
      const { line, column } = (error as { loc?: { line: number; column: number } }).loc ?? { line: 1, column: 1 };
      const detail = saidBy(error)
        .replace(/^Error transforming \S+: /, '')
        .replace(/ \(\d+:\d+\)$/, '');
      throw new ProblemError(
        problem('E_OWN_SYNTAX', { path: file.shown, detail }, lineSpan(file, sources, line, column)),
      );
    }
  };
}

/** On the first line, so that lines keep their numbers. */
function scriptOf(code: string, file: AuthorFile, sources: Sources): Script {
  try {
    return new Script(`(function(exports,require,module,__filename,__dirname){${code}\n})`, { filename: file.path });
  } catch (error) {
    const place = throwPlace(error, [file]);
    const detail = saidBy(error);
    const advice = /await/.test(detail) ? '"await" stands only inside async functions' : undefined;
    const facts = { path: file.shown, detail, ...(advice !== undefined && { advice }) };
    throw new ProblemError(problem('E_OWN_SYNTAX', facts, lineSpan(file, sources, place?.line ?? 1)));
  }
}

/** The text of an author's file, which from then on can be shown. */
export function readText(file: AuthorFile, sources: Sources): string {
  try {
    const text = readFileSync(file.path, 'utf8').replace(/^\uFEFF/, '');
    sources.set(file.shown, text);
    return text;
  } catch (error) {
    throw new ProblemError(problem('E_OWN_UNREADABLE', { path: file.shown, reason: fileReason(error) }));
  }
}
