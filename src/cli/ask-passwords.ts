import { ProblemError, problem } from '../problems/problem.ts';
import type { createAsk } from './ask.ts';
import type { RunOptions } from './options.ts';

/** Asks for what `--ask-pass` and `--ask-become-pass` want. Throws ProblemError where there is no terminal to ask on. */
export async function askPasswords(
  options: RunOptions,
  ask: ReturnType<typeof createAsk>,
): Promise<{ login?: string; become?: string }> {
  if (!options.askPass && !options.askBecomePass) return {};
  if (!ask) {
    throw new ProblemError(
      problem('E_NO_TERMINAL', { question: options.askPass ? 'Login password' : 'Become password' }),
    );
  }
  const login = options.askPass ? await ask('Login password', { echo: false }) : undefined;
  const become = options.askBecomePass ? await ask('Become password', { echo: false }) : undefined;
  return { ...(login !== undefined && { login }), ...(become !== undefined && { become }) };
}
