import { didYouMean, words } from './entry.ts';

const list = (names: readonly string[]): string => (names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`);

/** Mistakes in declaring and giving parameters. A secret value is never a fact of one. */
export const paramsWords = {
  E_PARAM_DECLARED: words<{ name: string; detail: string; similar?: string | undefined; advice?: string }>({
    exit: 2,
    say: (f) => `the parameter "${f.name}" ${f.detail}`,
    hint: (f) => didYouMean(f.similar) ?? f.advice,
  }),
  E_PARAM_GIVEN: words<{ name: string; from: string | undefined; found: string; wanted: string; similar?: string }>({
    exit: 2,
    say: (f) => `${f.from === undefined ? '' : `${f.from}: `}the parameter "${f.name}" ${f.wanted}, not ${f.found}`,
    hint: (f) => didYouMean(f.similar),
  }),
  E_PARAM_NOT_DECLARED: words<{ name: string; from?: string; similar: string | undefined; names: string[] }>({
    exit: 2,
    say: (f) => `${f.from === undefined ? '' : `${f.from}: `}there is no parameter "${f.name}"`,
    hint: (f) => didYouMean(f.similar) ?? list(f.names),
  }),
  E_PARAM_REQUIRED: words<{ name: string; help: string | undefined; ways: string[] }>({
    exit: 2,
    say: (f) => `the parameter "${f.name}" is missing${f.help === undefined ? '' : `: ${f.help}`}`,
    hint: (f) =>
      f.ways.length === 0 ? `give it under "with": with: { ${f.name}: … }` : `give it with ${f.ways.join(' or ')}`,
  }),
  E_PARAM_PAIR: words<{ text: string }>({
    exit: 2,
    say: (f) => `-p needs NAME=VALUE, not "${f.text}"`,
  }),
  E_PARAMS_FILE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `--params-file ${f.path}: ${f.reason}`,
    hint: () => 'it is a YAML or JSON file with a mapping of parameters',
  }),
};
