import { spawn } from 'node:child_process';
import type { Visit, VisitAnswer } from '../../src/model/module.ts';
import { quote } from '../../src/program/sh.ts';

/** A host that is this machine, with a shell and the programs of a PATH; it runs actions and nothing else. */
export function hostWith(shell: readonly string[], path: string): Visit {
  return async (resources, { received } = {}) => {
    const answers: VisitAnswer[] = [];
    for (const [index, resource] of resources.entries()) {
      if (resource.kind !== 'action') throw new Error('only actions');
      const { run } = resource;
      const assigned =
        'sh' in run ? [] : Object.entries(run.assign ?? {}).map(([name, value]) => `${name}=${quote(value)}\n`);
      const [text, args, stdin] = 'sh' in run ? [run.sh, [], ''] : [run.text ?? '', run.args ?? [], run.stdin ?? ''];
      const ran = await runIn(shell, path, { text: assigned.join('') + text, args, stdin });
      received?.(index, ran.stdout);
      const status = ran.rc === 0 ? 'ok' : 'failed';
      answers.push({
        ...ran,
        status,
        fields: {},
        ...(ran.rc !== 0 && { failure: { code: 'E_RC', message: `exit ${ran.rc}` } }),
      } as VisitAnswer);
    }
    return answers;
  };
}

function runIn(
  [program = 'sh', ...options]: readonly string[],
  path: string,
  { text, args, stdin }: { text: string; args: readonly string[]; stdin: string },
): Promise<{ rc: number; stdout: Buffer; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...options, '-c', text, 'sh', ...args], { env: { PATH: path } });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', reject);
    child.on('close', (code) => resolve({ rc: code ?? -1, stdout: Buffer.concat(out), stderr }));
  });
}
