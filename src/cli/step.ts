import type { RunContext } from '../execute/context.ts';
import type { Task } from '../model/playbook.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { Ask } from './ask.ts';

/** `--step`: asks before each task, once for all hosts. Throws ProblemError without a terminal. */
export function createSteps(ask: Ask | undefined): NonNullable<RunContext['chosen']> {
  if (!ask) throw new ProblemError(problem('E_STEP_NO_TERMINAL', {}));
  const answers = new Map<string, Promise<boolean>>();
  let isAsking = true;
  let turn = Promise.resolve(true);
  const choose = async (task: Task): Promise<boolean> => {
    while (isAsking) {
      const said = (await ask(`${task.name}: run it? (y)es, (n)o, (c)ontinue without asking`, { echo: true }))
        .trim()
        .toLowerCase();
      if (said === 'n' || said === 'no') return false;
      if (said === 'c' || said === 'continue') isAsking = false;
      else if (said === 'y' || said === 'yes') return true;
    }
    return true;
  };
  return (task) => {
    // One question after the other: the answer to the one before may be to ask no more.
    turn = answers.get(task.id) ?? turn.then(() => choose(task));
    answers.set(task.id, turn);
    return turn;
  };
}
