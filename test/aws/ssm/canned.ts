import type { Canned } from '../types.ts';
import { type Agents, killed, type Outcome, type Running } from './agent.ts';

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
          resolve(killed);
        };
      });
      return { started: Promise.resolve(), done, kill: () => end() };
    },
    die: () => {},
    reboot: () => {},
    root: () => Promise.reject(new Error('test aws: canned instances have no files')),
    close: () => Promise.resolve(),
  };
}

/** Texts are made again at every read: a hundred thousand of them would not be kept. */
function saidWhenRead(say: () => ReturnType<Canned['output']>): Outcome {
  const all = (): { code?: number; stdout: string; stderr?: string } => {
    const said = say();
    return typeof said === 'string' ? { stdout: said } : said;
  };
  return {
    code: all().code ?? 0,
    get stdout() {
      return Buffer.from(all().stdout);
    },
    get stderr() {
      return Buffer.from(all().stderr ?? '');
    },
  };
}
