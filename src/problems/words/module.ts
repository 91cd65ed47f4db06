import { words } from './entry.ts';

/** Mistakes in the parameters of one task that only its module can see. */
export const moduleWords = {
  E_MODULE_ARGS: words<{ module: string; detail: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.module}: ${f.detail}`,
    hint: (f) => f.advice,
  }),
  E_MODE: words<{ module: string; mode: string; detail: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.module}: mode "${f.mode}" ${f.detail}`,
    hint: (f) => f.advice ?? 'write octal digits (0644) or symbols (u=rw,g=r,o=r)',
  }),
  E_REGEX: words<{ module: string; param: string; pattern: string; detail: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.module}: ${f.param} "${f.pattern}" is not a pattern that play can search: ${f.detail}`,
    hint: (f) => f.advice,
  }),
};
