import type { Canned } from '../types.ts';
import type { Agents, Outcome, Running } from './agent.ts';

/** Agents that start no process: everything ends after its delay with what was asked for. */
export function cannedAgents({ output, delay = 0 }: Canned): Agents {
  return {
    run({ id }, { script }): Running {
      let end: () => void = () => {};
      const done = new Promise<Outcome>((resolve) => {
        const timer = setTimeout(
          () => {
            resolve(saidWhenRead(() => output(script, id)));
          },
          typeof delay === 'number' ? delay : delay(id),
        );
        end = () => {
          clearTimeout(timer);
          resolve({ code: 137, stdout: '', stderr: '' });
        };
      });
      return { done, kill: () => end() };
    },
    die: () => {},
    reboot: () => {},
    root: () => Promise.reject(new Error('test aws: canned instances have no files')),
    close: () => {},
  };
}

/** Texts are made again at every read: a hundred thousand of them would not be kept. */
function saidWhenRead(say: () => ReturnType<Canned['output']>): Outcome {
  const all = (): Outcome => {
    const said = say();
    return typeof said === 'string' ? { stdout: said, stderr: '', code: 0 } : { stderr: '', code: 0, ...said };
  };
  return {
    code: all().code,
    get stdout() {
      return all().stdout;
    },
    get stderr() {
      return all().stderr;
    },
  };
}
